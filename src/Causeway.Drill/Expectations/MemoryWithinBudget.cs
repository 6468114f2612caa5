using Causeway.Drill.Deployments;
using Causeway.Drill.Engine;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Expectations;

/// <summary>No node's resident memory passes its limit.</summary>
internal sealed record MemoryWithinBudget : Expectation
{
    public override string Key => "memory-within-budget";

    public override string Wanted => "no node's resident memory passes its limit";

    public override Finding Judge(DrillRecord record) => Judge(record, TimeSpan.Zero);

    /// <summary>Judges the part of a run that begins at a moment.</summary>
    internal static Finding Judge(DrillRecord record, TimeSpan from)
    {
        (NodeSample Node, TimeSpan At)[] points = [.. record.Samples.Where(sample => sample.At >= from).SelectMany(sample => sample.Nodes.Select(node => (node, sample.At)))];
        if (points.Length == 0)
        {
            return new Finding(Verdict.Failed, "no node answered");
        }

        (NodeSample fullest, TimeSpan at) = points.MaxBy(point => Share(point.Node));
        DrillEvent? death = record.Events.FirstOrDefault(what => what.Kind == EventKind.Death && what.At >= from && IsOfMemory(what));
        string most = $"at most {Share(fullest):0%} ({ScriptText.Bytes(fullest.ResidentBytes)} of {ScriptText.Bytes(fullest.MemoryLimitBytes)}), {fullest.Node} at {record.Clock(at)}";
        return death is null
            ? Finding.If(Share(fullest) <= 1, most)
            : new Finding(Verdict.Failed, $"{death.Text} at {record.Clock(death.At)}; sampled {most}");
    }

    private static double Share(NodeSample node) => node.MemoryLimitBytes > 0 ? (double)node.ResidentBytes / node.MemoryLimitBytes : 0;

    private static bool IsOfMemory(DrillEvent death) => death.Text.Contains("memory", StringComparison.OrdinalIgnoreCase);
}
