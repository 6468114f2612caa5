using System.Collections.Immutable;
using Causeway.Director.Registry;

namespace Causeway.Director.Status;

/// <summary>
/// Derives the components of the status page and its incidents from the deployment, look by look. It is the memory of the director
/// that publishes; another one that takes over begins with what is published. Not thread-safe.
/// </summary>
public sealed class StatusTracker
{
    private readonly Dictionary<string, ComponentTrack> _tracks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _absentSince = new(StringComparer.Ordinal);
    private readonly IncidentRules _incidents = new();

    /// <summary>Components that were not shown because there were too many, at the last look.</summary>
    public int Omitted { get; private set; }

    /// <summary>What is to be published after a look at <paramref name="view"/>.</summary>
    public (ImmutableArray<ComponentStatus> Components, IncidentLog Log) Look(
        ImmutableArray<ComponentStatus> published, IncidentLog log, DeploymentView view, DateTimeOffset now)
    {
        ImmutableSortedDictionary<string, Reading> readings = Reading.All(view);
        if (readings.Count == 0)
        {
            return (published, log);
        }

        readings = WithAbsent(readings, published, now);
        foreach (string id in _tracks.Keys.Where(id => !published.Any(component => component.Id == id)).ToList())
        {
            _tracks.Remove(id);
        }

        List<ComponentStatus> after = [];
        foreach ((string id, Reading reading) in readings.OrderBy(pair => pair.Key == ComponentStatus.GlobalId ? 0 : 1).Take(StatusLimits.MaxComponents))
        {
            after.Add(Look(id, reading, published.FirstOrDefault(component => component.Id == id), now));
        }

        Omitted = readings.Count - after.Count;
        after.AddRange(published.Where(component => !readings.ContainsKey(component.Id)).Take(StatusLimits.MaxComponents - after.Count));
        ImmutableArray<ComponentStatus> components =
            [.. after.OrderBy(component => component.Id == ComponentStatus.GlobalId ? 0 : 1).ThenBy(component => component.Id, StringComparer.Ordinal)];
        return (components, _incidents.Look(log, published, components, readings, view, now));
    }

    /// <summary>A region that was known and is not reported any more is down, once its grace has passed.</summary>
    private ImmutableSortedDictionary<string, Reading> WithAbsent(
        ImmutableSortedDictionary<string, Reading> readings, ImmutableArray<ComponentStatus> published, DateTimeOffset now)
    {
        foreach (string id in _absentSince.Keys.Where(id => readings.ContainsKey(id) || !published.Any(component => component.Id == id)).ToList())
        {
            _absentSince.Remove(id);
        }

        foreach (ComponentStatus component in published.Where(component => !readings.ContainsKey(component.Id)))
        {
            DateTimeOffset since = _absentSince.TryGetValue(component.Id, out DateTimeOffset known) && known <= now ? known : now;
            _absentSince[component.Id] = since;
            if (now - since >= StatusLimits.AbsentGrace)
            {
                readings = readings.Add(component.Id, new Reading(ComponentState.MajorOutage, Trouble.Servers));
            }
        }

        return readings;
    }

    private ComponentStatus Look(string id, Reading reading, ComponentStatus? published, DateTimeOffset now)
    {
        if (!_tracks.TryGetValue(id, out ComponentTrack? track))
        {
            _tracks.Add(id, track = new ComponentTrack(published?.State ?? ComponentState.Operational));
        }

        bool isChanged = track.Look(reading.State, now);
        string region = id == ComponentStatus.GlobalId ? "" : id[ComponentStatus.RegionalId("").Length..];
        return published is not null && !isChanged && published.State == track.Published
            ? published
            : new ComponentStatus { Id = id, Region = region, State = track.Published, Since = now };
    }
}
