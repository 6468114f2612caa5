using Causeway.Drill.Engine;
using Causeway.Drill.Scripts;
using CsCheck;
using Xunit;

namespace Causeway.Drill.Tests.Scripts;

/// <summary>Whatever a file has in it, it is read, or refused in one line.</summary>
public sealed class ScriptFuzzTests
{
    private static readonly string[] Pieces = [":", "-", "\n", "  ", "[", "]", "{", "}", "\"", "'", "#", "&a", "*a", "!t", "|", ">", "%", "\0", "\t", "999999999999", "-1", "NaN", "east/1", "é", "\ud83d\ude00", "---", "? ", "1e309"];

    [Fact]
    public void Mutated_scripts_are_read_or_refused_in_one_line() => Mutations().Sample(
        text =>
        {
            try
            {
                DrillPlan.Of(ScriptReader.Read("s.yaml", text));
            }
            catch (ScriptException problem)
            {
                Assert.DoesNotContain('\n', problem.Message);
                Assert.Contains("; accepted is ", problem.Message, StringComparison.Ordinal);
                Assert.InRange(problem.Line, 1, int.MaxValue);
            }
        },
        iter: 5_000);

    private static Gen<string> Mutations() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, 40], Gen.Int[0, Pieces.Length - 1], Gen.Int[0, 3]).List[1, 6].Select(mutations =>
            mutations.Aggregate(ScriptSamples.Whole, (text, mutation) => Mutate(text, mutation.Item1, mutation.Item2, Pieces[mutation.Item3], mutation.Item4)));

    private static string Mutate(string text, int where, int length, string piece, int kind)
    {
        int at = text.Length == 0 ? 0 : where % text.Length;
        int end = Math.Min(text.Length, at + length);
        return kind switch
        {
            0 => text.Remove(at, end - at),
            1 => text.Insert(at, piece),
            2 => text.Insert(at, text[at..end]),
            _ => string.Concat(text.AsSpan(0, at), piece, text.AsSpan(end)),
        };
    }
}
