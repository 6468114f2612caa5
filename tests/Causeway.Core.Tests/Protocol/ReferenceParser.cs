using Causeway.Core.Protocol;

namespace Causeway.Core.Tests.Protocol;

/// <summary>
/// Reads a stream by the protocol's rules in the plainest way there is, to be compared with the parser. It knows nothing of vectors
/// and windows, and was written from the protocol's documentation and nats-server's observed answers.
/// </summary>
internal sealed class ReferenceParser
{
    private static readonly (Verb Verb, string Name, bool NeedsBlank)[] Verbs =
    [
        (Verb.Pub, "pub", true),
        (Verb.Hpub, "hpub", true),
        (Verb.Sub, "sub", true),
        (Verb.Unsub, "unsub", true),
        (Verb.Connect, "connect", false),
        (Verb.Ping, "ping", false),
        (Verb.Pong, "pong", false),
        (Verb.Info, "info", true),
        (Verb.Ok, "+ok", false),
        (Verb.Err, "-err", true),
    ];

    private readonly List<Part> _arguments = [];

    /// <summary>Whether the last message's tail must, and whether it may, be passed on as it came.</summary>
    public bool MustPassOn { get; private set; }

    /// <inheritdoc cref="MustPassOn"/>
    public bool MayPassOn { get; private set; }

    /// <summary>The whole size of the last command that was incomplete; 0 if that can't be known yet.</summary>
    public int Needed { get; private set; }

    /// <summary>Reads the command of <paramref name="data"/> at <paramref name="from"/>.</summary>
    public ParseStatus Read(ReadOnlySpan<byte> data, int from, Limits limits, bool headers, out ParsedCommand command)
    {
        command = default;
        Needed = 0;
        ParseStatus status = ReadVerb(data, from, out Verb verb, out int arguments);
        if (status != ParseStatus.Complete)
        {
            return status;
        }

        int lf = arguments;
        while (lf < data.Length && data[lf] != '\n')
        {
            lf++;
        }

        if (lf == data.Length)
        {
            return lf - arguments >= limits.MaxControlLineBytes + 2 ? ParseStatus.LineTooLong : ParseStatus.Incomplete;
        }

        int end = lf > arguments && data[lf - 1] == '\r' ? lf - 1 : lf;
        if (end - arguments > limits.MaxControlLineBytes)
        {
            return ParseStatus.LineTooLong;
        }

        command = new ParsedCommand { Verb = verb, Whole = new Part(from, lf + 1 - from) };
        Split(data[..end], arguments);
        return verb switch
        {
            Verb.Pub => ReadMessage(data, 1, limits, ref command),
            Verb.Hpub => headers ? ReadMessage(data, 2, limits, ref command) : ParseStatus.HeadersNotSupported,
            Verb.Sub => ReadSub(ref command),
            Verb.Unsub => ReadUnsub(data, ref command),
            _ => ReadOther(new Part(arguments, end - arguments), ref command),
        };
    }

    private static ParseStatus ReadVerb(ReadOnlySpan<byte> data, int from, out Verb verb, out int arguments)
    {
        (verb, arguments) = (Verb.None, 0);
        bool mayBecome = false;
        foreach ((Verb candidate, string name, bool needsBlank) in Verbs)
        {
            int same = 0;
            while (same < name.Length && from + same < data.Length && char.ToLowerInvariant((char)data[from + same]) == name[same])
            {
                same++;
            }

            int behind = from + same;
            if (same == name.Length && !needsBlank)
            {
                (verb, arguments) = (candidate, behind);
                return ParseStatus.Complete;
            }

            if (behind == data.Length)
            {
                mayBecome = true;
            }
            else if (same == name.Length && data[behind] is (byte)' ' or (byte)'\t')
            {
                (verb, arguments) = (candidate, behind + 1);
                return ParseStatus.Complete;
            }
        }

        return mayBecome ? ParseStatus.Incomplete : ParseStatus.UnknownOperation;
    }

