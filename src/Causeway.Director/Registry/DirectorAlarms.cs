using Causeway.Core.Alarms;
using Causeway.Core.Control;
using Causeway.Director.Store;

namespace Causeway.Director.Registry;

/// <summary>The alarms that only a view of the whole can raise: nodes, regions, directors and the store that are gone or ill.</summary>
internal sealed class DirectorAlarms
{
    private const string NodeLost = "node_lost";
    private const string RegionDown = "region_down";
    private const string RegionDegraded = "region_degraded";
    private const string DirectorLost = "director_lost";
    private const string StoreLost = "store_lost";

    private readonly AlarmLimits _limits = new();
    private readonly AlarmEngine _engine;

    public DirectorAlarms() => _engine = new AlarmEngine(_limits);

    /// <summary>All rules.</summary>
    public static IReadOnlyList<string> Rules { get; } = [NodeLost, RegionDown, RegionDegraded, DirectorLost, StoreLost];

    /// <summary>Those that are open.</summary>
    public IReadOnlyList<AlarmReport> Open => _engine.Open;

    /// <summary>Alarms that could not be opened because too many are.</summary>
    public long Suppressed => _engine.Suppressed;

    /// <summary>Takes a look and gives what changed. One thread at a time.</summary>
    public IReadOnlyList<AlarmChange> Look(TimeSpan elapsed, DeploymentView view, StoreState store) =>
        _engine.Evaluate(elapsed, view.At, Conditions(view, store));

    /// <summary>The alarms that are open, with those of <paramref name="nodes"/>: the worst first, then the oldest.</summary>
    public IReadOnlyList<AlarmReport> Union(IReadOnlyList<NodeView> nodes) =>
    [
        .. _engine.Open.Concat(nodes.Where(node => !node.IsLost).SelectMany(node => node.Report.Alarms.Select(alarm => alarm with { Key = $"{node.Report.Region}/{node.Report.Node}/{alarm.Key}" })))
            .OrderByDescending(alarm => alarm.Severity).ThenBy(alarm => alarm.OpenedAt).ThenBy(alarm => alarm.Key, StringComparer.Ordinal)
            .Take(_limits.MaxWatchedConditions),
    ];

    private IEnumerable<AlarmCondition> Conditions(DeploymentView view, StoreState store)
    {
        foreach (NodeView node in view.Nodes.Where(node => node.IsLost && !node.HasLeft))
        {
            string name = $"{node.Report.Region}/{node.Report.Node}";
            yield return Condition(NodeLost, name, AlarmSeverity.Warning, $"nothing heard of node {name} since {node.ReportedAt:HH:mm:ss} UTC", Last(node));
        }

        // Who drains a region knows that it takes no clients.
        foreach (RegionView region in view.Regions.Where(region => !region.IsDraining))
        {
            string why = region.Reasons.Count > 0 ? string.Join("; ", region.Reasons) : "no node is ready";
            if (region.Health == RegionHealth.Down)
            {
                yield return Condition(RegionDown, region.Name, AlarmSeverity.Critical, $"no node of region {region.Name} can take clients", why);
            }
            else if (region.Health == RegionHealth.Degraded)
            {
                yield return Condition(RegionDegraded, region.Name, AlarmSeverity.Warning, $"region {region.Name} is degraded: {region.ReadyNodes} of {region.Nodes} nodes are ready", why);
            }
        }

        foreach (DirectorView director in view.Directors.Where(director => !director.IsSelf && view.At - director.SeenAt > StoreLimits.DirectorLostAfter))
        {
            yield return Condition(DirectorLost, director.Name, AlarmSeverity.Warning, $"nothing heard of director {director.Name} at {director.Url} since {director.SeenAt:HH:mm:ss} UTC", "the process ended, or can't reach the store");
        }

        if (!store.IsWell)
        {
            yield return Condition(StoreLost, "store", AlarmSeverity.Critical, "the directors' store can't be reached; each goes on from its memory with its share of admissions", store.Problem);
        }
    }

    private static string Last(NodeView node) => FormattableString.Invariant(
        $"the process ended or is cut off; its last report: headroom {node.Report.Memory.Headroom:0.00}, {node.Report.Clients} clients, slowest event loop {node.Report.LoopDelayMilliseconds:0} ms");

    private AlarmCondition Condition(string rule, string subject, AlarmSeverity severity, string summary, string cause) => new()
    {
        Key = $"{rule}/{subject}",
        Rule = rule,
        Subject = subject,
        Severity = severity,
        Summary = summary,
        Level = AlarmLevel.Raised,
        OpenAfter = rule is NodeLost or RegionDown ? TimeSpan.Zero : _limits.OpenHold,
        CloseAfter = _limits.OpenHold,
        FindCause = () => new AlarmCause(cause),
    };
}
