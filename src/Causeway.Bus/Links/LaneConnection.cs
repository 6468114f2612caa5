using Causeway.Bus.Transport;
using Causeway.Core.Delivery;
using Causeway.Core.Links;
using Causeway.Core.Memory;

namespace Causeway.Bus.Links;

/// <summary>
/// The socket beneath a lane. It begins as a control lane with two buffers of fixed size, which is all that it ever holds; as a data
/// lane it reads like a client's connection and sends what waits in its queue.
/// </summary>
internal sealed class LaneConnection : Connection, ILaneTransport
{
    /// <summary>Bytes of a control lane's buffer for each direction: two of its longest frames.</summary>
    private const int ControlBufferBytes = 2 * LinkLimits.MaxControlFrameBytes;

    private const int FlushMilliseconds = 500;

    private readonly BlockPool _pool;
    private readonly ConnectionSender _sender;
    private readonly IDisposable? _owner;
    private readonly Action<long> _beforeWork;
    private Block? _in;
    private Block? _out;
    private PartialCommand _partial;
    private ILane _lane;
    private string _reason = "";
    private bool _reading;
    private int _woken;
    private int _closing;
    private long _deadline;
    private State _state = State.Open;

    public LaneConnection(EventLoop loop, int fd, IDisposable? owner, string remoteAddress, Func<ILaneTransport, ILane> createLane, Action<long> beforeWork, string accountName = "")
        : base(loop, fd)
    {
        _owner = owner;
        _beforeWork = beforeWork;
        _pool = loop.Node.Pool;
        RemoteAddress = remoteAddress;
        Account = loop.Node.Budget.Open(accountName.Length > 0 ? accountName : $"link:{remoteAddress}");
        Queue = new OutboundQueue(_pool, Account);
        _sender = new ConnectionSender(this, Queue);
        _partial = new PartialCommand(_pool, Account);
        _in = _pool.LeaseRegardless(Account, MemoryUse.Links, ControlBufferBytes);
        _out = _pool.LeaseRegardless(Account, MemoryUse.Links, ControlBufferBytes);
        _lane = createLane(this);
    }

    private enum State
    {
        Open,

        /// <summary>Nothing more is read; what waits has a moment to leave.</summary>
        Flushing,
        Releasing,
        Closed,
    }

    public MemoryAccount Account { get; }

    public OutboundQueue Queue { get; }

    public string RemoteAddress { get; }

    public long SentBytes => Queue.SentBytes;

    public long HeldBytes => Account.Bytes;

    public override OutboundQueue Outbound => Queue;

    public override bool Reads => _state == State.Open;

    public override bool IsClosing => _state != State.Open;

    public override bool CloseCanWait => _state == State.Flushing;

    protected override bool IsWatched => _state < State.Releasing;

    protected override bool WantsToWrite => _out is { Length: > 0 };

    public void Flush() => _sender.Flush();

    public void Close(string reason)
    {
        if (Interlocked.Exchange(ref _closing, 1) == 0)
        {
            _reason = reason;
            Loop.Post(() => Loop.BeginClose(this));
        }
    }

    public void Wake()
    {
        if (Interlocked.Exchange(ref _woken, 1) == 0)
        {
            Loop.Post(Pump);
        }
    }

    public void Become(ILane lane)
    {
        _lane = lane;
        if (!_reading)
        {
            ReturnBuffer(ref _in);
        }

        ReturnBuffer(ref _out);
    }

    public override int OnReadable()
    {
        if (!Reads)
        {
            return 0;
        }

        _beforeWork(Loop.NowMilliseconds);
        return _in is not null ? ReadControl() : ReadData();
    }

    public override void OnWritable()
    {
        _sender.Resume();
        Pump();
        UpdateInterest();
    }

    public override void OnBroken() => Close("the connection broke");

    public override void OnSendFailed() => Close("the connection broke while sending");

    public override void OnFailed() => Close("a defect in Causeway");

    /// <summary>The mesh looks after its lanes more often than a loop does; see <see cref="CheckLane"/>.</summary>
    public override void Check(long now)
    {
    }

    /// <summary>The regular look after the lane.</summary>
    public void CheckLane(long now)
    {
        if (_state == State.Open)
        {
            _lane.Check(now);
        }
    }

    public override void BeginClose()
    {
        if (_state != State.Open)
        {
            return;
        }

        // What a refusal says should arrive.
        Pump();
        _state = State.Flushing;
        _deadline = Loop.NowMilliseconds + FlushMilliseconds;
        if (!WantsToWrite)
        {
            _state = State.Releasing;
        }

        UpdateInterest();
    }

    public override bool ContinueClose(long now, ref int subscriptions)
    {
        if (_state == State.Flushing && (now >= _deadline || !WantsToWrite))
        {
            _state = State.Releasing;
        }

        if (_state == State.Releasing && Queue.TryEndSending())
        {
            Finish();
        }

        return _state == State.Closed;
    }

