using Causeway.Core.Protocol;

namespace Causeway.Core.Leafs;

/// <summary>
/// Reads the lines of NATS' leaf-node protocol from a buffer, as nats-server 2.9 writes them. Keeps no state: an incomplete line is
/// read again when there is more of it, so every split of a stream gives the same lines.
/// </summary>
public static class LeafParser
{
    /// <summary>Most arguments of a message's line, the queue groups that it is for among them.</summary>
    public const int MaxArguments = 256;

    /// <summary>Longest INFO, CONNECT or -ERR in bytes: the addresses of a cluster may stand in it.</summary>
    public const int MaxInfoBytes = 32 * 1024;

    /// <summary>Reads the line at the start of <paramref name="data"/> into <paramref name="line"/>.</summary>
    public static ParseStatus TryRead(ReadOnlySpan<byte> data, Limits limits, ref LeafLine line)
    {
        // What a verb has no use for must not point into a line that was longer.
        line = default;
        int end = data.IndexOf((byte)'\n');
        int verbEnd = VerbEnd(end < 0 ? data : data[..end]);
        LeafVerb verb = VerbOf(data[..verbEnd]);
        if (end < 0)
        {
            int most = verb is LeafVerb.Info or LeafVerb.Connect or LeafVerb.Err ? MaxInfoBytes : limits.MaxControlLineBytes;
            return verb == LeafVerb.None && verbEnd < data.Length ? ParseStatus.UnknownOperation
                : data.Length > most ? ParseStatus.LineTooLong : ParseStatus.Incomplete;
        }

        line.Verb = verb;
        line.Fields.Length = end + 1;
        line.Fields.PayloadStart = end + 1;
        ReadOnlySpan<byte> text = data[..(end > 0 && data[end - 1] == '\r' ? end - 1 : end)];
        if (verb is LeafVerb.Info or LeafVerb.Connect or LeafVerb.Err)
        {
            line.Fields.SubjectStart = Math.Min(verbEnd, text.Length);
            line.Fields.SubjectLength = text.Length - line.Fields.SubjectStart;
            return text.Length > MaxInfoBytes ? ParseStatus.LineTooLong : ParseStatus.Complete;
        }

        return text.Length > limits.MaxControlLineBytes ? ParseStatus.LineTooLong : verb switch
        {
            LeafVerb.None => ParseStatus.UnknownOperation,
            LeafVerb.Subscribe => ReadSubscribe(text, verbEnd, ref line) ? ParseStatus.Complete : ParseStatus.BadArguments,
            LeafVerb.Unsubscribe => ReadUnsubscribe(text, verbEnd, ref line) ? ParseStatus.Complete : ParseStatus.BadArguments,
            LeafVerb.Message or LeafVerb.HeaderMessage => ReadMessage(text, verbEnd, ref line) ? Finish(data, limits, ref line) : ParseStatus.BadArguments,
            _ => ParseStatus.Complete,
        };
    }

    private static int VerbEnd(ReadOnlySpan<byte> line)
    {
        int end = line.IndexOfAny((byte)' ', (byte)'\t', (byte)'\r');
        return end < 0 ? line.Length : end;
    }

    private static LeafVerb VerbOf(ReadOnlySpan<byte> verb)
    {
        Span<byte> upper = stackalloc byte[8];
        if (verb.Length > 7)
        {
            return LeafVerb.None;
        }

        System.Text.Ascii.ToUpper(verb, upper, out int length);
        return upper[..length] switch
        {
            [(byte)'L', (byte)'M', (byte)'S', (byte)'G'] => LeafVerb.Message,
            [(byte)'H', (byte)'M', (byte)'S', (byte)'G'] => LeafVerb.HeaderMessage,
            [(byte)'L', (byte)'S', (byte)'+'] => LeafVerb.Subscribe,
            [(byte)'L', (byte)'S', (byte)'-'] => LeafVerb.Unsubscribe,
            [(byte)'P', (byte)'I', (byte)'N', (byte)'G'] => LeafVerb.Ping,
            [(byte)'P', (byte)'O', (byte)'N', (byte)'G'] => LeafVerb.Pong,
            [(byte)'I', (byte)'N', (byte)'F', (byte)'O'] => LeafVerb.Info,
            [(byte)'+', (byte)'O', (byte)'K'] => LeafVerb.Ok,
            [(byte)'-', (byte)'E', (byte)'R', (byte)'R'] => LeafVerb.Err,
            _ => upper[..length].SequenceEqual("CONNECT"u8) ? LeafVerb.Connect : LeafVerb.None,
        };
    }

    /// <summary><c>LS+ subject [queue weight]</c></summary>
    private static bool ReadSubscribe(ReadOnlySpan<byte> text, int from, ref LeafLine line)
    {
        Span<Range> arguments = stackalloc Range[4];
        int count = Split(text, from, arguments);
        line.Weight = 1;
        line.Fields.ReplyLength = 0;
        if (count is not (1 or 3))
        {
            return false;
        }

        (line.Fields.SubjectStart, line.Fields.SubjectLength) = arguments[0].GetOffsetAndLength(text.Length);
        if (count == 3)
        {
            (line.Fields.ReplyStart, line.Fields.ReplyLength) = arguments[1].GetOffsetAndLength(text.Length);
            return TryNumber(text[arguments[2]], out line.Weight);
        }

        return true;
    }

