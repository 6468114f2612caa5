using System.Buffers;
using Causeway.Client.Protocol;

namespace Causeway.Client.Connections;

/// <summary>The bytes of one link that were received and not consumed yet. Grows to hold one whole message, and shrinks again.</summary>
internal sealed class ReceiveBuffer : IDisposable
{
    private const int UsualLength = 64 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(UsualLength);
    private int _start;
    private int _end;
    private int _needed;

    /// <summary>Whether all that was received has been consumed.</summary>
    public bool IsEmpty => _start == _end;

    /// <summary>Room to receive into; never empty.</summary>
    public Memory<byte> Free()
    {
        int pending = _end - _start;
        int wanted = Math.Max(_needed, UsualLength);
        bool resize = pending == 0 ? _buffer.Length > UsualLength && wanted == UsualLength : wanted > _buffer.Length;
        if (resize)
        {
            byte[] other = ArrayPool<byte>.Shared.Rent(wanted);
            _buffer.AsSpan(_start, pending).CopyTo(other);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = other;
        }
        else if (_start > 0)
        {
            _buffer.AsSpan(_start, pending).CopyTo(_buffer);
        }

        _start = 0;
        _end = pending;
        return _buffer.AsMemory(pending);
    }

    /// <summary>Reads the operations that are whole with the <paramref name="count"/> bytes received into <see cref="Free"/>.</summary>
    public void Received<TEvents>(int count, ref TEvents events)
        where TEvents : IServerEvents
    {
        _end += count;
        try
        {
            _start += ServerParser.Parse(_buffer.AsSpan(_start, _end - _start), ref events, out _needed);
        }
        finally
        {
            events.OnPause();
        }
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
