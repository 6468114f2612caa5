using Causeway.Core.Protocol;

namespace Causeway.Core.Tests.Protocol;

/// <summary>A stretch of the stream.</summary>
internal readonly record struct Part(int Start, int Length);

/// <summary>
/// One command of a stream with places counted from the stream's beginning, and nothing in it that means nothing for its verb: two
/// parsers that read the same have equal ones.
/// </summary>
internal readonly record struct ParsedCommand
{
    public Verb Verb { get; init; }

    public Part Whole { get; init; }

    /// <summary>Subject of PUB, HPUB and SUB, the sid of UNSUB, the argument of the others.</summary>
    public Part Subject { get; init; }

    /// <summary>Reply or queue group; all zero if there is none.</summary>
    public Part Reply { get; init; }

    public Part Sid { get; init; }

    public Part Payload { get; init; }

    public int HeaderLength { get; init; }

    public int TailStart { get; init; }

    public long Max { get; init; }

    /// <summary>What the parser found at <paramref name="origin"/>.</summary>
    public static ParsedCommand From(in Command command, int origin)
    {
        bool message = command.Verb is Verb.Pub or Verb.Hpub;
        bool hasReply = (message || command.Verb == Verb.Sub) && command.ReplyLength > 0;
        return new ParsedCommand
        {
            Verb = command.Verb,
            Whole = new Part(origin, command.Length),
            Subject = new Part(origin + command.SubjectStart, command.SubjectLength),
            Reply = hasReply ? new Part(origin + command.ReplyStart, command.ReplyLength) : default,
            Sid = command.Verb == Verb.Sub ? new Part(origin + command.SidStart, command.SidLength) : default,
            Payload = message ? new Part(origin + command.PayloadStart, command.PayloadLength) : default,
            HeaderLength = command.Verb == Verb.Hpub ? command.HeaderLength : 0,
            TailStart = message ? origin + command.TailStart : 0,
            Max = command.Verb == Verb.Unsub ? command.Max : 0,
        };
    }
}
