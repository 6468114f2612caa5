using System.Text.Json;
using System.Text.Json.Serialization;
using Causeway.Director.Status;

namespace Causeway.Director.Pages.Public;

/// <summary>The public status as JSON.</summary>
internal static class StatusData
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    /// <summary>The whole of it.</summary>
    public static byte[] Write(StatusSnapshot snapshot) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            MeasuredAt = snapshot.Components.Length == 0 ? (DateTimeOffset?)null : snapshot.At,
            State = snapshot.Components.Length == 0 ? "unknown" : StatusWords.StateKey(snapshot.Worst),
            Description = snapshot.Components.Length == 0 ? "No measurements yet" : StatusWords.Overall(snapshot.Worst),
            Components = snapshot.Components.Select(component => Component(component, snapshot)),
            Incidents = snapshot.Log.Incidents.Take(PagesLimits.MaxIncidentsInFeed).Select(Incident),
        },
        Format);

    private static object Component(ComponentStatus component, StatusSnapshot snapshot) => new
    {
        component.Id,
        Name = StatusWords.Component(component.Region),
        Region = component.Region.Length == 0 ? null : component.Region,
        State = StatusWords.StateKey(component.State),
        component.Since,
        Uptime = DayUptime.Uptime(snapshot.UptimeOf(component.Id)),
        Days = snapshot.UptimeOf(component.Id).Where(day => day.Watched > 0).Select(day => new
        {
            day.Day,
            Worst = StatusWords.StateKey(day.Worst ?? ComponentState.Operational),
            DegradedSeconds = day.Degraded / 1000,
            PartialOutageSeconds = day.Partial / 1000,
            MajorOutageSeconds = day.Major / 1000,
            WatchedSeconds = day.Watched / 1000,
        }),
    };

    private static object Incident(Incident incident) => new
    {
        incident.Id,
        Title = StatusWords.Title(incident),
        Impact = StatusWords.StateKey(incident.Impact),
        Phase = Phase(incident.Phase),
        incident.DetectedAt,
        incident.RecoveredAt,
        Components = incident.Affected.Select(component => component.Id),
        Timeline = incident.Timeline.Select(entry => new { entry.At, Phase = Phase(entry.Phase), entry.Text, ByOperator = entry.IsByOperator }),
    };

    private static string Phase(IncidentPhase phase) => StatusWords.Phase(phase).ToLowerInvariant();
}
