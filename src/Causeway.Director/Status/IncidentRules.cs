using System.Collections.Immutable;
using Causeway.Core.Control;
using Causeway.Director.Registry;

namespace Causeway.Director.Status;

/// <summary>
/// When incidents open, what their timelines say, and when they end: all from readings and alarms, without a person. Not thread-safe.
/// </summary>
public sealed class IncidentRules
{
    private DateTimeOffset? _last;
    private TimeSpan _betterFor;

    /// <summary>The log after a look at <paramref name="now"/>.</summary>
    /// <param name="log">The log before.</param>
    /// <param name="before">The components as they were published.</param>
    /// <param name="after">The components as they are published now.</param>
    /// <param name="readings">The components as they look, before hysteresis.</param>
    /// <param name="view">The deployment, with the alarms that are open.</param>
    /// <param name="now">The moment.</param>
    public IncidentLog Look(
        IncidentLog log,
        ImmutableArray<ComponentStatus> before,
        ImmutableArray<ComponentStatus> after,
        IReadOnlyDictionary<string, Reading> readings,
        DeploymentView view,
        DateTimeOffset now)
    {
        List<ComponentStatus> bad = [.. after.Where(component => component.State != ComponentState.Operational)];
        if (log.Open is not { } incident)
        {
            _betterFor = TimeSpan.Zero;
            _last = now;
            if (bad.Count == 0)
            {
                return log;
            }

            IncidentLog opened = log.WithOpened(bad, now);
            return opened.With(Identify(opened.Open!, readings, view, now));
        }

        Incident next = Identify(Follow(incident, before, after, now), readings, view, now);
        next = Mitigate(next, readings, now);
        if (bad.Count == 0)
        {
            next = next.WithEntry(IncidentPhase.Recovered, StatusWords.Recovered, now);
        }

        return ReferenceEquals(next, incident) ? log : log.With(next);
    }

    /// <summary>Notes each change of a component, what it affects, and the worst of it.</summary>
    private static Incident Follow(Incident incident, ImmutableArray<ComponentStatus> before, ImmutableArray<ComponentStatus> after, DateTimeOffset now)
    {
        bool isOver = after.All(component => component.State == ComponentState.Operational);
        foreach (ComponentStatus component in after)
        {
            ComponentState old = before.FirstOrDefault(one => one.Id == component.Id)?.State ?? ComponentState.Operational;
            if (component.State == old)
            {
                continue;
            }

            AffectedComponent? known = incident.Affected.FirstOrDefault(one => one.Id == component.Id);
            AffectedComponent affected = new()
            {
                Id = component.Id,
                Region = component.Region,
                Worst = known is not null && known.Worst > component.State ? known.Worst : component.State,
            };
            incident = incident with { Affected = known is null ? incident.Affected.Add(affected) : incident.Affected.Replace(known, affected) };
            if (component.State > old && incident.Phase == IncidentPhase.Mitigated)
            {
                incident = incident.WithEntry(IncidentPhase.Update, $"{StatusWords.Returned} {StatusWords.Changed(component)}", now);
            }
            else if (!isOver)
            {
                incident = incident.WithEntry(IncidentPhase.Update, StatusWords.Changed(component), now);
            }
        }

        return incident;
    }

    /// <summary>
    /// It is identified with the first open alarm that explains it; one that is open for another reason does not. All are kept for
    /// operators.
    /// </summary>
    private static Incident Identify(Incident incident, IReadOnlyDictionary<string, Reading> readings, DeploymentView view, DateTimeOffset now)
    {
        foreach (AlarmReport alarm in view.Alarms.Where(alarm => alarm.ClosedAt is null && alarm.Cause.Length > 0))
        {
            if (incident.Phase < IncidentPhase.Identified && KindOf(alarm, readings, view) is { } trouble)
            {
                incident = incident.WithEntry(IncidentPhase.Identified, StatusWords.Identified(trouble), now);
            }

            if (incident.Evidence.Any(evidence => evidence.Key == alarm.Key))
            {
                continue;
            }

            if (incident.Evidence.Length < StatusLimits.MaxEvidence)
            {
                IncidentEvidence evidence = new() { At = now, Key = alarm.Key, Summary = alarm.Summary, Cause = alarm.Cause };
                incident = incident with { Evidence = incident.Evidence.Add(evidence) };
            }
        }

        bool isMaintenance = readings.Count > 0 && readings.Values.All(reading => reading.Trouble is Trouble.None or Trouble.Maintenance)
            && readings.Values.Any(reading => reading.Trouble == Trouble.Maintenance);
        return isMaintenance && incident.Phase < IncidentPhase.Identified
            ? incident.WithEntry(IncidentPhase.Identified, StatusWords.Identified(Trouble.Maintenance), now)
            : incident;
    }

    /// <summary>
    /// The trouble that <paramref name="alarm"/> explains: of a kind that the components are in, or a critical one of a region that is in
    /// trouble, as memory that is short is before nodes are lost for it. What links tell of a region is what it does to them. Null if none.
    /// </summary>
    private static Trouble? KindOf(AlarmReport alarm, IReadOnlyDictionary<string, Reading> readings, DeploymentView view)
    {
        Trouble kind = Reading.TroubleOf(alarm);
        if (kind == Trouble.Unknown)
        {
            Trouble worst = readings.Values.Aggregate(default(Reading), Reading.Worse).Trouble;
            return worst is Trouble.None or Trouble.Unknown ? null : worst;
        }

        bool isOfRegion = alarm.Severity == AlarmSeverity.Critical && kind is not (Trouble.Links or Trouble.Inside) && view.Regions.Any(region =>
            readings.TryGetValue(ComponentStatus.RegionalId(region.Name), out Reading reading) && reading.State != ComponentState.Operational && Reading.Concerns(alarm, region.Name, view));
        bool explains = isOfRegion || readings.Values.Any(reading => reading.Trouble == kind || reading.Trouble == Trouble.Unknown);
        return explains && kind != Trouble.None ? kind : null;
    }

    /// <summary>It is mitigated when all has looked better than the worst of it, and like no outage, for a while without a break.</summary>
    private Incident Mitigate(Incident incident, IReadOnlyDictionary<string, Reading> readings, DateTimeOffset now)
    {
        TimeSpan passed = _last is { } last ? TimeSpan.FromTicks(Math.Clamp((now - last).Ticks, 0, StatusLimits.MaxLookTime.Ticks)) : TimeSpan.Zero;
        _last = now;
        ComponentState worst = readings.Count == 0 ? incident.Impact : readings.Values.Max(reading => reading.State);
        bool isBetter = worst < incident.Impact && worst <= ComponentState.DegradedPerformance;
        _betterFor = isBetter ? _betterFor + passed : TimeSpan.Zero;
        return _betterFor >= StatusLimits.MitigatedAfter && incident.Phase < IncidentPhase.Mitigated
            ? incident.WithEntry(IncidentPhase.Mitigated, StatusWords.Mitigated, now)
            : incident;
    }
}
