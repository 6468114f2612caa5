using System.Buffers.Binary;
using System.Text;

namespace Causeway.Cli.Bench;

/// <summary>
/// The bytes that one publisher sends, without any I/O: a block of pre-encoded PUB frames over and over, PONGs between two frames
/// where the server has asked, and a PING behind the last frame of a phase. <see cref="OwePongs"/> and <see cref="Stop"/> may be
/// called from any thread, the rest from the sender's.
/// </summary>
internal sealed class PublishStream
{
    /// <summary>A block is about this long: large enough for few calls, small enough for the cache.</summary>
    private const int BlockBytes = 64 * 1024;

    private static readonly byte[] Ping = "PING\r\n"u8.ToArray();
    private static readonly byte[] Pong = "PONG\r\n"u8.ToArray();

    private readonly byte[] _block;
    private readonly int _frameLength;
    private readonly int _payloadOffset;
    private readonly int _publisher;
    private readonly bool _stamped;

    private int _position;
    private long _bytes;
    private long _limitBytes;
    private long _allowedBytes = long.MaxValue;
    private byte[]? _control;
    private int _controlPosition;
    private int _owedPongs;
    private bool _pingDue;
    private volatile bool _stop;

    /// <param name="subject">What to publish to.</param>
    /// <param name="payload">The payload of each message; with <paramref name="stamped"/> its start is overwritten.</param>
    /// <param name="publisher">The publisher's number in the stamps.</param>
    /// <param name="stamped">Number the messages, see <see cref="SequenceCheck"/>.</param>
    public PublishStream(string subject, ReadOnlySpan<byte> payload, int publisher, bool stamped)
    {
        byte[] head = Encoding.ASCII.GetBytes($"PUB {subject} {payload.Length}\r\n");
        _payloadOffset = head.Length;
        _frameLength = head.Length + payload.Length + 2;
        _publisher = publisher;
        _stamped = stamped;
        int frames = Math.Max(1, BlockBytes / _frameLength);
        _block = GC.AllocateUninitializedArray<byte>(frames * _frameLength, pinned: true);
        for (int i = 0; i < frames; i++)
        {
            Span<byte> frame = _block.AsSpan(i * _frameLength, _frameLength);
            head.CopyTo(frame);
            payload.CopyTo(frame[head.Length..]);
            "\r\n"u8.CopyTo(frame[(head.Length + payload.Length)..]);
        }
    }

    /// <summary>Whole messages sent so far, over all phases.</summary>
    public long Messages => Volatile.Read(ref _bytes) / _frameLength;

    /// <summary>All of the phase is sent, its PING included.</summary>
    public bool Finished => _control is null && !_pingDue && _bytes == _limitBytes;

    /// <summary>Begins a phase of that many messages at most.</summary>
    public void Begin(long messages)
    {
        _stop = false;
        _pingDue = true;
        _limitBytes = messages > (long.MaxValue - _bytes) / _frameLength ? long.MaxValue : _bytes + (messages * _frameLength);
    }

    /// <summary>Holds the stream back once it has sent that many messages over all phases. The sender's thread only.</summary>
    public void Allow(long messages) => _allowedBytes = messages > long.MaxValue / _frameLength ? long.MaxValue : Math.Max(_bytes, messages * _frameLength);

    /// <summary>Ends the phase behind the current frame.</summary>
    public void Stop() => _stop = true;

    public void OwePongs(int count)
    {
        if (count > 0)
        {
            Interlocked.Add(ref _owedPongs, count);
        }
    }

    /// <summary>What to send next; empty when the phase is finished or the stream held back.</summary>
    public ReadOnlySpan<byte> Next()
    {
        if (_control is not null)
        {
            return _control.AsSpan(_controlPosition);
        }

        int inFrame = _position % _frameLength;
        bool interrupt = _stop || Volatile.Read(ref _owedPongs) > 0;
        if (interrupt && inFrame != 0)
        {
            return _block.AsSpan(_position, _frameLength - inFrame);
        }

        if (_stop)
        {
            _limitBytes = _bytes;
        }

        if (Volatile.Read(ref _owedPongs) > 0)
        {
            _ = Interlocked.Decrement(ref _owedPongs);
            return Control(Pong);
        }

        long left = _limitBytes - _bytes;
        if (left == 0)
        {
            if (!_pingDue)
            {
                return [];
            }

            _pingDue = false;
            return Control(Ping);
        }

        if (_stamped && _position == 0)
        {
            StampBlock();
        }

        long allowed = Math.Min(left, _allowedBytes - _bytes);
        return _block.AsSpan(_position, (int)Math.Min(allowed, _block.Length - _position));
    }

    /// <summary>That many bytes of <see cref="Next"/> are sent.</summary>
    public void Advance(int count)
    {
        if (_control is not null)
        {
            _controlPosition += count;
            if (_controlPosition == _control.Length)
            {
                _control = null;
            }

            return;
        }

        _position += count;
        if (_position == _block.Length)
        {
            _position = 0;
        }

        Volatile.Write(ref _bytes, _bytes + count);
    }

    private ReadOnlySpan<byte> Control(byte[] control)
    {
        _control = control;
        _controlPosition = 0;
        return control;
    }

    // Only at the block's start: frames of the rest of a block that a phase left half sent keep their numbers for the next phase.
    private void StampBlock()
    {
        long sequence = _bytes / _frameLength;
        for (int offset = _payloadOffset; offset < _block.Length; offset += _frameLength)
        {
            ulong stamp = SequenceCheck.Stamp(_publisher, sequence++);
            BinaryPrimitives.WriteUInt64BigEndian(_block.AsSpan(offset), stamp);
        }
    }
}
