using Causeway.Drill.Scripts;

namespace Causeway.Drill.Engine;

/// <summary>Finds out what happened by comparing each sample with what was before: alarms, deaths, limits passed, silence.</summary>
internal sealed class DrillWatch
{
    private readonly Dictionary<(string Node, string Rule), string> _open = [];
    private readonly HashSet<(string Node, string Death)> _dead = [];
    private readonly HashSet<string> _over = [];
    private readonly HashSet<string> _silent = [];

    /// <summary>Takes a sample and gives what it tells.</summary>
    public IReadOnlyList<DrillEvent> Take(DrillSample sample)
    {
        List<DrillEvent> events = [];
        foreach (NodeProcess process in sample.Processes)
        {
            Look(sample, process, events);
        }

        return events;
    }

    private void Look(DrillSample sample, NodeProcess process, List<DrillEvent> events)
    {
        DrillEvent about = new() { At = sample.At, Kind = EventKind.Death, Text = "", Region = process.Region, Node = process.Node };
        if (process.ProcessId != 0)
        {
            _dead.RemoveWhere(dead => dead.Node == process.Node);
        }
        else if (process.Death is { } death && _dead.Add((process.Node, death)))
        {
            events.Add(about with { Text = $"{process.Node} died: {ScriptText.OneLine(death)}" });
        }

        Deployments.NodeSample? node = sample.Of(process.Node);
        if (node is null)
        {
            _over.Remove(process.Node);
            if (process.ProcessId != 0 && _silent.Add(process.Node))
            {
                events.Add(about with { Kind = EventKind.Warning, Text = $"{process.Node} does not answer" });
            }

            CloseAll(process.Node, process.ProcessId == 0 ? about : null, events);
            return;
        }

        if (_silent.Remove(process.Node))
        {
            events.Add(about with { Kind = EventKind.Warning, Text = $"{process.Node} answers again" });
        }

        if (node.ResidentBytes <= node.MemoryLimitBytes)
        {
            _over.Remove(process.Node);
        }
        else if (_over.Add(process.Node))
        {
            events.Add(about with
            {
                Kind = EventKind.Warning,
                Text = $"{process.Node} is over its memory limit: {ScriptText.Bytes(node.ResidentBytes)} of {ScriptText.Bytes(node.MemoryLimitBytes)}",
            });
        }

        LookAtAlarms(node, about, events);
    }

    private void LookAtAlarms(Deployments.NodeSample node, DrillEvent about, List<DrillEvent> events)
    {
        Dictionary<string, string> now = [];
        foreach (string alarm in node.Alarms)
        {
            int colon = alarm.IndexOf(':', StringComparison.Ordinal);
            string rule = colon < 0 ? alarm : alarm[..colon];
            now.TryAdd(rule.Trim(), colon < 0 ? "" : alarm[(colon + 1)..].Trim());
        }

        foreach ((string rule, string cause) in now)
        {
            if (_open.TryAdd((node.Node, rule), cause))
            {
                events.Add(about with { Kind = EventKind.AlarmOpened, Key = rule, Text = $"{rule} on {node.Node}: {cause}" });
            }
        }

        foreach ((string Node, string Rule) alarm in _open.Keys.Where(alarm => alarm.Node == node.Node && !now.ContainsKey(alarm.Rule)).ToList())
        {
            _open.Remove(alarm);
            events.Add(about with { Kind = EventKind.AlarmClosed, Key = alarm.Rule, Text = $"{alarm.Rule} on {node.Node} is over" });
        }
    }

    /// <summary>The alarms of a node that is gone are gone; those of one that is only silent stay.</summary>
    private void CloseAll(string node, DrillEvent? about, List<DrillEvent> events)
    {
        if (about is null)
        {
            return;
        }

        foreach ((string Node, string Rule) alarm in _open.Keys.Where(alarm => alarm.Node == node).ToList())
        {
            _open.Remove(alarm);
            events.Add(about with { Kind = EventKind.AlarmClosed, Key = alarm.Rule, Text = $"{alarm.Rule} on {node} is over: the node is gone" });
        }
    }
}
