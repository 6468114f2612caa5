using Causeway.Drill.Engine;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Expectations;

/// <summary>Some time after the last blow all clients are connected again, wherever.</summary>
internal sealed record ClientsBackWithin(TimeSpan Most) : Expectation
{
    private static readonly string[] Blows = ["kill", "restart", "drain-node", "drain-region", "kill-region", "restart-region", "cut", "stall"];

    public override string Key => "clients-back-within";

    public override string Wanted => $"all clients connected within {ScriptText.Span(Most)} after the last blow";

    public override Finding Judge(DrillRecord record)
    {
        DrillEvent? blow = record.Events.LastOrDefault(what => what.Kind is EventKind.Death || (what.Kind == EventKind.Step && Blows.Contains(what.Key)));
        int wanted = record.FinalLoad.Values.Sum(level => level.Clients);
        if (blow is null || wanted == 0)
        {
            return new Finding(Verdict.Failed, blow is null ? "no blow was dealt" : "there are no clients");
        }

        DrillSample[] after = [.. record.Samples.Where(sample => sample.At >= blow.At)];
        DrillSample? back = after.FirstOrDefault(sample => Connected(sample) >= wanted);
        return back is null
            ? new Finding(Verdict.Failed, $"{after.Select(Connected).LastOrDefault()} of {wanted} at the end")
            : Finding.If(back.At - blow.At <= Most, $"all {ScriptText.Number(wanted)} after {ScriptText.Span(back.At - blow.At)}");
    }

    private static int Connected(DrillSample sample) => sample.Load.Sum(load => load.Connected);
}
