using System.Collections.Concurrent;
using Causeway.Core.Control;

namespace Causeway.Core.Alarms;

/// <summary>
/// Makes alarms of conditions: one opens once its condition was raised for a time, and closes once it was calm for a time. Knows no
/// rules: those who see something give it what they see, look by look. <see cref="Evaluate"/> belongs to one thread at a time;
/// everything else may be read by any.
/// </summary>
/// <param name="limits">How much it keeps.</param>
public sealed class AlarmEngine(AlarmLimits limits)
{
    private readonly Dictionary<string, Watched> _watched = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _openedByRule = new(StringComparer.Ordinal);
    private IReadOnlyList<AlarmReport> _open = [];
    private TimeSpan? _lastLook;
    private long _suppressed;

    /// <summary>The alarms that are open, the critical ones first, of those alike the oldest first. Replaced as a whole at each look.</summary>
    public IReadOnlyList<AlarmReport> Open => Volatile.Read(ref _open);

    /// <summary>What happened last.</summary>
    public IncidentLog Log { get; } = new(limits.MaxIncidentEntries, limits.MaxIncidentBytes);

    /// <summary>Sets the limits from the next look on; how much <see cref="Log"/> keeps stays. Belongs to the thread that looks.</summary>
    public void SetLimits(AlarmLimits next) => limits = next;

    /// <summary>How often an alarm of each rule opened.</summary>
    public IReadOnlyDictionary<string, long> OpenedByRule => _openedByRule;

    /// <summary>Looks at which a condition was not followed, or an alarm not opened, since there are too many already.</summary>
    public long Suppressed => Volatile.Read(ref _suppressed);

    /// <summary>
    /// Takes one look. What was given before and is no longer counts as calm. Of two conditions with one key the worse counts.
    /// </summary>
    /// <param name="elapsed">The time on any clock that goes forward evenly. One that stands or goes back lets no time pass, and of a
    /// leap no more than <see cref="AlarmLimits.MaxLookGap"/> counts: nobody has seen what was meanwhile.</param>
    /// <param name="now">The time on the wall, which only stands in the reports.</param>
    /// <param name="conditions">All conditions that are not calm; calm ones may be left out.</param>
    /// <returns>What changed, in order.</returns>
    public IReadOnlyList<AlarmChange> Evaluate(TimeSpan elapsed, DateTimeOffset now, IEnumerable<AlarmCondition> conditions)
    {
        TimeSpan passed = TimeSpan.FromTicks(Math.Clamp((elapsed - (_lastLook ?? elapsed)).Ticks, 0, limits.MaxLookGap.Ticks));
        _lastLook = elapsed;
        Dictionary<string, AlarmCondition> seen = new(StringComparer.Ordinal);
        foreach (AlarmCondition condition in conditions)
        {
            if (!seen.TryGetValue(condition.Key, out AlarmCondition? other) || condition.IsWorseThan(other))
            {
                seen[condition.Key] = condition;
            }
        }

        List<AlarmChange> changes = [];
        foreach ((string key, Watched watched) in _watched)
        {
            Look(watched, seen.Remove(key, out AlarmCondition? condition) ? condition : watched.Condition with { Level = AlarmLevel.Calm }, passed, now, changes);
            if (watched is { Report: null, Condition.Level: AlarmLevel.Calm })
            {
                _watched.Remove(key);
            }
        }

        // The worst first, should there not be room for all.
        foreach (AlarmCondition condition in seen.Values.Where(condition => condition.Level == AlarmLevel.Raised).OrderByDescending(condition => condition.Severity))
        {
            if (_watched.Count >= limits.MaxWatchedConditions)
            {
                Interlocked.Increment(ref _suppressed);
                continue;
            }

            Watched watched = new(condition);
            _watched[condition.Key] = watched;
            Look(watched, condition, TimeSpan.Zero, now, changes);
        }

        Publish();
        foreach (AlarmChange change in changes)
        {
            Log.Add(change);
        }

        return changes;
    }

