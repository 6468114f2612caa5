using Causeway.Drill.Engine;
using Causeway.Drill.Load;

namespace Causeway.Drill.Results;

/// <summary>Reckons the figures of a run. The same for every bus: what is good of one is seen as what is good of another.</summary>
internal static class FigureBuilder
{
    public static IReadOnlyList<Figure> Of(DrillRecord record, ResultSeries series) =>
    [
        .. Nodes(record, series),
        .. Messages(record),
        new("converged_seconds", "From the script's end until all interest was known everywhere", Converged(record), FigureUnit.Seconds, FigureBetter.Lower),
        new("detected_seconds", "From the first step to the first alarm with its cause (script's clock)", Detected(record), FigureUnit.ScriptSeconds, FigureBetter.Lower),
    ];

    /// <summary>From the first step on something else than load, or where there is none from the start, to the first alarm.</summary>
    internal static double? Detected(DrillRecord record)
    {
        TimeSpan blow = record.Events.FirstOrDefault(what => what.Kind == EventKind.Step)?.At ?? TimeSpan.Zero;
        DrillEvent? alarm = record.Events.FirstOrDefault(what => what.Kind == EventKind.AlarmOpened && what.At >= blow);
        return alarm is null ? null : record.OnScriptClock(alarm.At - blow).TotalSeconds;
    }

    private static double? Converged(DrillRecord record) => record.ConvergedAfter?.TotalSeconds;

    private static IEnumerable<Figure> Nodes(DrillRecord record, ResultSeries series)
    {
        yield return new("deaths", "Processes that died", record.Events.Count(what => what.Kind == EventKind.Death), FigureUnit.Count, FigureBetter.Lower);
        yield return new("memory_peak_bytes", "Most memory of one node", Most(series.Nodes.SelectMany(node => node.ResidentBytes)), FigureUnit.Bytes, FigureBetter.Lower);
        yield return new("memory_peak_share", "Most memory of one node, of its limit", Most(series.Nodes.SelectMany(Shares)), FigureUnit.Share, FigureBetter.Lower);
        yield return new("memory_start_bytes", "Memory of all nodes at the start", SumAt(series, node => node.ResidentBytes, 0), FigureUnit.Bytes, FigureBetter.Lower);
        yield return new("memory_end_bytes", "Memory of all nodes at the end", SumAt(series, node => node.ResidentBytes, series.AtSeconds.Count - 1), FigureUnit.Bytes, FigureBetter.Lower);
        yield return new("cpu_seconds", "CPU time of all nodes", series.Nodes.Sum(node => Risen(node.CpuSeconds)), FigureUnit.Seconds, FigureBetter.Lower);
        yield return new("pending_peak_bytes", "Most bytes that waited for links to other regions, at one node", Most(series.Nodes.SelectMany(node => node.LinkPendingBytes)), FigureUnit.Bytes, FigureBetter.Lower);
        yield return new("lag_peak_entries", "Most changes of interest that others did not know, at one node", Most(series.Nodes.SelectMany(node => node.LinkLagEntries)), FigureUnit.Count, FigureBetter.Lower);
    }

    private static IEnumerable<Figure> Messages(DrillRecord record)
    {
        IReadOnlyList<LoadSample> last = record.Samples is [.., { } sample] ? sample.Load : [];
        yield return Sum("local_received", "Messages received within regions", region => region.LocalReceived, FigureBetter.Higher);
        yield return Sum("local_lost", "Messages lost within regions", region => region.LocalLost, FigureBetter.Lower);
        yield return Sum("remote_received", "Messages received from other regions", region => region.RemoteReceived, FigureBetter.Higher);
        yield return Sum("remote_lost", "Messages lost from other regions", region => region.RemoteLost, FigureBetter.Lower);
        yield return Sum("disordered", "Messages that came twice or out of order", region => region.Disordered, FigureBetter.Lower);
        yield return Sum("calls_answered", "Calls between regions answered", region => region.CallsAnswered, FigureBetter.Higher);
        yield return Sum("calls_failed", "Calls between regions failed", region => region.CallsFailed, FigureBetter.Lower);
        yield return Sum("reconnects", "Reconnects of clients", region => region.Reconnects, FigureBetter.Lower);

        Figure Sum(string key, string label, Func<LoadSample, long> value, FigureBetter better) =>
            new(key, label, last.Count == 0 ? null : last.Sum(value), FigureUnit.Count, better);
    }

    private static double? Most(IEnumerable<double?> values) => values.Max();

    private static IEnumerable<double?> Shares(NodeColumns node) => node.ResidentBytes.Zip(node.LimitBytes, (bytes, limit) => limit > 0 ? bytes / limit : null);

    private static double? SumAt(ResultSeries series, Func<NodeColumns, IReadOnlyList<double?>> column, int row) =>
        row < 0 || row >= series.AtSeconds.Count ? null : series.Nodes.Sum(node => column(node)[row] ?? 0);

    /// <summary>How much a counter rose, which begins again at 0 with a new process.</summary>
    private static double Risen(IReadOnlyList<double?> counter)
    {
        double risen = 0, before = 0;
        foreach (double value in counter.OfType<double>())
        {
            risen += value >= before ? value - before : value;
            before = value;
        }

        return risen;
    }
}