    /// <summary><c>LS- subject [queue]</c></summary>
    private static bool ReadUnsubscribe(ReadOnlySpan<byte> text, int from, ref LeafLine line)
    {
        Span<Range> arguments = stackalloc Range[3];
        int count = Split(text, from, arguments);
        line.Fields.ReplyLength = 0;
        if (count is not (1 or 2))
        {
            return false;
        }

        (line.Fields.SubjectStart, line.Fields.SubjectLength) = arguments[0].GetOffsetAndLength(text.Length);
        if (count == 2)
        {
            (line.Fields.ReplyStart, line.Fields.ReplyLength) = arguments[1].GetOffsetAndLength(text.Length);
        }

        return true;
    }

    /// <summary><c>LMSG subject [reply | + reply queue... | | queue...] size</c>, and with two sizes <c>HMSG</c>.</summary>
    private static bool ReadMessage(ReadOnlySpan<byte> text, int from, ref LeafLine line)
    {
        Span<Range> arguments = stackalloc Range[MaxArguments];
        int sizes = line.Verb == LeafVerb.HeaderMessage ? 2 : 1;
        int count = Split(text, from, arguments);
        ref Command fields = ref line.Fields;
        if (count < 1 + sizes || !TryNumber(text[arguments[count - 1]], out fields.PayloadLength))
        {
            return false;
        }

        fields.HeaderLength = 0;
        if (sizes == 2 && (!TryNumber(text[arguments[count - 2]], out fields.HeaderLength) || fields.HeaderLength > fields.PayloadLength))
        {
            return false;
        }

        (fields.SubjectStart, fields.SubjectLength) = arguments[0].GetOffsetAndLength(text.Length);
        fields.ReplyLength = 0;
        fields.ReplyStart = fields.SubjectStart;
        fields.TailStart = arguments[1].Start.Value;
        int middle = count - 1 - sizes;
        if (middle == 0)
        {
            fields.TailIsCanonical = IsCanonical(text, arguments[..count], fields.PayloadStart);
            return true;
        }

        ReadOnlySpan<byte> mark = text[arguments[1]];
        bool hasQueues = middle > 1;
        bool hasReply = !hasQueues || mark is [(byte)'+'];
        if (hasQueues && !hasReply && mark is not [(byte)'|'])
        {
            return false;
        }

        int next = hasQueues ? 2 : 1;
        if (hasReply)
        {
            (fields.ReplyStart, fields.ReplyLength) = arguments[next++].GetOffsetAndLength(text.Length);
        }

        int last = count - 1 - sizes;
        if (hasQueues && next <= last)
        {
            line.QueuesStart = arguments[next].Start.Value;
            line.QueuesLength = arguments[last].End.Value - line.QueuesStart;
        }

        fields.TailIsCanonical = !hasQueues && IsCanonical(text, arguments[..count], fields.PayloadStart);
        return true;
    }

    /// <summary>True if the line is single blanks and CR LF, so that its end can be passed on as it came.</summary>
    private static bool IsCanonical(ReadOnlySpan<byte> text, ReadOnlySpan<Range> arguments, int payloadStart)
    {
        for (int i = 1; i < arguments.Length; i++)
        {
            if (arguments[i].Start.Value != arguments[i - 1].End.Value + 1 || text[arguments[i].Start.Value - 1] != ' ')
            {
                return false;
            }
        }

        return arguments[^1].End.Value == text.Length && payloadStart == text.Length + 2;
    }

    private static ParseStatus Finish(ReadOnlySpan<byte> data, Limits limits, ref LeafLine line)
    {
        ref Command fields = ref line.Fields;
        if (fields.PayloadLength > limits.MaxPayloadBytes)
        {
            return ParseStatus.PayloadTooLarge;
        }

        int end = fields.PayloadStart + fields.PayloadLength;
        fields.Length = end + 2;
        if (data.Length >= end + 2)
        {
            return data[end] == '\r' && data[end + 1] == '\n' ? ParseStatus.Complete : ParseStatus.UnknownOperation;
        }

        return data.Length > end && data[end] != '\r' ? ParseStatus.UnknownOperation : ParseStatus.Incomplete;
    }

    /// <summary>Splits the arguments at blanks; -1 if there are more than fit.</summary>
    private static int Split(ReadOnlySpan<byte> text, int from, Span<Range> arguments)
    {
        int count = 0;
        int at = from;
        while (true)
        {
            while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\r')
            {
                at++;
            }

            if (at >= text.Length)
            {
                return count;
            }

            int start = at;
            int length = text[at..].IndexOfAny((byte)' ', (byte)'\t', (byte)'\r');
            at = length < 0 ? text.Length : at + length;
            if (count == arguments.Length)
            {
                return -1;
            }

            arguments[count++] = start..at;
        }
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int value)
    {
        value = 0;
        if (digits.Length is < 1 or > Limits.MaxSizeDigits)
        {
            return false;
        }

        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + (digit - '0');
        }

        return true;
    }
}
