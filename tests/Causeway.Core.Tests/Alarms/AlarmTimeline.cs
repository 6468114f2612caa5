using Causeway.Core.Alarms;
using Causeway.Core.Control;

namespace Causeway.Core.Tests.Alarms;

/// <summary>An engine under a clock that the test moves, a look a second.</summary>
internal sealed class AlarmTimeline(AlarmLimits? limits = null)
{
    public static readonly DateTimeOffset Start = new(2024, 3, 8, 4, 30, 0, TimeSpan.Zero);

    public AlarmEngine Engine { get; } = new(limits ?? new AlarmLimits());

    public TimeSpan Elapsed { get; set; } = TimeSpan.FromHours(1);

    public DateTimeOffset Wall { get; set; } = Start;

    public List<AlarmChange> Changes { get; } = [];

    public int Attributions { get; private set; }

    /// <summary>Takes a look and lets a second go by.</summary>
    public IReadOnlyList<AlarmChange> Look(params AlarmCondition[] conditions)
    {
        IReadOnlyList<AlarmChange> changes = Engine.Evaluate(Elapsed, Wall, conditions);
        Changes.AddRange(changes);
        Elapsed += TimeSpan.FromSeconds(1);
        Wall += TimeSpan.FromSeconds(1);
        return changes;
    }

    public void Look(int times, params AlarmCondition[] conditions)
    {
        for (int i = 0; i < times; i++)
        {
            Look(conditions);
        }
    }

    public AlarmCondition Condition(AlarmLevel level, string key = "a", AlarmSeverity severity = AlarmSeverity.Warning, int openAfter = 3, int closeAfter = 5, string summary = "it is so") => new()
    {
        Key = key,
        Rule = "rule",
        Severity = severity,
        Subject = "n1",
        Summary = summary,
        Level = level,
        OpenAfter = TimeSpan.FromSeconds(openAfter),
        CloseAfter = TimeSpan.FromSeconds(closeAfter),
        FindCause = () =>
        {
            Attributions++;
            return new AlarmCause($"cause {Attributions}", new Dictionary<string, string> { ["account"] = "pending" });
        },
    };
}
