using Causeway.Core.Interest;
using Causeway.Core.Memory;
using Xunit;

namespace Causeway.Core.Tests.Interest;

/// <summary>A sender and a receiver with a link between them that tests fill, drain, stall and cut.</summary>
internal sealed class SyncPair
{
    private readonly Queue<byte[]> _frames = [];
    private readonly Queue<byte[]> _replies = [];
    private readonly byte[] _buffer = new byte[InterestWire.MaxBlockBytes];
    private readonly IBlockCompressor? _compressor;
    private bool _isConnected;

    public SyncPair(InterestTable source, InterestTable? target = null, IBlockCompressor? compressor = null)
    {
        _compressor = compressor;
        Source = source;
        Target = target ?? TestInterest.NewTable(TargetAccount, epoch: 99);
        Sender = new InterestSender(source, LinkAccount, compressor);
        Receiver = new InterestReceiver(Target, LinkAccount, compressor);
    }

    public MemoryAccount TargetAccount { get; } = TestInterest.NewAccount();

    public MemoryAccount LinkAccount { get; } = TestInterest.NewAccount();

    public InterestTable Source { get; private set; }

    public InterestTable Target { get; }

    public InterestSender Sender { get; private set; }

    public InterestReceiver Receiver { get; private set; }

    /// <summary>Bytes that the sender wrote in all its lives.</summary>
    public long BytesSent { get; private set; }

    public long BytesWaiting => _frames.Sum(frame => (long)frame.Length);

    public long RoundTrips { get; private set; }

    /// <summary>Another table, and a sender that knows nothing of the past.</summary>
    public void Restart(InterestTable source)
    {
        Cut(0);
        Sender.Dispose();
        Source = source;
        Sender = new InterestSender(source, LinkAccount, _compressor);
    }

    public void ForgetReceiver(bool clear)
    {
        Cut(0);
        Receiver.Dispose();
        while (clear && Target.RemoveSome(1000))
        {
        }

        Receiver = new InterestReceiver(Target, LinkAccount, _compressor);
    }

    public void Connect()
    {
        if (!_isConnected)
        {
            _isConnected = true;
            Assert.Null(Sender.OnState(_buffer.AsSpan(0, Receiver.WriteState(_buffer))));
        }
    }

    /// <summary>The sender writes up to <paramref name="most"/> frames; true if it did.</summary>
    public bool Send(int most = int.MaxValue)
    {
        bool any = false;
        while (most-- > 0 && Sender.TryWrite(_buffer) is > 0 and int length)
        {
            any = true;
            BytesSent += length;
            _frames.Enqueue(_buffer[..length]);
            Assert.InRange(BytesWaiting, 0, InterestSender.DefaultMaxUnackedBytes);
        }

        return any;
    }

    /// <summary>Up to <paramref name="most"/> frames arrive.</summary>
    public void Deliver(int most = int.MaxValue)
    {
        while (most-- > 0 && _frames.TryDequeue(out byte[]? frame))
        {
            Assert.Null(Receiver.OnFrame(frame));
        }
    }

    public void Answer()
    {
        while (Receiver.TryWriteReply(_buffer) is > 0 and int length)
        {
            Assert.InRange(length, 1, InterestWire.MaxReplyBytes);
            _replies.Enqueue(_buffer[..length]);
        }

        while (_replies.TryDequeue(out byte[]? reply))
        {
            Assert.Null(Sender.OnReply(reply));
        }
    }

    /// <summary>The connection breaks when <paramref name="bytes"/> more have arrived; all answers under way are lost.</summary>
    public void Cut(long bytes)
    {
        if (!_isConnected)
        {
            return;
        }

        _isConnected = false;
        while (_frames.TryPeek(out byte[]? frame) && frame.Length <= bytes)
        {
            bytes -= frame.Length;
            Deliver(1);
        }

        ReadOnlySpan<byte> rest = _frames.TryDequeue(out byte[]? partial) ? partial.AsSpan(0, (int)bytes) : default;
        Assert.Null(Receiver.OnTruncated(rest));
        Sender.Disconnected();
        _frames.Clear();
        _replies.Clear();
    }

    public void Settle()
    {
        Connect();
        for (int turn = 0; turn < 100_000; turn++)
        {
            bool any = Send();
            Deliver();
            Answer();
            RoundTrips++;
            if (!any && Sender.IsConverged)
            {
                return;
            }
        }

        Assert.Fail($"no end: {Sender.Counters}");
    }

    public void AssertSame()
    {
        Assert.True(Sender.IsConverged);
        Assert.Equal(TestInterest.Literals(Source), TestInterest.Literals(Target));
        Assert.Equal(TestInterest.Texts(Source), TestInterest.Texts(Target));
    }

    public void AssertNothingLeft()
    {
        Sender.Dispose();
        Receiver.Dispose();
        Assert.Equal(0, LinkAccount.Bytes);
        Assert.Equal(0, Source.Tombstones);
        while (Source.RemoveSome(10_000) || Target.RemoveSome(10_000))
        {
        }

        Assert.Equal(0, Source.MemoryBytes + Target.MemoryBytes);
    }
}
