namespace Causeway.Cli.Bench;

/// <summary>
/// Counts the messages in the stream a server sends. Frames equal to the <see cref="FrameTemplate"/> are checked byte by byte
/// and counted many at a time; whatever else comes goes through a <see cref="FrameScanner"/>, and so do all frames without a template.
/// </summary>
internal sealed class FrameCounter : IFrameHandler
{
    private readonly FrameTemplate? _template;
    private readonly FrameScanner _scanner;
    private readonly SequenceCheck? _check;
    private int _position;
    private ulong _stamp;
    private int _stampBytes;

    /// <param name="template">The frame expected most of the time, or null.</param>
    /// <param name="check">Gets the first eight payload bytes of each message. Not together with a template.</param>
    public FrameCounter(FrameTemplate? template, SequenceCheck? check = null)
    {
        if (template is not null && check is not null)
        {
            throw new ArgumentException("stamped messages differ from each other, so there is no template", nameof(check));
        }

        _template = template;
        _check = check;
        _scanner = new FrameScanner(this);
    }

    /// <summary>Complete messages so far.</summary>
    public long Messages { get; private set; }

    /// <summary>Messages that were not equal to the template.</summary>
    public long Scanned { get; private set; }

    public long Pings { get; private set; }

    public long Pongs { get; private set; }

    /// <summary>What was wrong first, or null.</summary>
    public string? Error { get; private set; }

    public void Feed(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            if (_template is not null && _scanner.AtBoundary)
            {
                data = data[Match(data, _template)..];
                if (data.Length == 0)
                {
                    return;
                }

                // What has matched so far of this frame is equal to the template's start: the scanner gets it from there.
                _scanner.Feed(_template.Prefix(_position));
                _position = 0;
            }

            data = data[_scanner.FeedOne(data)..];
        }
    }

    public void OnMessage(ReadOnlySpan<byte> line)
    {
        _stamp = 0;
        _stampBytes = 0;
    }

    public void OnPayload(ReadOnlySpan<byte> part)
    {
        if (_check is null)
        {
            return;
        }

        for (int i = 0; i < part.Length && _stampBytes < sizeof(ulong); i++)
        {
            _stamp = (_stamp << 8) | part[i];
            _stampBytes++;
        }
    }

    public void OnMessageEnd()
    {
        Messages++;
        Scanned++;
        if (_check is not null)
        {
            string? wrong = _stampBytes == sizeof(ulong) ? _check.Observe(_stamp) : "a message is too short for its stamp";
            Error ??= wrong;
        }
    }

    public void OnPing() => Pings++;

    public void OnPong() => Pongs++;

    public void OnInfo(ReadOnlySpan<byte> json)
    {
    }

    public void OnError(string error) => Error ??= error;

    /// <summary>Advances over bytes equal to the repeated template and returns their number.</summary>
    private int Match(ReadOnlySpan<byte> data, FrameTemplate template)
    {
        int position = _position;
        int total = 0;
        while (total < data.Length)
        {
            ReadOnlySpan<byte> rest = data[total..];
            ReadOnlySpan<byte> expected = template.From(position);
            int wanted = Math.Min(rest.Length, expected.Length);
            int equal = rest[..wanted].CommonPrefixLength(expected);
            total += equal;
            int reached = position + equal;
            if (equal < wanted)
            {
                position = reached % template.FrameLength;
                break;
            }

            position = reached % template.FrameLength;
        }

        Messages += (_position + (long)total) / template.FrameLength;
        _position = position;
        return total;
    }
}
