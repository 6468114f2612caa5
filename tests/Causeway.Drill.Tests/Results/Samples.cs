using Causeway.Drill.Engine;
using Causeway.Drill.Results;
using Causeway.Drill.Tests.Expectations;

namespace Causeway.Drill.Tests.Results;

/// <summary>Results for tests.</summary>
internal static class Samples
{
    public static RunFacts Facts => new()
    {
        Version = "causeway 0.1.0",
        StartedAt = new DateTimeOffset(2026, 3, 8, 4, 50, 0, TimeSpan.Zero),
        Command = "causeway drill sample",
        Machine = ["a machine"],
        Size = 1,
    };

    public static DrillResult Of(DrillRecord record) => ResultBuilder.Of(record, Facts);

    /// <summary>A result with steps, an alarm and a death.</summary>
    public static DrillResult Eventful() => Of(Records.Good().With(
        Records.Event(0, EventKind.Phase, "begins"),
        Records.Event(2, EventKind.Step, "link stalls", "stall"),
        Records.Event(3, EventKind.AlarmOpened, "memory_growth on east-1: room.", "memory_growth", "east", "east-1"),
        Records.Event(6, EventKind.Death, "west-1 died: out of memory", "", "west", "west-1")));
}
