using System.Globalization;
using System.Text;

namespace Causeway.Bus.Health;

/// <summary>
/// Reads what a node sends to a client, out of one fixed buffer, for the node's own connections: they subscribe to little and expect
/// short messages. A message too large for the buffer is thrown away as it comes and told without its payload; a line too long is
/// told by its beginning. Not thread-safe.
/// </summary>
internal sealed class OwnStream
{
    /// <summary>Bytes that it holds at most: a line and a message of the largest size that is kept.</summary>
    public const int BufferBytes = 16 * 1024;

    /// <summary>Largest payload that is kept.</summary>
    public const int MaxPayloadBytes = 8 * 1024;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;
    private long _skipBytes;
    private bool _skipLine;

    /// <summary>Where to receive into; never empty after <see cref="TryRead"/> has said no.</summary>
    public Memory<byte> Room => _buffer.AsMemory(_end);

    /// <summary>Takes note of bytes received into <see cref="Room"/>.</summary>
    public void Received(int count) => _end += count;

    /// <summary>The next frame; false if more has to be received first. Throws <see cref="FormatException"/> if it is no protocol.</summary>
    public bool TryRead(out OwnFrame frame)
    {
        frame = default;
        Skip();
        ReadOnlySpan<byte> rest = _buffer.AsSpan(_start, _end - _start);
        int length = rest.IndexOf("\r\n"u8);
        if (length < 0)
        {
            return TryReadLongLine(rest, out frame);
        }

        ReadOnlySpan<byte> line = rest[..length];
        if (!line.StartsWith("MSG "u8))
        {
            _start += length + 2;
            frame = new OwnFrame(Encoding.UTF8.GetString(line), "", "", null);
            return true;
        }

        return TryReadMessage(line, rest[(length + 2)..], out frame);
    }

    private bool TryReadLongLine(ReadOnlySpan<byte> rest, out OwnFrame frame)
    {
        frame = default;
        if (_start > 0)
        {
            rest.CopyTo(_buffer);
            (_start, _end) = (0, rest.Length);
        }

        if (_end < _buffer.Length)
        {
            return false;
        }

        rest = _buffer;
        if (rest.StartsWith("MSG "u8))
        {
            throw new FormatException("a message's line is too long");
        }

        // Such as INFO with the addresses of very many nodes. Its last byte may be the first of the line's end.
        frame = new OwnFrame(Encoding.UTF8.GetString(rest[..64]), "", "", null);
        _start = _end - 1;
        _skipLine = true;
        return true;
    }

    private bool TryReadMessage(ReadOnlySpan<byte> line, ReadOnlySpan<byte> behind, out OwnFrame frame)
    {
        frame = default;
        string[] fields = Encoding.UTF8.GetString(line).Split(' ');
        if (fields.Length is not (4 or 5) || !int.TryParse(fields[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int size))
        {
            throw new FormatException("a message's line can't be read");
        }

        string sid = fields[2];
        string reply = fields.Length == 5 ? fields[3] : "";
        if (size > MaxPayloadBytes)
        {
            _start += line.Length + 2;
            _skipBytes = size + 2;
            frame = new OwnFrame("MSG", sid, reply, null) { Subject = fields[1] };
            return true;
        }

        if (behind.Length < size + 2)
        {
            return TryReadLongLine(_buffer.AsSpan(_start, _end - _start), out frame);
        }

        frame = new OwnFrame("MSG", sid, reply, behind[..size].ToArray()) { Subject = fields[1] };
        _start += line.Length + 2 + size + 2;
        return true;
    }

    private void Skip()
    {
        int skipped = (int)Math.Min(_skipBytes, _end - _start);
        _start += skipped;
        _skipBytes -= skipped;
        if (_skipLine)
        {
            int end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            _start = end >= 0 ? _start + end + 2 : Math.Max(_start, _end - 1);
            _skipLine = end < 0;
        }

        if (_start == _end)
        {
            (_start, _end) = (0, 0);
        }
    }
}

/// <summary>One thing that the node sent.</summary>
/// <param name="Line">The line; <c>MSG</c> alone for a message.</param>
/// <param name="Sid">The subscription of a message.</param>
/// <param name="Reply">Where a message is to be answered; empty if nowhere.</param>
/// <param name="Payload">A message's payload; null if it was too large, and for lines.</param>
internal readonly record struct OwnFrame(string Line, string Sid, string Reply, byte[]? Payload)
{
    /// <summary>The subject of a message; empty for lines.</summary>
    public string Subject { get; init; } = "";
}
