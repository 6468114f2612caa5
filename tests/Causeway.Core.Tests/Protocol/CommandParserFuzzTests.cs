using System.Globalization;
using Causeway.Core.Protocol;
using Causeway.Core.Tests.Support;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Protocol;

/// <summary>
/// Generated streams, each read whole by the parser and by the reference, and once more in three parts. The number of inputs is
/// <c>CAUSEWAY_FUZZ_INPUTS</c> or ten million; a failure is shrunk and printed with its seed.
/// </summary>
public sealed class CommandParserFuzzTests(ITestOutputHelper output)
{
    private const long DefaultInputs = 10_000_000;
    private const int Threads = 2;

    private readonly long[] _endings = new long[Enum.GetValues<ParseStatus>().Length];
    private readonly long[] _verbs = new long[Enum.GetValues<Verb>().Length];
    private long _inputs;
    private long _bytes;

    [ThreadStatic]
    private static FuzzThread? _thread;

    [Fact]
    public void Ten_million_streams_are_read_as_the_reference_reads_them_however_they_are_split()
    {
        string? setting = Environment.GetEnvironmentVariable("CAUSEWAY_FUZZ_INPUTS");
        long wanted = string.IsNullOrEmpty(setting) ? DefaultInputs : long.Parse(setting, CultureInfo.InvariantCulture);
        new StreamGen().Sample(Check, iter: wanted, threads: Threads);
        output.WriteLine($"{_inputs} inputs, {_bytes} bytes");
        output.WriteLine("endings: " + string.Join(", ", Enum.GetValues<ParseStatus>().Select(status => $"{status} {_endings[(int)status]}")));
        output.WriteLine("commands: " + string.Join(", ", Enum.GetValues<Verb>().Select(verb => $"{verb} {_verbs[(int)verb]}")));

        Assert.True(_inputs >= wanted, $"{_inputs} of {wanted} inputs were read");
        AssertWorthwhile();
    }

    /// <summary>Every ending and every verb must have been met, or the inputs are not what they should be.</summary>
    private void AssertWorthwhile()
    {
        Assert.All(Enum.GetValues<ParseStatus>(), status => Assert.True(_endings[(int)status] > _inputs / 1000, $"{status}: {_endings[(int)status]}"));
        Assert.All(Enum.GetValues<Verb>().Skip(1), verb => Assert.True(_verbs[(int)verb] > _inputs / 1000, $"{verb}: {_verbs[(int)verb]}"));
    }

    private void Check(ProtocolInput input)
    {
        FuzzThread thread = _thread ??= new FuzzThread();
        StreamReading expected = thread.Expected;
        StreamReading actual = thread.Actual;
        GuardedBuffer memory = thread.Memory;
        expected.ReadByReference(input.Data, input.Headers);
        actual.Read((input.Data.Length & 1) == 0 ? memory.PutAtEnd(input.Data) : memory.PutAtStart(input.Data), input.Headers);
        actual.AssertSameAs(expected, input.Data);
        actual.AssertTailsAsBy(expected, input.Data);
        actual.ReadInParts(input.Data, [input.FirstSplit, input.SecondSplit], input.Headers, memory);
        actual.AssertSameAs(expected, input.Data);
        actual.AssertTailsAsBy(expected, input.Data);

        Interlocked.Increment(ref _inputs);
        Interlocked.Add(ref _bytes, input.Data.Length);
        Interlocked.Increment(ref _endings[(int)expected.End]);
        foreach (ParsedCommand command in expected.Commands)
        {
            Interlocked.Increment(ref _verbs[(int)command.Verb]);
        }
    }

    private sealed class FuzzThread
    {
        public StreamReading Expected { get; } = new(StreamGen.Limits);

        public StreamReading Actual { get; } = new(StreamGen.Limits);

        public GuardedBuffer Memory { get; } = new(4096);
    }
}
