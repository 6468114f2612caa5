using Causeway.Drill.Deployments;
using Causeway.Drill.Engine;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Expectations;

/// <summary>A memory limit that a step sets holds at the end, in the processes that ran before it.</summary>
internal sealed record LimitRaisedLive(string Region) : Expectation
{
    public override string Key => "limit-raised-live";

    public override string Wanted => $"the new memory limit of {Region} holds, without a restart";

    public override Finding Judge(DrillRecord record)
    {
        DrillEvent? step = record.Events.LastOrDefault(what => what.Kind == EventKind.Step && what.Key == "memory-limit" && what.Region == Region);
        SetMemoryLimit? limit = record.Script.Steps.Select(planned => planned.Action).OfType<SetMemoryLimit>().LastOrDefault(set => set.Region == Region);
        if (step is null || limit is null)
        {
            return new Finding(Verdict.Failed, "no step changed it");
        }

        if (record.Events.FirstOrDefault(what => what.Kind == EventKind.NotPossible && what.Key == "memory-limit") is { } refusal)
        {
            return new Finding(Verdict.Failed, refusal.Text);
        }

        DrillSample? before = record.Samples.LastOrDefault(sample => sample.At < step.At);
        DrillSample? last = record.Samples.Count > 0 ? record.Samples[^1] : null;
        NodeProcess[] nodes = [.. before?.Processes.Where(node => node.Region == Region && node.ProcessId != 0) ?? []];
        NodeProcess? wrong = nodes.FirstOrDefault(node => !Holds(node, last!, limit.Bytes));
        return (nodes.Length, wrong) switch
        {
            (0, _) => new Finding(Verdict.Failed, "no node was alive then"),
            (_, { } node) => new Finding(Verdict.Failed, $"{node.Node}: {Found(node, last!)}"),
            _ => new Finding(Verdict.Met, $"{ScriptText.Bytes(limit.Bytes)} in {nodes.Length} processes that ran before"),
        };
    }

    private static bool Holds(NodeProcess node, DrillSample last, long bytes) =>
        last.Of(node.Node)?.MemoryLimitBytes == bytes && last.Processes.Any(process => process == node);

    private static string Found(NodeProcess node, DrillSample last) => last.Of(node.Node) is not NodeSample now
        ? "does not answer at the end"
        : last.Processes.Any(process => process == node) ? $"{ScriptText.Bytes(now.MemoryLimitBytes)}" : "another process than before";
}
