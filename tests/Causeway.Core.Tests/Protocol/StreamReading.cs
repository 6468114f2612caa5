using Causeway.Core.Protocol;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Protocol;

/// <summary>
/// What became of one stream: its commands, and how it ended. Reads streams with the parser or the reference, whole or in parts,
/// and is used again and again. Every call of the parser is checked for what must hold whatever the input.
/// </summary>
internal sealed class StreamReading(Limits limits)
{
    private readonly ReferenceParser _reference = new();
    private readonly List<bool> _passedOn = [];
    private readonly List<(bool Must, bool May)> _passes = [];
    private int _needed;

    public List<ParsedCommand> Commands { get; } = [];

    /// <summary>The status that ended it; <see cref="ParseStatus.Complete"/> if the stream ends with a command.</summary>
    public ParseStatus End { get; private set; }

    /// <summary>Where the last, unfinished or faulty command begins.</summary>
    public int EndAt { get; private set; }

    /// <summary>Reads <paramref name="data"/> with the reference.</summary>
    public void ReadByReference(ReadOnlySpan<byte> data, bool headers)
    {
        Clear();
        while (EndAt < data.Length)
        {
            End = _reference.Read(data, EndAt, limits, headers, out ParsedCommand command);
            if (End != ParseStatus.Complete)
            {
                _needed = _reference.Needed;
                return;
            }

            Commands.Add(command);
            _passes.Add((_reference.MustPassOn, _reference.MayPassOn));
            EndAt += command.Whole.Length;
        }
    }

    /// <summary>Reads <paramref name="data"/> with the parser, given whole.</summary>
    public void Read(ReadOnlySpan<byte> data, bool headers)
    {
        Clear();
        Continue(data, headers);
    }

    /// <summary>
    /// Reads <paramref name="data"/> with the parser as if received in parts that end at <paramref name="ends"/>: what was not a
    /// whole command is given again with more. Each part lies at the end of <paramref name="memory"/> if there is one.
    /// </summary>
    public void ReadInParts(ReadOnlySpan<byte> data, ReadOnlySpan<int> ends, bool headers, GuardedBuffer? memory = null)
    {
        Clear();
        int next = 0;
        while (next <= ends.Length && (End is ParseStatus.Complete or ParseStatus.Incomplete))
        {
            int end = next == ends.Length ? data.Length : ends[next];
            next++;
            ReadOnlySpan<byte> part = data[EndAt..end];
            Continue(memory is null ? part : memory.PutAtEnd(part), headers);
        }
    }

    /// <summary>Fails unless this, read by the parser, is what <paramref name="expected"/> is.</summary>
    public void AssertSameAs(StreamReading expected, ReadOnlySpan<byte> data)
    {
        bool same = End == expected.End && EndAt == expected.EndAt && Commands.Count == expected.Commands.Count;
        for (int i = 0; same && i < Commands.Count; i++)
        {
            same = Commands[i] == expected.Commands[i];
        }

        if (!same || (End == ParseStatus.Incomplete && _needed != expected._needed))
        {
            Assert.Fail($"{Wire.Literal(data)}\n read as  {this}\n expected {expected}");
        }
    }

    /// <summary>
    /// Fails unless the messages that this passes on as they came are those that may be, and none that must be is left out.
    /// </summary>
    public void AssertTailsAsBy(StreamReading reference, ReadOnlySpan<byte> data)
    {
        for (int i = 0; i < Commands.Count; i++)
        {
            (bool must, bool may) = reference._passes[i];
            if (Commands[i].Verb is Verb.Pub or Verb.Hpub && (_passedOn[i] ? !may : must))
            {
                Assert.Fail($"{Wire.Literal(data)}\n command {i} is {(_passedOn[i] ? "passed on" : "rewritten")}");
            }
        }
    }

    public override string ToString() => $"{string.Join(' ', Commands)} {End} at {EndAt}, {_needed} needed";

    /// <summary>Goes on with <paramref name="rest"/>, which begins at <see cref="EndAt"/>.</summary>
    private void Continue(ReadOnlySpan<byte> rest, bool headers)
    {
        Command command = default;
        End = ParseStatus.Complete;
        _needed = 0;
        while (!rest.IsEmpty)
        {
            End = CommandParser.TryRead(rest, limits, headers, ref command);
            if (End == ParseStatus.Incomplete)
            {
                _needed = command.Length;
                Assert.True(_needed == 0 || _needed > rest.Length, "an incomplete command needs more than there is");
            }

            if (End != ParseStatus.Complete)
            {
                return;
            }

            AssertInside(command, rest.Length);
            Commands.Add(ParsedCommand.From(command, EndAt));
            _passedOn.Add(command.TailIsCanonical);
            EndAt += command.Length;
            rest = rest[command.Length..];
        }
    }

    private static void AssertInside(in Command command, int length)
    {
        bool inside = command.Length > 0 && command.Length <= length
            && command.SubjectStart >= 0 && command.SubjectStart + command.SubjectLength <= command.Length;
        if (command.Verb is Verb.Pub or Verb.Hpub)
        {
            inside &= command.PayloadStart + command.PayloadLength + 2 == command.Length && command.TailStart < command.PayloadStart
                && command.HeaderLength <= command.PayloadLength && command.ReplyStart + command.ReplyLength < command.PayloadStart;
        }

        if (!inside)
        {
            Assert.Fail("the command reaches outside the data");
        }
    }

    private void Clear()
    {
        Commands.Clear();
        _passedOn.Clear();
        _passes.Clear();
        End = ParseStatus.Complete;
        EndAt = 0;
        _needed = 0;
    }
}
