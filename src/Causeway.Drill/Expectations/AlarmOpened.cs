using Causeway.Drill.Engine;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Expectations;

/// <summary>An alarm opens: by a rule, with a cause, by a moment, or so long before memory would be exhausted.</summary>
internal sealed record AlarmOpened(string Rule) : Expectation
{
    /// <summary>What the cause must have in it; empty for anything.</summary>
    public string CauseContains { get; init; } = "";

    /// <summary>The region of its node; null for any.</summary>
    public string? Region { get; init; }

    /// <summary>By which moment of the script's clock; null for any.</summary>
    public TimeSpan? By { get; init; }

    /// <summary>How long on the script's clock before memory would be exhausted; null where that is no matter.</summary>
    public TimeSpan? BeforeExhaustion { get; init; }

    public override string Key => "alarm";

    public override string Wanted => string.Concat(
        $"alarm {Rule}{(Region is null ? "" : $" in {Region}")}",
        CauseContains.Length == 0 ? "" : $" with a cause that names '{CauseContains}'",
        By is { } by ? $", within {ScriptText.Span(by)} on the script's clock" : "",
        BeforeExhaustion is { } before ? $", {ScriptText.Span(before)} (script's clock) before memory would be exhausted" : "");

    public override Finding Judge(DrillRecord record)
    {
        DrillEvent[] alarms = [.. record.Events.Where(what => what.Kind == EventKind.AlarmOpened)];
        DrillEvent? alarm = alarms.FirstOrDefault(Fits);
        if (alarm is null && record.Size < 1)
        {
            return new Finding(Verdict.NotTold, "not judged: a smaller load than the script's need not raise it");
        }

        if (alarm is null)
        {
            bool hasAlarms = record.Bus == DrillBuses.Causeway || alarms.Length > 0;
            DrillEvent? near = alarms.FirstOrDefault(what => what.Key == Rule) ?? alarms.FirstOrDefault();
            return hasAlarms
                ? new Finding(Verdict.Failed, near is null ? "no alarm opened" : $"none such; the nearest at {record.Clock(near.At)}: {near.Text}")
                : new Finding(Verdict.NotTold, "this bus has no alarms");
        }

        string found = $"{record.Clock(alarm.At)} {alarm.Text}";
        if (By is { } by && record.OnScriptClock(alarm.At) > by)
        {
            return new Finding(Verdict.Failed, $"too late: {found}");
        }

        return BeforeExhaustion is { } before ? JudgeExhaustion(record, alarm, before, found) : new Finding(Verdict.Met, found);
    }

    private bool Fits(DrillEvent alarm) =>
        alarm.Key == Rule
        && (Region is null || alarm.Region == Region)
        && alarm.Text.Contains(CauseContains, StringComparison.OrdinalIgnoreCase);

    private static Finding JudgeExhaustion(DrillRecord record, DrillEvent alarm, TimeSpan wanted, string found)
    {
        if (Exhaustion.Of(record, alarm.At) is not { } exhausted)
        {
            return new Finding(Verdict.Met, $"{found}; at the growth that was measured memory would have lasted");
        }

        TimeSpan before = record.OnScriptClock(exhausted - alarm.At);
        return Finding.If(before >= wanted, $"{found}; {ScriptText.Span(before)} before memory would have been exhausted at {record.Clock(exhausted)}");
    }
}
