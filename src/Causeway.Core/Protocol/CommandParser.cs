using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Causeway.Core.Protocol;

/// <summary>
/// Reads a client's commands from a buffer. Keeps no state: an incomplete command is simply read again when there is more of it,
/// so every split of a stream gives the same commands. Verbs are case-insensitive; arguments are separated by any number of
/// spaces and tabs; a line ends with LF, usually behind a CR (NATS client protocol documentation).
/// </summary>
public static class CommandParser
{
    private const int FastWindow = 64;
    private const int MostArguments = 4;
    private const uint PubSpace = 0x20627570; // "pub " as a little-endian number
    private const uint Hpub = 0x62757068; // "hpub"
    private const uint LowerCase = 0x00202020;
    private const uint LowerCases = 0x20202020;

    /// <summary>
    /// Reads the command at the start of <paramref name="data"/> into <paramref name="command"/>.
    /// </summary>
    /// <param name="data">The bytes received.</param>
    /// <param name="limits">The limits that hold for lines and payloads.</param>
    /// <param name="headers">True if the client may send headers.</param>
    /// <param name="command">The command found.</param>
    public static ParseStatus TryRead(ReadOnlySpan<byte> data, Limits limits, bool headers, ref Command command)
    {
        if (data.Length >= FastWindow + 5 && TryReadMessageLine(data, headers, ref command))
        {
            return FinishMessage(data, limits, ref command);
        }

        return ReadSlowly(data, limits, headers, ref command);
    }

    /// <summary>
    /// The usual PUB or HPUB, its line within 64 bytes, single spaces, CR LF: found with two vector compares. Anything else is left
    /// to the slow path.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadMessageLine(ReadOnlySpan<byte> data, bool headers, ref Command command)
    {
        ref byte start = ref MemoryMarshal.GetReference(data);
        uint verb = Unsafe.ReadUnaligned<uint>(ref start);
        bool hasHeaders = false;
        if ((verb | LowerCase) != PubSpace)
        {
            hasHeaders = headers && (verb | LowerCases) == Hpub && Unsafe.Add(ref start, 4) == ' ';
            if (!hasHeaders)
            {
                return false;
            }
        }

        return BitConverter.IsLittleEndian && TryReadArguments(data, hasHeaders ? 5 : 4, hasHeaders, ref command);
    }

