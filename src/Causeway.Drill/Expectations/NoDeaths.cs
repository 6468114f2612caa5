using Causeway.Drill.Engine;

namespace Causeway.Drill.Expectations;

/// <summary>No process ends that nobody asked to.</summary>
internal sealed record NoDeaths : Expectation
{
    public override string Key => "no-deaths";

    public override string Wanted => "no process ends but by a step";

    public override Finding Judge(DrillRecord record)
    {
        DrillEvent[] deaths = [.. record.Events.Where(what => what.Kind == EventKind.Death)];
        return Finding.If(deaths.Length == 0, deaths.Length == 0 ? "none died" : $"{deaths.Length} died, the first at {record.Clock(deaths[0].At)}: {deaths[0].Text}");
    }
}
