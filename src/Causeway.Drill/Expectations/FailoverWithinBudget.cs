using Causeway.Drill.Engine;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Expectations;

/// <summary>After a region is drained or killed its clients find room elsewhere, and no node passes its limit by it.</summary>
internal sealed record FailoverWithinBudget : Expectation
{
    public override string Key => "failover-within-budget";

    public override string Wanted => "clients of a lost region go elsewhere, and no node passes its limit by it";

    public override Finding Judge(DrillRecord record)
    {
        DrillEvent? loss = record.Events.FirstOrDefault(what => what.Kind == EventKind.Step && what.Key is "kill-region" or "drain-region");
        if (loss is null)
        {
            return new Finding(Verdict.Failed, "no region was drained or killed");
        }

        int moved = record.Samples.Where(sample => sample.At > loss.At).Select(sample => Elsewhere(sample, loss.Region)).DefaultIfEmpty(0).Max();
        Finding memory = MemoryWithinBudget.Judge(record, loss.At);
        return memory with
        {
            Verdict = moved > 0 ? memory.Verdict : Verdict.Failed,
            Found = $"{ScriptText.Number(moved)} clients of {loss.Region} were elsewhere at most; memory {memory.Found}",
        };
    }

    private static int Elsewhere(DrillSample sample, string region) => sample.Load
        .Where(load => load.Region == region)
        .SelectMany(load => load.ConnectedTo)
        .Where(connected => connected.Key != region)
        .Sum(connected => connected.Value);
}
