using Causeway.Drill.Deployments;
using Causeway.Drill.Engine;
using Causeway.Drill.Load;

namespace Causeway.Drill.Results;

/// <summary>Turns samples into columns.</summary>
internal static class SeriesBuilder
{
    public static ResultSeries Of(DrillRecord record) => new()
    {
        AtSeconds = [.. record.Samples.Select(sample => Math.Round(sample.At.TotalSeconds, 3))],
        Nodes = [.. (record.Samples.Count == 0 ? [] : record.Samples[^1].Processes).Select(node => Node(record.Samples, node))],
        Regions = [.. record.Script.Regions.Select(region => Region(record.Samples, region))],
    };

    private static NodeColumns Node(IReadOnlyList<DrillSample> samples, NodeProcess node)
    {
        NodeSample?[] rows = [.. samples.Select(sample => sample.Of(node.Node))];
        return new NodeColumns
        {
            Node = node.Node,
            Region = node.Region,
            ResidentBytes = Column(rows, row => row.ResidentBytes),
            LimitBytes = Column(rows, row => row.MemoryLimitBytes),
            LinkPendingBytes = Column(rows, row => row.LinkPendingBytes),
            LinkLagEntries = Column(rows, row => row.LinkLagEntries >= 0 ? row.LinkLagEntries : null),
            Clients = Column(rows, row => row.Clients),
            Subscriptions = Column(rows, row => row.Subscriptions),
            CpuSeconds = Column(rows, row => Math.Round(row.CpuTime.TotalSeconds, 3)),
        };
    }

    private static RegionColumns Region(IReadOnlyList<DrillSample> samples, string region)
    {
        LoadSample?[] rows = [.. samples.Select(sample => sample.Load.FirstOrDefault(load => load.Region == region))];
        return new RegionColumns
        {
            Region = region,
            ClientsHere = [.. samples.Select(sample => (double?)sample.Load.Sum(load => load.ConnectedTo.GetValueOrDefault(region)))],
            LocalReceived = Column(rows, row => row.LocalReceived),
            LocalLost = Column(rows, row => row.LocalLost),
            RemoteReceived = Column(rows, row => row.RemoteReceived),
            RemoteLost = Column(rows, row => row.RemoteLost),
            CallsAnswered = Column(rows, row => row.CallsAnswered),
            CallsFailed = Column(rows, row => row.CallsFailed),
        };
    }

    private static IReadOnlyList<double?> Column<T>(T?[] rows, Func<T, double?> value)
        where T : class => [.. rows.Select(row => row is null ? null : value(row))];
}
