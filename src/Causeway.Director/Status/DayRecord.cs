using System.Collections.Immutable;

namespace Causeway.Director.Status;

/// <summary>How all components were on one day (UTC). One stored document. Immutable.</summary>
public sealed record DayRecord
{
    /// <summary>The day.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Until when it is complete.</summary>
    public required DateTimeOffset AccountedUntil { get; init; }

    /// <summary>By component: milliseconds in each <see cref="ComponentState"/>, in the order of its values.</summary>
    public required ImmutableSortedDictionary<string, ImmutableArray<long>> Milliseconds { get; init; }

    /// <summary>A record of <paramref name="day"/> that begins at <paramref name="from"/>.</summary>
    public static DayRecord Begin(DateOnly day, DateTimeOffset from) => new()
    {
        Day = day,
        AccountedUntil = from,
        Milliseconds = ImmutableSortedDictionary.Create<string, ImmutableArray<long>>(StringComparer.Ordinal),
    };

    /// <summary>The day of <paramref name="moment"/>.</summary>
    public static DateOnly DayOf(DateTimeOffset moment) => DateOnly.FromDateTime(moment.UtcDateTime);

    /// <summary>
    /// With the time up to <paramref name="now"/>, or to the day's end, spent as <paramref name="components"/> are. A gap of more than
    /// <see cref="StatusLimits.MaxAccountedGap"/> counts for nothing, since nobody watched; nor does time that was counted already.
    /// </summary>
    public DayRecord Account(IEnumerable<ComponentStatus> components, DateTimeOffset now)
    {
        DateTimeOffset end = new(Day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        DateTimeOffset until = now < end ? now : end;
        TimeSpan passed = until - AccountedUntil;
        if (passed <= TimeSpan.Zero)
        {
            return this;
        }

        if (passed > StatusLimits.MaxAccountedGap)
        {
            return this with { AccountedUntil = until };
        }

        ImmutableSortedDictionary<string, ImmutableArray<long>> milliseconds = Milliseconds;
        foreach (ComponentStatus component in components)
        {
            ImmutableArray<long> old = milliseconds.TryGetValue(component.Id, out ImmutableArray<long> known) ? known : [0, 0, 0, 0];
            int state = (int)component.State;
            milliseconds = milliseconds.SetItem(component.Id, old.SetItem(state, old[state] + (long)passed.TotalMilliseconds));
        }

        return this with { AccountedUntil = until, Milliseconds = milliseconds };
    }

    /// <summary>How <paramref name="component"/> was that day.</summary>
    public DayUptime Of(string component) => Milliseconds.TryGetValue(component, out ImmutableArray<long> known) && known.Length == 4
        ? new DayUptime(Day, known[0], known[1], known[2], known[3])
        : new DayUptime(Day, 0, 0, 0, 0);
}

/// <summary>How a component was on one day, in milliseconds of each state.</summary>
public readonly record struct DayUptime(DateOnly Day, long Operational, long Degraded, long Partial, long Major)
{
    /// <summary>Time that was watched.</summary>
    public long Watched => Operational + Degraded + Partial + Major;

    /// <summary>The worst that it was for a second or longer; null if nobody watched.</summary>
    public ComponentState? Worst => Watched == 0 ? null
        : Major >= 1000 ? ComponentState.MajorOutage
        : Partial >= 1000 ? ComponentState.PartialOutage
        : Degraded >= 1000 ? ComponentState.DegradedPerformance
        : ComponentState.Operational;

    /// <summary>The share of the watched time of <paramref name="days"/> without any outage, 0 to 1; null if nobody watched.</summary>
    public static double? Uptime(IEnumerable<DayUptime> days)
    {
        long watched = 0;
        long up = 0;
        foreach (DayUptime day in days)
        {
            watched += day.Watched;
            up += day.Operational + day.Degraded;
        }

        return watched == 0 ? null : (double)up / watched;
    }
}