    public override void Abandon()
    {
        Queue.TryEndSending();
        _state = State.Releasing;
        ReleaseAll();
        _state = State.Closed;
    }

    public override void Abort()
    {
        Queue.TryEndSending();
        _state = State.Releasing;
        Finish();
    }

    private int ReadControl()
    {
        Block buffer = _in!;
        int read = Receive(buffer.Rest, out _);
        if (read <= 0)
        {
            if (read < 0)
            {
                Close("the other side closed the connection");
            }

            return 0;
        }

        buffer.End += read;
        _reading = true;
        int done = _lane.Receive(buffer.Used, Loop.Batch);
        _reading = false;
        if (_out is null)
        {
            // It has become a data lane, which the rest of what came belongs to.
            _in = null;
            Work(buffer.Used[done..]);
            _pool.Return(buffer);
            return read;
        }

        int left = buffer.Length - done;
        buffer.Used[done..].CopyTo(buffer.Whole);
        buffer.Start = 0;
        buffer.End = left;
        Pump();
        return read;
    }

    private int ReadData()
    {
        Span<byte> buffer = Loop.ReceiveBuffer;
        bool large = _partial.IsLarge;
        int kept = large ? 0 : _partial.MoveTo(buffer);
        int read = Receive(large ? _partial.Room : buffer[kept..], out _);
        if (read <= 0)
        {
            Keep(buffer[..kept], 0);
            if (read < 0)
            {
                Close("the other side closed the connection");
            }

            return 0;
        }

        if (!large)
        {
            Work(buffer[..(kept + read)]);
        }
        else if (_partial.Received(read) is { IsEmpty: false } whole)
        {
            Work(whole);
            _partial.Release();
        }

        return read;
    }

    private void Work(ReadOnlySpan<byte> data)
    {
        int done = _lane.Receive(data, Loop.Batch);

        // A link is not stopped for one client that lags: the others behind it would wait too.
        Loop.Batch.Lagging = null;
        Keep(data[done..], _lane.NeededBytes);
    }

    private void Keep(ReadOnlySpan<byte> rest, int needed)
    {
        if (!rest.IsEmpty && !_partial.TryKeep(rest, needed, Loop.ReceiveBuffer.Length))
        {
            Close("memory is exhausted");
        }
    }

    /// <summary>Sends what the lane has to say, for as long as the socket takes it.</summary>
    private void Pump()
    {
        Volatile.Write(ref _woken, 0);
        _beforeWork(Loop.NowMilliseconds);
        if (_out is null && _state == State.Open)
        {
            if (_lane.OnWoken(Loop.NowMilliseconds) && !_partial.IsLarge)
            {
                Span<byte> buffer = Loop.ReceiveBuffer;
                Work(buffer[.._partial.MoveTo(buffer)]);
            }
        }

        while (_state <= State.Flushing && _out is { } buffer)
        {
            if (buffer.Length == 0)
            {
                buffer.Start = 0;
                buffer.End = _state == State.Open ? _lane.Fill(buffer.Whole, Loop.NowMilliseconds) : 0;
                if (buffer.Length == 0)
                {
                    return;
                }
            }

            if (!TrySend(buffer))
            {
                UpdateInterest();
                return;
            }
        }
    }

    /// <summary>Sends once; false if the socket takes no more.</summary>
    private unsafe bool TrySend(Block buffer)
    {
        nint sent = Libc.Send(Fd, buffer.Pointer, buffer.Length, Libc.MsgDontWait | Libc.MsgNoSignal);
        if (sent < 0)
        {
            int errno = Libc.Errno;
            if (errno is not (Libc.Eagain or Libc.Eintr))
            {
                OnSendFailed();
            }

            return false;
        }

        buffer.Start += (int)sent;
        return buffer.Length == 0;
    }

    private void Finish()
    {
        _beforeWork(Loop.NowMilliseconds);
        ReadOnlySpan<byte> rest = _in is { } buffer ? buffer.Used : default;
        _lane.OnClosed(_reason, rest);
        ReleaseAll();
        _state = State.Closed;
        Loop.Forget(this);
        if (_owner is not null)
        {
            _owner.Dispose();
        }
        else
        {
            _ = Libc.Close(Fd);
        }
    }

    private void ReleaseAll()
    {
        Queue.Discard(_sender.TakeUnsent());
        _partial.Release();
        ReturnBuffer(ref _in);
        ReturnBuffer(ref _out);
        Loop.Node.Budget.Close(Account);
    }

    private void ReturnBuffer(ref Block? buffer)
    {
        if (buffer is not null)
        {
            _pool.Return(buffer);
            buffer = null;
        }
    }
}
