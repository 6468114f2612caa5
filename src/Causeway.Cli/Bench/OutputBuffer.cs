namespace Causeway.Cli.Bench;

/// <summary>Bytes to send on one connection: collected while a block is read, sent in one call, kept while the socket takes no more.</summary>
internal sealed class OutputBuffer
{
    private const int FirstBytes = 4096;

    private byte[] _buffer = [];
    private int _start;
    private int _end;

    public bool Empty => _start == _end;

    public void Append(ReadOnlySpan<byte> data)
    {
        if (_end + data.Length > _buffer.Length)
        {
            MakeRoom(data.Length);
        }

        data.CopyTo(_buffer.AsSpan(_end));
        _end += data.Length;
    }

    /// <summary>Sends what the socket takes; true when nothing is left.</summary>
    public bool Flush(RawConnection connection)
    {
        while (_start < _end)
        {
            int sent = connection.TrySend(_buffer.AsSpan(_start, _end - _start));
            if (sent == 0)
            {
                return false;
            }

            _start += sent;
        }

        _start = _end = 0;
        return true;
    }

    private void MakeRoom(int length)
    {
        int used = _end - _start;
        byte[] target = used + length > _buffer.Length ? new byte[Math.Max(Math.Max(FirstBytes, 2 * _buffer.Length), used + length)] : _buffer;
        _buffer.AsSpan(_start, used).CopyTo(target);
        _buffer = target;
        _start = 0;
        _end = used;
    }
}
