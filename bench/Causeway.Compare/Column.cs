using System.Globalization;

namespace Causeway.Compare;

/// <summary>How a table shows a metric: its heading, its numbers, and whether a ratio follows.</summary>
internal sealed record Column(Metric Metric, string Heading, Func<double, string> Show, bool WithRatio = true)
{
    private const double MegaByte = 1e6;

    /// <summary>The columns of a group's table, besides scenario, target and result.</summary>
    public static IReadOnlyList<Column> Of(ScenarioGroup group) => group switch
    {
        ScenarioGroup.Throughput => [Rate("messages/s"), Cpu("CPU µs/message"), Memory("RSS MB")],
        ScenarioGroup.Latency => [Rate("requests/s"), Cpu("CPU µs/request"), Latency(Metric.P50Us, "p50 µs"), Latency(Metric.P99Us, "p99 µs"), Memory("RSS MB")],
        ScenarioGroup.Holding => [new(Metric.BytesEach, "bytes each", Whole), Cpu("CPU µs each"), Rate("made/s"), Memory("RSS MB")],
        _ => [new(Metric.ReadyMilliseconds, "ready ms", Whole), Memory("idle RSS MB")],
    };

    public static Column Rate(string heading) => new(Metric.Rate, heading, Whole);

    public static Column Cpu(string heading, Metric metric = Metric.CpuUs) => new(metric, heading, value => Text(value, value < 10 ? "0.000" : "0.0"));

    public static Column Latency(Metric metric, string heading) => new(metric, heading, value => Text(value, "0"));

    public static Column Memory(string heading, Metric metric = Metric.RssBytes) => new(metric, heading, value => Text(value / MegaByte, "0"), WithRatio: false);

    public static Column Share(Metric metric, string heading) => new(metric, heading, value => Text(value, "0 %"), WithRatio: false);

    private static string Whole(double value) => Text(value, "N0");

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
