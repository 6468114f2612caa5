using System.Collections.Immutable;

namespace Causeway.Director.Status;

/// <summary>All that the status page shows, at one moment. Immutable.</summary>
public sealed record StatusSnapshot
{
    /// <summary>A snapshot of which nothing is known yet.</summary>
    public static readonly StatusSnapshot Empty = new() { At = default, Components = [], Log = IncidentLog.Empty, Days = [] };

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The components.</summary>
    public required ImmutableArray<ComponentStatus> Components { get; init; }

    /// <summary>The incidents.</summary>
    public required IncidentLog Log { get; init; }

    /// <summary>The records of the last <see cref="StatusLimits.Days"/> days, oldest first; days without one are left out.</summary>
    public required ImmutableArray<DayRecord> Days { get; init; }

    /// <summary>The worst state of all components.</summary>
    public ComponentState Worst => Components.Length == 0 ? ComponentState.Operational : Components.Max(component => component.State);

    /// <summary>How <paramref name="component"/> was on each of the last <see cref="StatusLimits.Days"/> days, oldest first.</summary>
    public ImmutableArray<DayUptime> UptimeOf(string component)
    {
        Dictionary<DateOnly, DayRecord> days = Days.ToDictionary(record => record.Day);
        DateOnly today = DayRecord.DayOf(At);
        return [.. Enumerable.Range(0, StatusLimits.Days)
            .Select(i => today.AddDays(Math.Max(i + 1 - StatusLimits.Days, DateOnly.MinValue.DayNumber - today.DayNumber)))
            .Select(day => days.TryGetValue(day, out DayRecord? record) ? record.Of(component) : new DayUptime(day, 0, 0, 0, 0))];
    }
}