    private static bool IsNumber(ReadOnlySpan<byte> data, Part part, out int value)
    {
        value = 0;
        if (part.Length is 0 or > 9)
        {
            return false;
        }

        for (int i = part.Start; i < part.Start + part.Length; i++)
        {
            if (!char.IsAsciiDigit((char)data[i]))
            {
                return false;
            }

            value = (value * 10) + data[i] - '0';
        }

        return true;
    }

    private static ParseStatus ReadOther(Part argument, ref ParsedCommand command)
    {
        command = command with { Subject = argument };
        return ParseStatus.Complete;
    }

    private void Split(ReadOnlySpan<byte> line, int from)
    {
        _arguments.Clear();
        int start = -1;
        for (int i = from; i <= line.Length; i++)
        {
            bool blank = i == line.Length || line[i] is (byte)' ' or (byte)'\t' or (byte)'\r';
            if (blank && start >= 0)
            {
                _arguments.Add(new Part(start, i - start));
                start = -1;
            }
            else if (!blank && start < 0)
            {
                start = i;
            }
        }
    }

    private ParseStatus ReadMessage(ReadOnlySpan<byte> data, int sizes, Limits limits, ref ParsedCommand command)
    {
        int header = 0;
        int count = _arguments.Count;
        if (count != 1 + sizes && count != 2 + sizes)
        {
            return ParseStatus.BadArguments;
        }

        if (!IsNumber(data, _arguments[^1], out int size) || (sizes == 2 && !IsNumber(data, _arguments[^2], out header)) || header > size)
        {
            return ParseStatus.BadArguments;
        }

        if (size > limits.MaxPayloadBytes)
        {
            return ParseStatus.PayloadTooLarge;
        }

        int payload = command.Whole.Start + command.Whole.Length;
        int end = payload + size;
        if ((data.Length > end && data[end] != '\r') || (data.Length > end + 1 && data[end + 1] != '\n'))
        {
            return ParseStatus.UnknownOperation;
        }

        if (data.Length < end + 2)
        {
            Needed = end + 2 - command.Whole.Start;
            return ParseStatus.Incomplete;
        }

        command = command with
        {
            Whole = new Part(command.Whole.Start, end + 2 - command.Whole.Start),
            Subject = _arguments[0],
            Reply = count == 2 + sizes ? _arguments[1] : default,
            TailStart = _arguments[1].Start,
            Payload = new Part(payload, size),
            HeaderLength = header,
        };
        JudgeTail(data, payload);
        return ParseStatus.Complete;
    }

    /// <summary>May: from the reply on the line has single spaces and CR LF. Must: the whole line has.</summary>
    private void JudgeTail(ReadOnlySpan<byte> data, int payload)
    {
        Part last = _arguments[^1];
        MayPassOn = last.Start + last.Length + 2 == payload && data[payload - 2] == '\r';
        for (int i = 2; i < _arguments.Count; i++)
        {
            MayPassOn &= IsOneSpace(data, i);
        }

        MustPassOn = MayPassOn && IsOneSpace(data, 1) && data[_arguments[0].Start - 1] == ' ';
    }

    private bool IsOneSpace(ReadOnlySpan<byte> data, int behindArgument)
    {
        Part before = _arguments[behindArgument - 1];
        int blank = before.Start + before.Length;
        return data[blank] == ' ' && _arguments[behindArgument].Start == blank + 1;
    }

    private ParseStatus ReadSub(ref ParsedCommand command)
    {
        if (_arguments.Count is not (2 or 3))
        {
            return ParseStatus.BadArguments;
        }

        command = command with
        {
            Subject = _arguments[0],
            Reply = _arguments.Count == 3 ? _arguments[1] : default,
            Sid = _arguments[^1],
        };
        return ParseStatus.Complete;
    }

    private ParseStatus ReadUnsub(ReadOnlySpan<byte> data, ref ParsedCommand command)
    {
        if (_arguments.Count is not (1 or 2))
        {
            return ParseStatus.BadArguments;
        }

        int max = 0;
        if (_arguments.Count == 2 && !IsNumber(data, _arguments[1], out max))
        {
            max = 0;
        }

        command = command with { Subject = _arguments[0], Max = max };
        return ParseStatus.Complete;
    }
}
