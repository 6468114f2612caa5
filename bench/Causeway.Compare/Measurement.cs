using System.Text.Json;

namespace Causeway.Compare;

/// <summary>The figures of one scenario on one server, of one round or the median over several.</summary>
internal sealed class Measurement
{
    private static readonly string[] RateFields =
        ["delivered_per_second", "published_per_second", "requests_per_second", "count_per_second"];

    private static readonly string[] CpuFields =
        ["cpu_us_per_delivered", "cpu_us_per_published", "cpu_us_per_request", "cpu_us_per_item"];

    private readonly Dictionary<Metric, double> _figures = [];

    public double? this[Metric metric] => _figures.TryGetValue(metric, out double value) ? value : null;

    public IReadOnlyDictionary<Metric, double> Figures => _figures;

    public void Set(Metric metric, double value) => _figures[metric] = value;

    /// <summary>Reads the JSON object that a load generator printed.</summary>
    public static Measurement FromJson(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        Measurement measurement = new();
        measurement.TakeFirst(Metric.Rate, root, RateFields);
        if (root.TryGetProperty("process", out JsonElement process))
        {
            measurement.TakeFirst(Metric.CpuUs, process, CpuFields);
            measurement.TakeFirst(Metric.RssBytes, process, ["rss_after_bytes"]);
            measurement.TakeFirst(Metric.BytesEach, process, ["rss_bytes_per_item"]);
        }

        if (root.TryGetProperty("latency", out JsonElement latency))
        {
            measurement.TakeFirst(Metric.P50Us, latency, ["p50_us"]);
            measurement.TakeFirst(Metric.P99Us, latency, ["p99_us"]);
        }

        return measurement;
    }

    /// <summary>The median of each figure by itself.</summary>
    public static Measurement Median(IReadOnlyCollection<Measurement> rounds)
    {
        Measurement median = new();
        foreach (Metric metric in rounds.SelectMany(round => round._figures.Keys).Distinct())
        {
            double[] values = [.. rounds.Select(round => round[metric]).OfType<double>().Order()];
            int middle = values.Length / 2;
            median.Set(metric, values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2);
        }

        return median;
    }

    private void TakeFirst(Metric metric, JsonElement from, string[] fields)
    {
        foreach (string field in fields)
        {
            if (from.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.Number)
            {
                Set(metric, value.GetDouble());
                return;
            }
        }
    }
}
