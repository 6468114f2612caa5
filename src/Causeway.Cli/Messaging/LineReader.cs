namespace Causeway.Cli.Messaging;

/// <summary>Reads lines as bytes, without their ends (LF or CRLF). A line has a bound; a last line without an end counts.</summary>
internal sealed class LineReader(Stream stream, int lineBytesMax)
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>How many lines were read.</summary>
    public long Count { get; private set; }

    /// <summary>The next line, valid until the next call; null at the end.</summary>
    /// <exception cref="InvalidDataException">The line is longer than the bound.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        int searched = 0;
        while (true)
        {
            int newline = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            int length = newline >= 0 ? searched + newline : _end - _start;
            if (newline < 0 && _ended && length == 0)
            {
                return null;
            }

            // One more for a CR that may still turn out to be part of the line's end.
            if (length > lineBytesMax + 1 || (length > lineBytesMax && (newline >= 0 || _ended) && _buffer[_start + length - 1] != (byte)'\r'))
            {
                throw new InvalidDataException($"line {Count + 1} is longer than {lineBytesMax} bytes");
            }

            if (newline >= 0 || _ended)
            {
                ReadOnlyMemory<byte> line = _buffer.AsMemory(_start, length);
                _start += length + (newline >= 0 ? 1 : 0);
                Count++;
                return newline >= 0 && line.Span is [.., (byte)'\r'] ? line[..^1] : line;
            }

            searched = length;
            await FillAsync(cancellationToken);
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        int pending = _end - _start;
        if (pending == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        else if (_start > 0)
        {
            _buffer.AsSpan(_start, pending).CopyTo(_buffer);
            _start = 0;
            _end = pending;
        }

        int count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += count;
        _ended = count == 0;
    }
}
