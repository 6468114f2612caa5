using Causeway.Core.Control;
using Causeway.Director.Registry;

namespace Causeway.Director.Pages.Ops;

/// <summary>Memory of each node and clients of each region over the last half hour, in bounded memory. Thread-safe.</summary>
internal sealed class ViewHistory
{
    private const int FixedSeries = 3;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, NodeSamples> _nodes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SampleRing> _regions = new(StringComparer.Ordinal);
    private long _lastAt;

    /// <summary>Nodes that have no samples because there are too many, at the last sample.</summary>
    public int Omitted { get; private set; }

    /// <summary>How a node is named here.</summary>
    public static string Key(NodeReport report) => $"{report.Region}/{report.Node}";

    /// <summary>Takes a sample, if it is time for one.</summary>
    public void Add(DeploymentView view)
    {
        long at = view.At.ToUnixTimeMilliseconds();
        lock (_gate)
        {
            // A clock that was set back begins anew; a view that comes a little early is taken.
            if (at >= _lastAt && at - _lastAt < PagesLimits.SampleInterval.TotalMilliseconds * 0.9)
            {
                return;
            }

            _lastAt = at;
            Forget(at);
            Omitted = 0;
            foreach (NodeView node in view.Nodes.Where(node => !node.IsLost))
            {
                AddNode(node.Report, at);
            }

            foreach (RegionView region in view.Regions)
            {
                if (!_regions.TryGetValue(region.Name, out SampleRing? ring) && _regions.Count < PagesLimits.MaxSampledRegions)
                {
                    _regions.Add(region.Name, ring = new SampleRing(1));
                }

                ring?.Add(at, [region.Clients]);
            }
        }
    }

    /// <summary>Used memory and budget of each node, and clients of each region.</summary>
    public object Overview()
    {
        lock (_gate)
        {
            return new
            {
                Nodes = _nodes.Select(pair => new { Key = pair.Key, At = pair.Value.Ring.Times(), Used = pair.Value.Ring.Values(0), Limit = pair.Value.Ring.Values(1) }).ToList(),
                Regions = _regions.Select(pair => new { Region = pair.Key, At = pair.Value.Times(), Clients = pair.Value.Values(0) }).ToList(),
                Omitted,
            };
        }
    }

    /// <summary>All accounts of one node; null if it has no samples.</summary>
    public object? Accounts(string key)
    {
        lock (_gate)
        {
            return !_nodes.TryGetValue(key, out NodeSamples? node) ? null : new
            {
                Key = key,
                At = node.Ring.Times(),
                Limit = node.Ring.Values(1),
                Resident = node.Ring.Values(2),
                Uses = node.Uses.Select((use, i) => new { Use = use, Bytes = node.Ring.Values(FixedSeries + i) }).ToList(),
            };
        }
    }

    private void AddNode(NodeReport report, long at)
    {
        string key = Key(report);
        if (!_nodes.TryGetValue(key, out NodeSamples? node))
        {
            if (_nodes.Count >= PagesLimits.MaxSampledNodes)
            {
                Omitted++;
                return;
            }

            string[] uses = [.. report.Memory.Uses.Keys.Order(StringComparer.Ordinal).Take(PagesLimits.MaxUses)];
            _nodes.Add(key, node = new NodeSamples(uses, new SampleRing(FixedSeries + uses.Length)));
        }

        node.Ring.Add(at, [report.Memory.UsedBytes, report.Memory.LimitBytes, report.Memory.ResidentBytes, .. node.Uses.Select(use => report.Memory.Uses.GetValueOrDefault(use))]);
    }

    /// <summary>Gives up nodes and regions of which all samples are too old, or of the future.</summary>
    private void Forget(long at)
    {
        double span = PagesLimits.MaxSamples * PagesLimits.SampleInterval.TotalMilliseconds;
        foreach (string old in _nodes.Where(pair => Math.Abs(at - pair.Value.Ring.LastAt) > span).Select(pair => pair.Key).ToList())
        {
            _nodes.Remove(old);
        }

        foreach (string old in _regions.Where(pair => Math.Abs(at - pair.Value.LastAt) > span).Select(pair => pair.Key).ToList())
        {
            _regions.Remove(old);
        }
    }

    private sealed record NodeSamples(string[] Uses, SampleRing Ring);
}
