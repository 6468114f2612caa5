using System.Text;

namespace Causeway.Client.Protocol;

/// <summary>Reads the server's side of the protocol: INFO, MSG, HMSG, PING, PONG, +OK and -ERR.</summary>
/// <remarks>
/// Stateless: it consumes whole operations only, and the caller presents the rest again with more bytes behind it. That makes
/// every split of a stream equal by construction; the cost is to read one control line again per receive.
/// </remarks>
internal static class ServerParser
{
    // Of the largest long; so many fit into a ulong.
    private const int NumberDigitsMax = 19;

    /// <summary>Reads all whole operations at the start of <paramref name="bytes"/> and returns how many bytes they took.</summary>
    /// <param name="bytes">What has been received and not consumed yet.</param>
    /// <param name="events">Told about each operation.</param>
    /// <param name="needed">How many bytes the rest must at least have before another call can get further.</param>
    /// <exception cref="ProtocolException">The bytes are not the protocol; operations before the fault have been told.</exception>
    public static int Parse<TEvents>(ReadOnlySpan<byte> bytes, ref TEvents events, out int needed)
        where TEvents : IServerEvents
    {
        int consumed = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = bytes[consumed..];
            int length = ParseOne(rest, ref events, out needed);
            if (length == 0)
            {
                return consumed;
            }

            consumed += length;
        }
    }

    /// <summary>Reads one operation and returns its length, or 0 where it is not complete.</summary>
    private static int ParseOne<TEvents>(ReadOnlySpan<byte> bytes, ref TEvents events, out int needed)
        where TEvents : IServerEvents
    {
        int newline = bytes.IndexOf((byte)'\n');
        if (newline < 0)
        {
            CheckLineLength(bytes, bytes.Length);
            needed = bytes.Length + 1;
            return 0;
        }

        CheckLineLength(bytes, newline);
        needed = 0;
        int length = newline + 1;
        ReadOnlySpan<byte> line = bytes[..newline];
        if (line is [.., (byte)'\r'])
        {
            line = line[..^1];
        }

        // What nearly all lines are, without a look at more than their beginning.
        if (line.StartsWith("MSG "u8))
        {
            return ParseMessage(bytes, length, line[4..], withHeaders: false, ref events, out needed);
        }

        int space = line.IndexOfAny((byte)' ', (byte)'\t');
        ReadOnlySpan<byte> verb = space < 0 ? line : line[..space];
        ReadOnlySpan<byte> arguments = space < 0 ? default : line[(space + 1)..];
        if (Is(verb, "MSG"u8))
        {
            return ParseMessage(bytes, length, arguments, withHeaders: false, ref events, out needed);
        }

        if (Is(verb, "HMSG"u8))
        {
            return ParseMessage(bytes, length, arguments, withHeaders: true, ref events, out needed);
        }

        ParseLine(verb, arguments, ref events);
        return length;
    }

    private static void ParseLine<TEvents>(ReadOnlySpan<byte> verb, ReadOnlySpan<byte> arguments, ref TEvents events)
        where TEvents : IServerEvents
    {
        if (Is(verb, "PING"u8))
        {
            events.OnPing();
        }
        else if (Is(verb, "PONG"u8))
        {
            events.OnPong();
        }
        else if (Is(verb, "+OK"u8))
        {
            events.OnOk();
        }
        else if (Is(verb, "-ERR"u8))
        {
            events.OnError(Unquote(arguments));
        }
        else if (Is(verb, "INFO"u8))
        {
            events.OnInfo(arguments);
        }
        else
        {
            throw new ProtocolException($"the server sent an unknown operation '{Printable(verb)}'");
        }
    }

    private static int ParseMessage<TEvents>(
        ReadOnlySpan<byte> bytes, int lineLength, ReadOnlySpan<byte> arguments, bool withHeaders, ref TEvents events, out int needed)
        where TEvents : IServerEvents
    {
        ReadOnlySpan<byte> rest = arguments;
        ReadOnlySpan<byte> subject = NextField(ref rest);
        ReadOnlySpan<byte> sidText = NextField(ref rest);
        ReadOnlySpan<byte> third = NextField(ref rest);
        ReadOnlySpan<byte> fourth = NextField(ref rest);
        ReadOnlySpan<byte> fifth = withHeaders ? NextField(ref rest) : default;

        // A reply subject stands before the sizes: of the whole, and before it of the headers where there are any.
        ReadOnlySpan<byte> lastIfReply = withHeaders ? fifth : fourth;
        ReadOnlySpan<byte> lastIfNone = withHeaders ? fourth : third;
        bool hasReply = !lastIfReply.IsEmpty;
        if (lastIfNone.IsEmpty || !NextField(ref rest).IsEmpty)
        {
            throw Malformed(arguments);
        }

        long sid = Number(sidText, long.MaxValue, arguments);
        int total = (int)Number(hasReply ? lastIfReply : lastIfNone, ClientLimits.MessageBytesMax, arguments);
        int headers = withHeaders ? (int)Number(hasReply ? fourth : third, total, arguments) : 0;

        int length = lineLength + total + 2;
        if (bytes.Length < length)
        {
            needed = length;
            return 0;
        }

        if (bytes[length - 2] != (byte)'\r' || bytes[length - 1] != (byte)'\n')
        {
            throw new ProtocolException("the server sent a message that does not end where its size says");
        }

        needed = 0;
        events.OnMessage(new InboundMessage
        {
            Sid = sid,
            Subject = subject,
            ReplyTo = hasReply ? third : default,
            Headers = bytes.Slice(lineLength, headers),
            Payload = bytes.Slice(lineLength + headers, total - headers),
        });
        return length;
    }

    /// <summary>Takes the next field off, without the runs of spaces and tabs around it; empty where there is none.</summary>
    private static ReadOnlySpan<byte> NextField(ref ReadOnlySpan<byte> rest)
    {
        int start = 0;
        while (start < rest.Length && IsBlank(rest[start]))
        {
            start++;
        }

        int end = start;
        while (end < rest.Length && !IsBlank(rest[end]))
        {
            end++;
        }

        ReadOnlySpan<byte> field = rest[start..end];
        rest = rest[end..];
        return field;
    }

    private static bool IsBlank(byte b) => b is (byte)' ' or (byte)'\t';

    private static long Number(ReadOnlySpan<byte> digits, long max, ReadOnlySpan<byte> arguments)
    {
        if (digits.Length > NumberDigitsMax)
        {
            throw Malformed(arguments);
        }

        ulong value = 0;
        foreach (byte digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                throw Malformed(arguments);
            }

            value = (value * 10) + (uint)(digit - '0');
        }

        return value <= (ulong)max ? (long)value : throw Malformed(arguments);
    }

    private static void CheckLineLength(ReadOnlySpan<byte> bytes, int length)
    {
        if (length > ClientLimits.ControlLineBytesMax
            && (length > ClientLimits.InfoLineBytesMax || !(Is(bytes[..4], "INFO"u8) || Is(bytes[..4], "-ERR"u8))))
        {
            throw new ProtocolException("the server sent a control line that is too long");
        }
    }

    private static bool Is(ReadOnlySpan<byte> verb, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(verb, name);

    private static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> text)
    {
        text = text.Trim((byte)' ');
        return text is [(byte)'\'', .., (byte)'\''] ? text[1..^1] : text;
    }

    private static ProtocolException Malformed(ReadOnlySpan<byte> arguments) =>
        new($"the server sent a message with a bad control line '{Printable(arguments)}'");

    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        const int Shown = 64;
        StringBuilder text = new();
        foreach (byte b in bytes[..Math.Min(bytes.Length, Shown)])
        {
            text.Append(b is >= 0x20 and < 0x7f ? (char)b : '?');
        }

        return text.ToString();
    }
}
