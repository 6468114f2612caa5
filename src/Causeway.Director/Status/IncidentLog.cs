using System.Collections.Immutable;
using System.Globalization;

namespace Causeway.Director.Status;

/// <summary>The incidents, newest first; at most one is open. One stored document. Immutable.</summary>
public sealed record IncidentLog
{
    /// <summary>A log without incidents.</summary>
    public static readonly IncidentLog Empty = new() { Incidents = [] };

    /// <summary>The incidents, newest first.</summary>
    public required ImmutableArray<Incident> Incidents { get; init; }

    /// <summary>The one that is open.</summary>
    public Incident? Open => Incidents.FirstOrDefault(incident => incident.IsOpen);

    /// <summary>The one with <paramref name="id"/>.</summary>
    public Incident? Find(string id) => Incidents.FirstOrDefault(incident => incident.Id == id);

    /// <summary>With a new incident that affects <paramref name="affected"/>.</summary>
    public IncidentLog WithOpened(IReadOnlyList<ComponentStatus> affected, DateTimeOffset now)
    {
        string id = now.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        for (int i = 2; Find(id) is not null; i++)
        {
            id = string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd-HHmmss}-{i}");
        }

        Incident incident = new()
        {
            Id = id,
            DetectedAt = now,
            Phase = IncidentPhase.Detected,
            Affected = [.. affected.Select(component => new AffectedComponent { Id = component.Id, Region = component.Region, Worst = component.State })],
            Timeline = [new TimelineEntry { At = now, Phase = IncidentPhase.Detected, Text = StatusWords.Detected(affected) }],
        };
        return new IncidentLog { Incidents = [incident, .. Incidents.Take(StatusLimits.MaxIncidents - 1)] };
    }

    /// <summary>With <paramref name="incident"/> in the place of the one with its id.</summary>
    public IncidentLog With(Incident incident) => new() { Incidents = [.. Incidents.Select(old => old.Id == incident.Id ? incident : old)] };

    /// <summary>
    /// With an operator's words in the timeline of incident <paramref name="id"/>; null, with <paramref name="problem"/> saying why,
    /// if it can't be.
    /// </summary>
    public IncidentLog? Annotated(string id, string text, DateTimeOffset now, out string problem)
    {
        text = text.Trim();
        if (Find(id) is not { } incident)
        {
            problem = "there is no such incident";
            return null;
        }

        if (text.Length is 0 or > StatusLimits.MaxAnnotationCharacters)
        {
            problem = $"the text has {text.Length} characters, accepted are 1 to {StatusLimits.MaxAnnotationCharacters}";
            return null;
        }

        if (incident.Timeline.Count(entry => entry.IsByOperator) >= StatusLimits.MaxAnnotations)
        {
            problem = $"the incident has {StatusLimits.MaxAnnotations} annotations already, which is the most that is kept";
            return null;
        }

        problem = "";
        return With(incident.WithEntry(IncidentPhase.Update, text, now, isByOperator: true));
    }
}

/// <summary>Changes of one incident that keep its timeline in order.</summary>
internal static class IncidentChanges
{
    /// <summary>With one more entry, never earlier than the last; a phase that comes too late for its order is an update.</summary>
    public static Incident WithEntry(this Incident incident, IncidentPhase phase, string text, DateTimeOffset now, bool isByOperator = false)
    {
        phase = phase > incident.Phase ? phase : IncidentPhase.Update;
        if (!isByOperator && phase == IncidentPhase.Update && incident.Timeline.Count(entry => !entry.IsByOperator) >= StatusLimits.MaxAutomaticEntries)
        {
            return incident with { Omitted = incident.Omitted + 1 };
        }

        DateTimeOffset at = now > incident.UpdatedAt ? now : incident.UpdatedAt;
        return incident with
        {
            Phase = phase == IncidentPhase.Update ? incident.Phase : phase,
            RecoveredAt = phase == IncidentPhase.Recovered ? at : incident.RecoveredAt,
            Timeline = incident.Timeline.Add(new TimelineEntry { At = at, Phase = phase, Text = text, IsByOperator = isByOperator }),
        };
    }
}
