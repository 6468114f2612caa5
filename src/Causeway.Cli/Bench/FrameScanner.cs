using System.Buffers.Text;
using System.Text;

namespace Causeway.Cli.Bench;

/// <summary>
/// Splits the stream that a server sends into frames, whatever the sizes of the reads; keeps only a partial line between them.
/// Payloads are passed through by arithmetic, never searched.
/// </summary>
internal sealed class FrameScanner(IFrameHandler handler)
{
    /// <summary>Longer lines than this are not the protocol: an INFO with hundreds of URLs still fits.</summary>
    public const int MaxLineBytes = 256 * 1024;

    private byte[] _line = [];
    private int _lineLength;
    private long _bodyLeft;
    private bool _failed;

    /// <summary>Nothing of a frame has been seen that isn't complete.</summary>
    public bool AtBoundary => _bodyLeft == 0 && _lineLength == 0;

    public void Feed(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            data = data[FeedOne(data)..];
        }
    }

    /// <summary>Takes bytes up to the end of the current line or payload at most, and returns how many. <paramref name="data"/> isn't empty.</summary>
    public int FeedOne(ReadOnlySpan<byte> data)
    {
        if (_failed)
        {
            return data.Length;
        }

        return _bodyLeft > 0 ? Body(data) : Line(data);
    }

    private int Body(ReadOnlySpan<byte> data)
    {
        if (_bodyLeft > 2)
        {
            int part = (int)Math.Min(data.Length, _bodyLeft - 2);
            handler.OnPayload(data[..part]);
            _bodyLeft -= part;
            return part;
        }

        if (data[0] != (_bodyLeft == 2 ? '\r' : '\n'))
        {
            Fail("a payload does not end with CR LF");
            return data.Length;
        }

        if (--_bodyLeft == 0)
        {
            handler.OnMessageEnd();
        }

        return 1;
    }

    private int Line(ReadOnlySpan<byte> data)
    {
        int end = data.IndexOf((byte)'\n');
        int length = end < 0 ? data.Length : end;
        if (_lineLength + length > MaxLineBytes)
        {
            Fail("a line is too long");
            return data.Length;
        }

        if (end < 0)
        {
            Keep(data);
            return length;
        }

        if (_lineLength == 0)
        {
            Dispatch(data[..end]);
        }
        else
        {
            Keep(data[..end]);
            ReadOnlySpan<byte> line = _line.AsSpan(0, _lineLength);
            _lineLength = 0;
            Dispatch(line);
        }

        return end + 1;
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        if (_lineLength + part.Length > _line.Length)
        {
            Array.Resize(ref _line, Math.Max(256, (_lineLength + part.Length) * 2));
        }

        part.CopyTo(_line.AsSpan(_lineLength));
        _lineLength += part.Length;
    }

    private void Dispatch(ReadOnlySpan<byte> line)
    {
        if (line.EndsWith((byte)'\r'))
        {
            line = line[..^1];
        }

        if (line.StartsWith("MSG "u8) || line.StartsWith("HMSG "u8))
        {
            if (!TrySize(line, out int size))
            {
                Fail($"a message without a size: {Excerpt(line)}");
                return;
            }

            _bodyLeft = size + 2L;
            handler.OnMessage(line);
        }
        else if (line.SequenceEqual("PING"u8))
        {
            handler.OnPing();
        }
        else if (line.SequenceEqual("PONG"u8))
        {
            handler.OnPong();
        }
        else if (line.StartsWith("INFO "u8))
        {
            handler.OnInfo(line["INFO "u8.Length..]);
        }
        else if (line.StartsWith("-ERR"u8))
        {
            Fail($"the server says {Excerpt(line)}");
        }
        else if (!line.SequenceEqual("+OK"u8))
        {
            Fail($"not the protocol: {Excerpt(line)}");
        }
    }

    private static bool TrySize(ReadOnlySpan<byte> line, out int size)
    {
        ReadOnlySpan<byte> digits = line[(line.LastIndexOf((byte)' ') + 1)..];
        return Utf8Parser.TryParse(digits, out size, out int used) && used == digits.Length && size >= 0;
    }

    private static string Excerpt(ReadOnlySpan<byte> line)
    {
        string text = Encoding.Latin1.GetString(line[..Math.Min(line.Length, 120)]);
        return string.Concat(text.Select(c => char.IsControl(c) ? '.' : c));
    }

    private void Fail(string error)
    {
        _failed = true;
        handler.OnError(error);
    }
}
