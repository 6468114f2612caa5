using System.Globalization;
using Causeway.Core.Control;
using Causeway.Director.Registry;

namespace Causeway.Director.Pages.Ops;

/// <summary>What happened, newest last, in bounded memory: what changed from view to view, and what operators did. Thread-safe.</summary>
internal sealed class EventLog
{
    private readonly Lock _gate = new();
    private readonly Queue<OpsEvent> _events = new();
    private long _sequence;
    private DeploymentView? _last;

    /// <summary>The newest <paramref name="most"/>, newest first.</summary>
    public IReadOnlyList<OpsEvent> Newest(int most)
    {
        lock (_gate)
        {
            return [.. _events.Reverse().Take(most)];
        }
    }

    /// <summary>Notes what an operator did.</summary>
    public void Add(DateTimeOffset at, OpsEventKind kind, string text)
    {
        lock (_gate)
        {
            Append(at, kind, text);
        }
    }

    /// <summary>Notes what changed since the last view.</summary>
    public void Follow(DeploymentView view)
    {
        lock (_gate)
        {
            if (_last is { } last)
            {
                FollowRegions(last, view);
                FollowNodes(last, view);
            }

            FollowAlarms(_last?.Alarms ?? [], view);
            _last = view;
        }
    }

    private void FollowRegions(DeploymentView last, DeploymentView view)
    {
        foreach (RegionView region in view.Regions)
        {
            RegionView? old = last.Regions.FirstOrDefault(one => one.Name == region.Name);
            if (old is null)
            {
                Append(view.At, OpsEventKind.Good, $"Region {region.Name} has appeared");
                continue;
            }

            if (old.Health != region.Health)
            {
                string reasons = region.Reasons.Count == 0 ? "" : ": " + string.Join("; ", region.Reasons);
                Append(view.At, region.Health == RegionHealth.Healthy ? OpsEventKind.Good : OpsEventKind.Bad, $"Region {region.Name} is {region.Health.ToString().ToLowerInvariant()}{reasons}");
            }

            if (old.IsDraining != region.IsDraining)
            {
                Append(view.At, OpsEventKind.Note, region.IsDraining ? $"Region {region.Name} is being drained" : $"Region {region.Name} takes clients again");
            }
        }
    }

    private void FollowNodes(DeploymentView last, DeploymentView view)
    {
        Dictionary<string, NodeView> before = last.Nodes.GroupBy(node => ViewHistory.Key(node.Report)).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        foreach (NodeView node in view.Nodes)
        {
            string name = ViewHistory.Key(node.Report);
            if (!before.TryGetValue(name, out NodeView? old))
            {
                Append(view.At, OpsEventKind.Good, $"Node {name} has joined");
                continue;
            }

            if (old.IsLost != node.IsLost)
            {
                Append(view.At, node.HasLeft ? OpsEventKind.Note : node.IsLost ? OpsEventKind.Bad : OpsEventKind.Good, $"Node {name} {(node.HasLeft ? "has left" : node.IsLost ? "is lost" : "is back")}");
            }

            if (old.Report.Memory.LimitBytes != node.Report.Memory.LimitBytes)
            {
                Append(view.At, OpsEventKind.Note, string.Create(CultureInfo.InvariantCulture, $"Node {name} has a memory budget of {node.Report.Memory.LimitBytes >> 20} MiB, it was {old.Report.Memory.LimitBytes >> 20} MiB"));
            }

            if (old.Report.State != node.Report.State)
            {
                Append(view.At, OpsEventKind.Note, $"Node {name} is {node.Report.State.ToString().ToLowerInvariant()}");
            }
        }

        HashSet<string> there = [.. view.Nodes.Select(node => ViewHistory.Key(node.Report))];
        foreach ((string name, NodeView node) in before.Where(pair => !there.Contains(pair.Key)))
        {
            if (!node.HasLeft)
            {
                Append(view.At, OpsEventKind.Note, node.IsLost ? $"Node {name} is forgotten: it has been lost for long" : $"Node {name} has left");
            }
        }
    }

    private void FollowAlarms(IReadOnlyList<AlarmReport> before, DeploymentView view)
    {
        foreach (AlarmReport alarm in view.Alarms.Where(alarm => before.All(old => old.Key != alarm.Key)))
        {
            Append(view.At, OpsEventKind.Bad, $"Alarm opened, {alarm.Severity.ToString().ToLowerInvariant()}: {alarm.Summary}");
        }

        foreach (AlarmReport alarm in before.Where(old => view.Alarms.All(alarm => alarm.Key != old.Key)))
        {
            Append(view.At, OpsEventKind.Good, $"Alarm closed: {alarm.Summary}");
        }
    }

    private void Append(DateTimeOffset at, OpsEventKind kind, string text)
    {
        _events.Enqueue(new OpsEvent(++_sequence, at, kind, text));
        if (_events.Count > PagesLimits.MaxEvents)
        {
            _events.Dequeue();
        }
    }
}

/// <summary>One event. Immutable.</summary>
internal sealed record OpsEvent(long Sequence, DateTimeOffset At, OpsEventKind Kind, string Text);

/// <summary>What an event means.</summary>
internal enum OpsEventKind
{
    Note,
    Good,
    Bad,
    Operator,
}
