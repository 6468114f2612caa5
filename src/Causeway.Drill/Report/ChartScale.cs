namespace Causeway.Drill.Report;

/// <summary>How far a chart's axes go. Charts that are to be compared share one. Immutable.</summary>
internal sealed record ChartScale(double MostSeconds, double MostValue, IReadOnlyList<double> Ticks)
{
    private const int TicksWanted = 4;
    private static readonly double[] Steps = [1, 2, 2.5, 5, 10];
    private static readonly double[] BinarySteps = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

    /// <summary>One that all of the charts fit in.</summary>
    public static ChartScale Of(IReadOnlyList<Chart> charts)
    {
        double most = Math.Max(charts.Max(chart => chart.Most), charts.Any(chart => chart.IsBytes) ? 1024 : 4);
        double unit = charts.Any(chart => chart.IsBytes)
            ? Math.Pow(1024, Math.Floor(Math.Log(most / TicksWanted, 1024)))
            : Math.Pow(10, Math.Floor(Math.Log10(most / TicksWanted)));
        double[] steps = charts.Any(chart => chart.IsBytes) ? BinarySteps : Steps;
        double step = unit * steps.First(candidate => most / (unit * candidate) <= TicksWanted || candidate == steps[^1]);
        int count = (int)Math.Ceiling(most / step);
        return new ChartScale(Math.Max(1, charts.Max(chart => chart.LastSecond)), count * step, [.. Enumerable.Range(0, count + 1).Select(i => i * step)]);
    }
}
