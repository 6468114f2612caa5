using System.Buffers.Text;
using System.Text;

namespace Causeway.Client.Protocol;

/// <summary>Reads the server's side of the protocol: INFO, MSG, HMSG, PING, PONG, +OK and -ERR.</summary>
/// <remarks>
/// Stateless: it consumes whole operations only, and the caller presents the rest again with more bytes behind it. That makes
/// every split of a stream equal by construction; the cost is to read one control line again per receive.
/// </remarks>
internal static class ServerParser
{
    // subject, sid, reply, header size, total size
    private const int ArgumentsMax = 5;

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
        Span<Range> fields = stackalloc Range[ArgumentsMax];
        int count = Split(arguments, fields);
        int sizes = withHeaders ? 2 : 1;
        if (count != 2 + sizes && count != 3 + sizes)
        {
            throw Malformed(arguments);
        }

        bool hasReply = count == 3 + sizes;
        long sid = Number(arguments[fields[1]], long.MaxValue, arguments);
        int total = (int)Number(arguments[fields[count - 1]], ClientLimits.MessageBytesMax, arguments);
        int headers = withHeaders ? (int)Number(arguments[fields[count - 2]], total, arguments) : 0;

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
            Subject = arguments[fields[0]],
            ReplyTo = hasReply ? arguments[fields[2]] : default,
            Headers = bytes.Slice(lineLength, headers),
            Payload = bytes.Slice(lineLength + headers, total - headers),
        });
        return length;
    }

    /// <summary>Splits at runs of spaces and tabs; returns -1 where there are more fields than room for them.</summary>
    private static int Split(ReadOnlySpan<byte> arguments, Span<Range> fields)
    {
        int count = 0;
        int start = -1;
        for (int at = 0; at <= arguments.Length; at++)
        {
            bool blank = at == arguments.Length || arguments[at] is (byte)' ' or (byte)'\t';
            if (!blank)
            {
                start = start < 0 ? at : start;
                continue;
            }

            if (start >= 0)
            {
                if (count == fields.Length)
                {
                    return -1;
                }

                fields[count++] = start..at;
                start = -1;
            }
        }

        return count;
    }

    private static long Number(ReadOnlySpan<byte> digits, long max, ReadOnlySpan<byte> arguments) =>
        char.IsAsciiDigit((char)digits[0]) && Utf8Parser.TryParse(digits, out long value, out int used) && used == digits.Length && value <= max
            ? value
            : throw Malformed(arguments);

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