    /// <summary>The part of the line behind the verb: the subject, perhaps a reply, and one size or, with headers, two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadArguments(ReadOnlySpan<byte> data, int arguments, bool hasHeaders, ref Command command)
    {
        ref byte at = ref Unsafe.Add(ref MemoryMarshal.GetReference(data), arguments);
        Vector256<byte> low = Vector256.LoadUnsafe(ref at);
        Vector256<byte> high = Vector256.LoadUnsafe(ref at, 32);
        ulong ends = Bits(low, high, (byte)'\n');
        if (ends == 0)
        {
            return false;
        }

        int end = BitOperations.TrailingZeroCount(ends);
        ulong line = (1UL << end) - 1;
        ulong spaces = Bits(low, high, (byte)' ') & line;
        int replies = BitOperations.PopCount(spaces) - (hasHeaders ? 2 : 1);
        bool adjacent = (spaces & (spaces << 1)) != 0 || (spaces & 1) != 0;
        if (adjacent || replies is not (0 or 1) || Unsafe.Add(ref at, end - 1) != '\r')
        {
            return false;
        }

        // Tab (0x09) and CR (0x0D) are blanks as well, and alone become 0x0D with bit 2 set: the CR of the line end must be the only one.
        Vector256<byte> bit = Vector256.Create((byte)4);
        ulong otherBlanks = Bits(low | bit, high | bit, (byte)'\r') & line;
        if (otherBlanks != 1UL << (end - 1))
        {
            return false;
        }

        int first = BitOperations.TrailingZeroCount(spaces);
        int sizes = 63 - BitOperations.LeadingZeroCount(spaces);
        if (!TryNumber(data.Slice(arguments + sizes + 1, end - 2 - sizes), out int size))
        {
            return false;
        }

        int headerLength = 0;
        if (hasHeaders)
        {
            int last = sizes;
            sizes = 63 - BitOperations.LeadingZeroCount(spaces ^ (1UL << last));
            if (!TryNumber(data.Slice(arguments + sizes + 1, last - sizes - 1), out headerLength) || headerLength > size)
            {
                return false;
            }
        }

        command.Verb = hasHeaders ? Verb.Hpub : Verb.Pub;
        command.SubjectStart = arguments;
        command.SubjectLength = first;
        command.ReplyStart = arguments + first + 1;
        command.ReplyLength = replies == 1 ? sizes - first - 1 : 0;
        command.TailStart = arguments + first + 1;
        command.TailIsCanonical = true;
        command.PayloadStart = arguments + end + 1;
        command.PayloadLength = size;
        command.HeaderLength = headerLength;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(Vector256<byte> low, Vector256<byte> high, byte value)
    {
        Vector256<byte> wanted = Vector256.Create(value);
        return Vector256.Equals(low, wanted).ExtractMostSignificantBits()
            | ((ulong)Vector256.Equals(high, wanted).ExtractMostSignificantBits() << 32);
    }

    private static ParseStatus ReadSlowly(ReadOnlySpan<byte> data, Limits limits, bool headers, ref Command command)
    {
        command.Length = 0;
        command.Verb = Verb.None;
        if (data.IsEmpty)
        {
            return ParseStatus.Incomplete;
        }

        int verbLength = VerbReader.Read(data, out Verb verb);
        if (verbLength < 0)
        {
            return ParseStatus.UnknownOperation;
        }

        if (verbLength == 0)
        {
            return ParseStatus.Incomplete;
        }

        command.Verb = verb;
        int most = verbLength + limits.MaxControlLineBytes + 2;
        ReadOnlySpan<byte> window = data.Length > most ? data[..most] : data;
        int lf = window[verbLength..].IndexOf((byte)'\n');
        if (lf < 0)
        {
            return data.Length >= most ? ParseStatus.LineTooLong : ParseStatus.Incomplete;
        }

        int argumentsEnd = verbLength + lf;
        if (lf > 0 && data[argumentsEnd - 1] == '\r')
        {
            argumentsEnd--;
        }

        if (argumentsEnd - verbLength > limits.MaxControlLineBytes)
        {
            return ParseStatus.LineTooLong;
        }

        command.PayloadStart = verbLength + lf + 1;
        command.Length = command.PayloadStart;
        ReadOnlySpan<byte> line = data[..argumentsEnd];
        switch (verb)
        {
            case Verb.Pub:
                return ReadPub(line, verbLength, ref command) ? FinishMessage(data, limits, ref command) : ParseStatus.BadArguments;
            case Verb.Hpub:
                if (!headers)
                {
                    return ParseStatus.HeadersNotSupported;
                }

                return ReadHpub(line, verbLength, ref command) ? FinishMessage(data, limits, ref command) : ParseStatus.BadArguments;
            case Verb.Sub:
                return ReadSub(line, verbLength, ref command) ? ParseStatus.Complete : ParseStatus.BadArguments;
            case Verb.Unsub:
                return ReadUnsub(line, verbLength, ref command) ? ParseStatus.Complete : ParseStatus.BadArguments;
            default:
                command.SubjectStart = verbLength;
                command.SubjectLength = argumentsEnd - verbLength;
                return ParseStatus.Complete;
        }
    }

    private static ParseStatus FinishMessage(ReadOnlySpan<byte> data, Limits limits, ref Command command)
    {
        if (command.PayloadLength > limits.MaxPayloadBytes)
        {
            return ParseStatus.PayloadTooLarge;
        }

        int end = command.PayloadStart + command.PayloadLength;
        command.Length = end + 2;
        if (data.Length >= end + 2)
        {
            return data[end] == '\r' && data[end + 1] == '\n' ? ParseStatus.Complete : ParseStatus.UnknownOperation;
        }

        return data.Length > end && data[end] != '\r' ? ParseStatus.UnknownOperation : ParseStatus.Incomplete;
    }

    private static bool ReadPub(ReadOnlySpan<byte> line, int from, ref Command command)
    {
        Span<Range> arguments = stackalloc Range[MostArguments];
        int count = Split(line, from, arguments);
        if (count is not (2 or 3) || !TryNumber(line[arguments[count - 1]], out command.PayloadLength))
        {
            return false;
        }

        command.HeaderLength = 0;
        SetSubjectAndReply(line, arguments, count == 3, ref command);
        return true;
    }

    private static bool ReadHpub(ReadOnlySpan<byte> line, int from, ref Command command)
    {
        Span<Range> arguments = stackalloc Range[MostArguments];
        int count = Split(line, from, arguments);
        if (count is not (3 or 4)
            || !TryNumber(line[arguments[count - 2]], out command.HeaderLength)
            || !TryNumber(line[arguments[count - 1]], out command.PayloadLength)
            || command.HeaderLength > command.PayloadLength)
        {
            return false;
        }

        SetSubjectAndReply(line, arguments, count == 4, ref command);
        return true;
    }

    private static void SetSubjectAndReply(ReadOnlySpan<byte> line, ReadOnlySpan<Range> arguments, bool hasReply, ref Command command)
    {
        Set(line, arguments[0], out command.SubjectStart, out command.SubjectLength);
        Set(line, arguments[1], out command.ReplyStart, out command.ReplyLength);
        command.TailStart = command.ReplyStart;
        if (!hasReply)
        {
            command.ReplyLength = 0;
        }

        // What lies between the arguments must be single spaces, and the line end CR LF, to be passed on as it is.
        int bytes = 0;
        int count = 0;
        foreach (Range argument in arguments)
        {
            int length = argument.End.Value - argument.Start.Value;
            if (length == 0)
            {
                break;
            }

            bytes += length;
            count++;
        }

        ReadOnlySpan<byte> tail = line[command.TailStart..];
        bool singleSpaces = line.Length - command.SubjectStart == bytes + count - 1 && tail.IndexOfAny((byte)'\t', (byte)'\r') < 0;
        command.TailIsCanonical = singleSpaces && command.PayloadStart == line.Length + 2;
    }

    private static bool ReadSub(ReadOnlySpan<byte> line, int from, ref Command command)
    {
        Span<Range> arguments = stackalloc Range[MostArguments];
        int count = Split(line, from, arguments);
        if (count is not (2 or 3))
        {
            return false;
        }

        Set(line, arguments[0], out command.SubjectStart, out command.SubjectLength);
        Set(line, arguments[count - 1], out command.SidStart, out command.SidLength);
        Set(line, arguments[1], out command.ReplyStart, out command.ReplyLength);
        if (count == 2)
        {
            command.ReplyLength = 0;
        }

        return true;
    }

    private static bool ReadUnsub(ReadOnlySpan<byte> line, int from, ref Command command)
    {
        Span<Range> arguments = stackalloc Range[MostArguments];
        int count = Split(line, from, arguments);
        if (count is not (1 or 2))
        {
            return false;
        }

        Set(line, arguments[0], out command.SubjectStart, out command.SubjectLength);
        command.Max = 0;
        if (count == 2)
        {
            // nats-server reads a max that is no number as "at once".
            command.Max = TryNumber(line[arguments[1]], out int max) ? max : 0;
        }

        return true;
    }

    /// <summary>Splits the arguments at spaces and tabs; -1 if there are more than fit.</summary>
    private static int Split(ReadOnlySpan<byte> line, int from, Span<Range> arguments)
    {
        int count = 0;
        int at = from;
        while (true)
        {
            while (at < line.Length && line[at] is (byte)' ' or (byte)'\t' or (byte)'\r')
            {
                at++;
            }

            if (at == line.Length)
            {
                return count;
            }

            int start = at;
            while (at < line.Length && line[at] is not ((byte)' ' or (byte)'\t' or (byte)'\r'))
            {
                at++;
            }

            if (count == arguments.Length)
            {
                return -1;
            }

            arguments[count++] = start..at;
        }
    }

    private static void Set(ReadOnlySpan<byte> line, Range range, out int start, out int length) =>
        (start, length) = range.GetOffsetAndLength(line.Length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryNumber(ReadOnlySpan<byte> digits, out int value)
    {
        value = 0;
        if (digits.Length is < 1 or > Limits.MaxSizeDigits)
        {
            return false;
        }

        int sum = 0;
        foreach (byte digit in digits)
        {
            uint number = (uint)(digit - '0');
            if (number > 9)
            {
                return false;
            }

            sum = (sum * 10) + (int)number;
        }

        value = sum;
        return true;
    }
}
