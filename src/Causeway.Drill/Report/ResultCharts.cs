using Causeway.Drill.Engine;
using Causeway.Drill.Results;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Report;

/// <summary>The charts of a result. Those of two results of one drill have the same order, so that they can be laid side by side.</summary>
internal static class ResultCharts
{
    /// <summary>Memory of the nodes of each region, against their limit.</summary>
    public static IReadOnlyList<Chart> Memory(DrillResult result) =>
    [
        .. result.Regions.Select(region => Make(result, "Memory per node", bytes: true) with
        {
            Of = region,
            Lines = [.. Nodes(result, region, node => node.ResidentBytes), .. Limit(result, region)],
        }),
    ];

    /// <summary>What else there is to see, by region.</summary>
    public static IReadOnlyList<Chart> Others(DrillResult result) =>
    [
        Make(result, "Waiting for links to other regions", bytes: true) with { Lines = ByRegion(result, node => node.LinkPendingBytes) },
        Make(result, "Changes of interest not yet known elsewhere") with { Lines = ByRegion(result, node => node.LinkLagEntries) },
        Make(result, "Subscriptions of clients") with { Lines = ByRegion(result, node => node.Subscriptions) },
        Make(result, "Messages delivered a second") with
        {
            Lines = Columns(result, region => PerSecond(result, [region.LocalReceived, region.RemoteReceived])),
        },
        Make(result, "Messages lost so far") with
        {
            Lines =
            [
                .. Columns(result, region => region.LocalLost, " local"),
                .. Columns(result, region => region.RemoteLost, " from other regions", " dash"),
            ],
        },
        Make(result, "Clients connected to each region") with { Lines = Columns(result, region => region.ClientsHere) },
    ];

    /// <summary>The moments that charts mark, with their numbers in the timeline.</summary>
    public static IReadOnlyList<ChartMark> Marks(DrillResult result)
    {
        List<ChartMark> marks = [];
        for (int i = 0; i < result.Events.Count; i++)
        {
            ResultEvent what = result.Events[i];
            string? look = what.Kind switch
            {
                EventKind.Step => "step",
                EventKind.AlarmOpened => "alarm",
                EventKind.Death => "death",
                _ => null,
            };
            if (look is not null && what.AtSeconds >= 0)
            {
                marks.Add(new ChartMark(what.AtSeconds, look, i + 1, what.Text));
            }
        }

        return marks;
    }

    private static Chart Make(DrillResult result, string title, bool bytes = false) => new()
    {
        Title = title,
        Say = bytes ? ScriptText.Bytes : ScriptText.Number,
        IsBytes = bytes,
        Lines = [],
        AtSeconds = result.Series.AtSeconds,
        Marks = Marks(result),
        Clock = result.Clock,
    };

    private static IEnumerable<ChartLine> Nodes(DrillResult result, string region, Func<NodeColumns, IReadOnlyList<double?>> column) =>
        result.Series.Nodes.Where(node => node.Region == region).Select((node, i) => new ChartLine(node.Node, $"s{i % 8}", column(node)));

    /// <summary>The limit of a region's nodes: they have the same.</summary>
    private static IEnumerable<ChartLine> Limit(DrillResult result, string region)
    {
        NodeColumns[] nodes = [.. result.Series.Nodes.Where(node => node.Region == region)];
        if (nodes.Length > 0)
        {
            double?[] limits = [.. result.Series.AtSeconds.Select((_, row) => nodes.Max(node => node.LimitBytes[row]))];
            double?[] known = [.. limits.Where(limit => limit is not null)];
            string name = known.Length > 0 && known[0] != known[^1] ? $"limit, in the end {ScriptText.Bytes(known[^1]!.Value)}" : "limit";
            yield return new ChartLine(name, ChartLine.Limit, limits);
        }
    }

    /// <summary>Sums of a region's nodes; a line that would have no values is left out.</summary>
    private static IReadOnlyList<ChartLine> ByRegion(DrillResult result, Func<NodeColumns, IReadOnlyList<double?>> column) =>
    [
        .. result.Regions.Select((region, i) => new ChartLine(
            region, $"s{i % 8}", Sum(result.Series.AtSeconds.Count, [.. result.Series.Nodes.Where(node => node.Region == region).Select(column)])))
            .Where(line => line.Values.Any(value => value is not null)),
    ];

    private static IReadOnlyList<ChartLine> Columns(DrillResult result, Func<RegionColumns, IReadOnlyList<double?>> column, string words = "", string look = "") =>
        [.. result.Series.Regions.Select((region, i) => new ChartLine(region.Region + words, $"s{i % 8}{look}", column(region)))];

    private static IReadOnlyList<double?> Sum(int rows, IReadOnlyList<IReadOnlyList<double?>> columns) =>
        [.. Enumerable.Range(0, rows).Select(row => columns.Any(column => column[row] is not null) ? columns.Sum(column => column[row] ?? 0) : (double?)null)];

    private static IReadOnlyList<double?> PerSecond(DrillResult result, IReadOnlyList<IReadOnlyList<double?>> counters)
    {
        IReadOnlyList<double?> sum = Sum(result.Series.AtSeconds.Count, counters);
        return
        [
            .. result.Series.AtSeconds.Select((at, row) => row == 0 || at <= result.Series.AtSeconds[row - 1]
                ? null
                : Math.Max(0, (sum[row] - sum[row - 1]) / (at - result.Series.AtSeconds[row - 1]) ?? 0) as double?),
        ];
    }
}
