using HdrHistogram;

namespace Causeway.Cli.Bench;

/// <summary>Percentiles of a latency, in microseconds.</summary>
internal sealed record LatencySummary(long Samples, double MeanUs, double MinUs, double P50Us, double P90Us, double P99Us, double P999Us, double MaxUs)
{
    private const double NanosecondsPerMicrosecond = 1000;

    public static LatencySummary From(HistogramBase nanoseconds) => new(
        nanoseconds.TotalCount,
        nanoseconds.GetMean() / NanosecondsPerMicrosecond,
        At(nanoseconds, 0),
        At(nanoseconds, 50),
        At(nanoseconds, 90),
        At(nanoseconds, 99),
        At(nanoseconds, 99.9),
        nanoseconds.GetMaxValue() / NanosecondsPerMicrosecond);

    private static double At(HistogramBase histogram, double percentile) =>
        histogram.GetValueAtPercentile(percentile) / NanosecondsPerMicrosecond;
}
