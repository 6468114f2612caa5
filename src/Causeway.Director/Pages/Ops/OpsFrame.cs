using System.Text.Json;
using System.Text.Json.Serialization;
using Causeway.Core.Control;
using Causeway.Director.Registry;
using Causeway.Director.Status;

namespace Causeway.Director.Pages.Ops;

/// <summary>
/// What a live operations page gets about once a second, as JSON. Made once for all pages. It escapes what HTML would read as markup, and
/// the page's script writes it as text only. Not thread-safe.
/// </summary>
internal sealed class OpsFrame
{
    /// <summary>How everything for the operations page is written.</summary>
    public static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly Dictionary<string, NodeRate> _rates = new(StringComparer.Ordinal);

    /// <summary>The frame of <paramref name="view"/>.</summary>
    public byte[] Write(DeploymentView view, StatusSnapshot status, IReadOnlyList<OpsEvent> events, DrillState? drill)
    {
        Follow(view);
        List<NodeView> shown = [.. view.Nodes.OrderByDescending(node => (double)node.Report.Memory.UsedBytes / Math.Max(1, node.Report.Memory.LimitBytes)).Take(PagesLimits.MaxNodesShown)];
        List<AlarmReport> alarms = [.. view.Alarms.OrderByDescending(alarm => alarm.Severity).ThenBy(alarm => alarm.OpenedAt).Take(PagesLimits.MaxAlarmsShown)];
        return JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                view.At,
                State = StatusWords.StateKey(status.Worst),
                StateText = status.Components.Length == 0 ? "No measurements yet" : StatusWords.Overall(status.Worst),
                Components = status.Components.Select(component => new
                {
                    component.Id,
                    component.Region,
                    Name = StatusWords.Component(component.Region),
                    State = StatusWords.StateKey(component.State),
                    StateText = StatusWords.State(component.State),
                    component.Since,
                    IsGone = component.Region.Length > 0 && view.Regions.All(region => region.Name != component.Region),
                }),
                Totals = Totals(view),
                Regions = view.Regions.Select(region => Region(region, view)),
                Links = LinkPairs.Of(view),
                Nodes = shown.OrderBy(node => node.Report.Region, StringComparer.Ordinal).ThenBy(node => node.Report.Node, StringComparer.Ordinal).Select(Node),
                NodesOmitted = view.Nodes.Count - shown.Count,
                Alarms = alarms,
                AlarmsOmitted = view.Alarms.Count - alarms.Count,
                Directors = view.Directors,
                Incidents = status.Log.Incidents.Take(PagesLimits.MaxIncidentsShown).Select(Incident),
                Events = events,
                Drill = drill,
            },
            Format);
    }

    private static object Incident(Incident incident) => new
    {
        incident.Id,
        Title = StatusWords.Title(incident),
        incident.IsOpen,
        Phase = StatusWords.Phase(incident.Phase),
        Impact = StatusWords.StateKey(incident.Impact),
        incident.DetectedAt,
        incident.RecoveredAt,
        incident.Evidence,
        Timeline = incident.Timeline.Select(entry => new { entry.At, Phase = StatusWords.Phase(entry.Phase), entry.Text, entry.IsByOperator }),
    };

    private object Totals(DeploymentView view)
    {
        List<NodeView> live = [.. view.Nodes.Where(node => !node.IsLost)];
        return new
        {
            Clients = view.Regions.Sum(region => region.Clients),
            Nodes = view.Nodes.Count,
            ReadyNodes = view.Regions.Sum(region => region.ReadyNodes),
            Subscriptions = live.Sum(node => node.Report.Subscriptions),
            InPerSecond = live.Sum(node => Rate(node).In),
            OutPerSecond = live.Sum(node => Rate(node).Out),
            WanBytesPerSecond = live.Sum(node => node.Report.Links.Where(link => link.Kind == "wan" && link.Direction == "out").Sum(link => link.BytesPerSecond)),
            UsedBytes = live.Sum(node => node.Report.Memory.UsedBytes),
            LimitBytes = live.Sum(node => node.Report.Memory.LimitBytes),
        };
    }

    private static object Region(RegionView region, DeploymentView view)
    {
        List<NodeReport> nodes = [.. view.Nodes.Where(node => !node.IsLost && node.Report.Region == region.Name).Select(node => node.Report)];
        return new
        {
            region.Name,
            region.Health,
            region.Reasons,
            region.IsDraining,
            region.ReadyNodes,
            region.Nodes,
            region.Clients,
            region.Room,
            region.Headroom,
            Subscriptions = nodes.Sum(node => node.Subscriptions),
            ExportedEntries = nodes.Select(node => node.ExportedToRemotes).DefaultIfEmpty(0).Max(),
            HeldEntries = nodes.Sum(node => node.RemoteEntries),
        };
    }

    private object Node(NodeView node)
    {
        NodeReport report = node.Report;
        return new
        {
            Key = ViewHistory.Key(report),
            report.Region,
            Name = report.Node,
            report.Version,
            report.StartedAt,
            report.ClientAddress,
            node.IsLost,
            node.ReportedAt,
            report.State,
            report.IsReady,
            report.Reasons,
            report.Clients,
            report.MaxClients,
            report.Subscriptions,
            report.SlowConsumers,
            Used = report.Memory.UsedBytes,
            Limit = report.Memory.LimitBytes,
            Resident = report.Memory.ResidentBytes,
            report.Memory.ProcessLimitBytes,
            report.Memory.Uses,
            report.Memory.Step,
            Growth = report.Memory.GrowthBytesPerSecond,
            report.Memory.SecondsToExhaustion,
            report.Memory.Headroom,
            report.LoopDelayMilliseconds,
            report.BusRoundTripMilliseconds,
            report.ExportedToRegion,
            report.ExportedToRemotes,
            report.RemoteEntries,
            InPerSecond = Rate(node).In,
            OutPerSecond = Rate(node).Out,
        };
    }

    private NodeRate Rate(NodeView node) => node.IsLost ? default : _rates.GetValueOrDefault(ViewHistory.Key(node.Report));

    /// <summary>Makes rates of the counters of two reports of one lifetime; the last one stays while no new report comes.</summary>
    private void Follow(DeploymentView view)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (NodeView node in view.Nodes)
        {
            NodeReport report = node.Report;
            string key = ViewHistory.Key(report);
            seen.Add(key);
            NodeRate old = _rates.GetValueOrDefault(key);
            double seconds = (node.ReportedAt - old.At).TotalSeconds;
            if (old.Id == report.Id && old.Sequence == report.Sequence)
            {
                continue;
            }

            bool isSame = old.Id == report.Id && seconds is > 0.05 and < 60;
            _rates[key] = new NodeRate(
                report.Id, report.Sequence, node.ReportedAt, report.InMessages, report.OutMessages,
                isSame ? Math.Max(0, (report.InMessages - old.InMessages) / seconds) : 0, isSame ? Math.Max(0, (report.OutMessages - old.OutMessages) / seconds) : 0);
        }

        foreach (string gone in _rates.Keys.Where(key => !seen.Contains(key)).ToList())
        {
            _rates.Remove(gone);
        }
    }

    private readonly record struct NodeRate(string Id, long Sequence, DateTimeOffset At, long InMessages, long OutMessages, double In, double Out);
}
