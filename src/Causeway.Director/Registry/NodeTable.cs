using Causeway.Core.Control;

namespace Causeway.Director.Registry;

/// <summary>
/// The nodes that a director knows, each with its newest report. Holds no clock: time is that since any moment, on a clock that goes
/// forward evenly. Not thread-safe.
/// </summary>
public sealed class NodeTable
{
    private readonly Dictionary<(string Region, string Node), KnownNode> _nodes = [];
    private TimeSpan? _heardAt;
    private TimeSpan? _beganAt;

    /// <summary>The nodes, by region and name.</summary>
    public IEnumerable<KnownNode> Nodes =>
        _nodes.Values.OrderBy(node => node.Report.Region, StringComparer.Ordinal).ThenBy(node => node.Report.Node, StringComparer.Ordinal);

    /// <summary>Takes a report that came at <paramref name="now"/>.</summary>
    public ReportResult Add(NodeReport report, TimeSpan now, DateTimeOffset at)
    {
        (string, string) name = (report.Region, report.Node);
        if (_nodes.TryGetValue(name, out KnownNode? known))
        {
            bool isNewer = known.Report.Id == report.Id ? report.Sequence > known.Report.Sequence : report.StartedAt > known.Report.StartedAt;
            if (!isNewer)
            {
                return ReportResult.Stale;
            }
        }
        else if (_nodes.Count >= ReportLimits.MaxNodes || !HasPlaceFor(report.Region))
        {
            return ReportResult.TooMany;
        }

        GoOn(now);
        _nodes[name] = new KnownNode(report, now, at);
        _heardAt = now;
        _beganAt ??= now;
        return ReportResult.Taken;
    }

    /// <summary>
    /// True if nothing has come from any node for as long as would make one lost: then it is more likely that this director is cut
    /// off than that all nodes ended together, and none of them counts as lost for that.
    /// </summary>
    public bool IsInDoubt(TimeSpan now) => _heardAt is not { } heard || now - heard > ReportLimits.NodeLostAfter;

    /// <summary>True until the first report is so old that each node has had the time to send one: before, most are not known.</summary>
    public bool IsBeginning(TimeSpan now) => _beganAt is not { } began || now - began < RegistryLimits.FirstHearing;

    /// <summary>True if <paramref name="node"/> has been silent for too long while others were heard.</summary>
    public bool IsLost(KnownNode node, TimeSpan now)
    {
        // While nobody is heard, time stands still for those that were alive at the last report of all.
        TimeSpan until = IsInDoubt(now) ? _heardAt ?? now : now;
        return until - node.HeardAt > ReportLimits.NodeLostAfter;
    }

    /// <summary>
    /// Forgets those that have been lost for <see cref="RegistryLimits.NodeForgottenAfter"/>; at once those that said that they leave,
    /// where another node of the region is there: nobody has to miss them.
    /// </summary>
    public void Forget(TimeSpan now)
    {
        HashSet<string> alive = [.. _nodes.Values.Where(node => !IsLost(node, now)).Select(node => node.Report.Region)];
        foreach (((string, string) name, KnownNode node) in _nodes)
        {
            bool hasLeft = node.Report.State == NodeState.Draining && alive.Contains(node.Report.Region);
            if (IsLost(node, now) && (hasLeft || now - node.HeardAt > RegistryLimits.NodeForgottenAfter))
            {
                _nodes.Remove(name);
            }
        }
    }

    /// <summary>After a time of doubt those that were alive before have as long to be heard again as if it had not been.</summary>
    private void GoOn(TimeSpan now)
    {
        if (_heardAt is not { } heard || !IsInDoubt(now))
        {
            return;
        }

        foreach (((string, string) name, KnownNode node) in _nodes.ToArray())
        {
            if (!IsLost(node, now))
            {
                _nodes[name] = node with { HeardAt = node.HeardAt + (now - heard) };
            }
        }
    }

    private bool HasPlaceFor(string region)
    {
        HashSet<string> regions = [.. _nodes.Keys.Select(name => name.Region)];
        return regions.Contains(region) || regions.Count < RegistryLimits.MaxRegions;
    }
}

/// <summary>A node and its newest report. Immutable.</summary>
/// <param name="Report">The report.</param>
/// <param name="HeardAt">When it came, on the table's clock.</param>
/// <param name="At">When it came, on the wall's clock.</param>
public sealed record KnownNode(NodeReport Report, TimeSpan HeardAt, DateTimeOffset At);
