using Causeway.Drill.Engine;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Expectations;

/// <summary>Some time after the script's end all regions know of each other what they want.</summary>
internal sealed record ConvergedWithin(TimeSpan Most) : Expectation
{
    public override string Key => "converged-within";

    public override string Wanted => $"all interest known everywhere within {ScriptText.Span(Most)} after the script's end";

    public override Finding Judge(DrillRecord record)
    {
        if (record.ConvergedAfter is { } after)
        {
            return Finding.If(after <= Most, $"after {ScriptText.Span(after)}");
        }

        DrillSample? last = record.Samples.Count > 0 ? record.Samples[^1] : null;
        return last is { Nodes.Count: > 0 } && !Convergence.IsTold(last)
            ? new Finding(Verdict.NotTold, "this bus does not tell what other regions do not know yet")
            : new Finding(Verdict.Failed, Behind(last));
    }

    private static string Behind(DrillSample? last)
    {
        NodeProcess? missing = last?.Processes.FirstOrDefault(process => last.Of(process.Node) is null);
        return (last?.Nodes.MaxBy(node => node.LinkLagEntries), missing) switch
        {
            ({ LinkLagEntries: > 0 } worst, _) => $"not while it was waited for; {worst.Node} was {ScriptText.Number(worst.LinkLagEntries)} entries behind",
            (_, { } dead) => $"not while it was waited for; {dead.Node} did not answer",
            _ => "not while it was waited for",
        };
    }
}