    private void Look(Watched watched, AlarmCondition condition, TimeSpan passed, DateTimeOffset now, List<AlarmChange> changes)
    {
        // Between two looks a condition was what it was at both of them; if they differ, nobody knows.
        TimeSpan held = condition.Level == watched.Condition.Level ? passed : TimeSpan.Zero;
        watched.Condition = condition;
        watched.Raised = condition.Level switch
        {
            AlarmLevel.Raised => watched.Raised + held,
            AlarmLevel.Calm => TimeSpan.Zero,
            _ => watched.Raised,
        };
        watched.Calm = condition.Level switch
        {
            AlarmLevel.Calm => watched.Calm + held,
            AlarmLevel.Raised => TimeSpan.Zero,
            _ => watched.Calm,
        };
        if (watched.Report is not { } report)
        {
            if (condition.Level == AlarmLevel.Raised && watched.Raised >= condition.OpenAfter)
            {
                Begin(watched, now, changes);
            }
        }
        else if (condition.Level == AlarmLevel.Calm && watched.Calm >= condition.CloseAfter)
        {
            watched.Report = null;
            // The clock on the wall may have been set back meanwhile.
            changes.Add(new AlarmChange(AlarmChangeKind.Closed, now, report with { ClosedAt = now > report.OpenedAt ? now : report.OpenedAt }));
        }
        else if (condition.Level == AlarmLevel.Raised)
        {
            Renew(watched, report, now, changes);
        }
    }

    private void Begin(Watched watched, DateTimeOffset now, List<AlarmChange> changes)
    {
        if (_watched.Values.Count(other => other.Report is not null) >= limits.MaxOpenAlarms)
        {
            Interlocked.Increment(ref _suppressed);
            return;
        }

        AlarmCondition condition = watched.Condition;
        AlarmCause cause = CauseOf(condition);
        watched.Report = new AlarmReport
        {
            Key = condition.Key,
            Rule = condition.Rule,
            Severity = condition.Severity,
            Subject = AlarmText.Clean(condition.Subject),
            Summary = AlarmText.Clean(condition.Summary),
            Cause = AlarmText.Clean(cause.Text),
            Details = AlarmText.Clean(cause.Details),
            OpenedAt = now,
        };
        _openedByRule.AddOrUpdate(condition.Rule, 1, (_, count) => count + 1);
        changes.Add(new AlarmChange(AlarmChangeKind.Opened, now, watched.Report));
    }

    /// <summary>An alarm without a cause is better than none.</summary>
    private static AlarmCause CauseOf(AlarmCondition condition)
    {
        try
        {
            return condition.FindCause();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return new AlarmCause($"looking for the cause failed, which is a defect in Causeway: {fault.Message}");
        }
    }

    /// <summary>An alarm that is open tells the present numbers, and the cause that it was opened with.</summary>
    private static void Renew(Watched watched, AlarmReport report, DateTimeOffset now, List<AlarmChange> changes)
    {
        bool worsened = watched.Condition.Severity > report.Severity;
        watched.Report = report with
        {
            Summary = AlarmText.Clean(watched.Condition.Summary),
            Severity = worsened ? watched.Condition.Severity : report.Severity,
        };
        if (worsened)
        {
            changes.Add(new AlarmChange(AlarmChangeKind.Worsened, now, watched.Report));
        }
    }

    private void Publish() => Volatile.Write(
        ref _open,
        [.. _watched.Values.Select(watched => watched.Report).OfType<AlarmReport>().OrderByDescending(report => report.Severity).ThenBy(report => report.OpenedAt).ThenBy(report => report.Key, StringComparer.Ordinal)]);

    private sealed class Watched(AlarmCondition condition)
    {
        public AlarmCondition Condition { get; set; } = condition;

        public AlarmReport? Report { get; set; }

        public TimeSpan Raised { get; set; }

        public TimeSpan Calm { get; set; }
    }
}
