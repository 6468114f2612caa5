using System.Globalization;

namespace Causeway.Cli.Bench;

/// <summary>A result as a few lines for people.</summary>
internal static class BenchReport
{
    private const double MegaByte = 1e6;

    public static string Text(BenchResult r)
    {
        List<string> lines = [$"{r.Mode} on {r.Server} ({r.ServerName}, {r.ServerVersion})"];
        if (r.Published is { } published)
        {
            lines.Add(Line("published", $"{published:N0} messages of {r.SizeBytes} B in {r.Seconds:0.000} s: {r.PublishedPerSecond:N0}/s"));
        }

        if (r.Delivered is { } delivered)
        {
            string verified = r.Verified == true ? ", order verified" : "";
            lines.Add(Line("delivered", $"{delivered:N0} messages: {r.DeliveredPerSecond:N0}/s, {r.DeliveredMegabytesPerSecond:N1} MB/s{verified}"));
        }

        if (r.Requests is { } requests)
        {
            lines.Add(Line("requests", $"{requests:N0} of {r.SizeBytes} B in {r.Seconds:0.000} s: {r.RequestsPerSecond:N0}/s"));
        }

        if (r.Latency is { } l)
        {
            lines.Add(Line("latency", $"p50 {l.P50Us:0.0} us, p90 {l.P90Us:0.0}, p99 {l.P99Us:0.0}, p99.9 {l.P999Us:0.0}, max {l.MaxUs:0.0}"));
        }

        if (r.Count is { } count)
        {
            lines.Add(Line("made", $"{count:N0} in {r.Seconds:0.000} s: {r.CountPerSecond:N0}/s"));
        }

        if (r.Process is { } process)
        {
            Add(lines, process);
        }

        lines.Add(Line("generator", $"{r.GeneratorCpuSeconds / r.Seconds:0.00} cores"));
        return string.Join(Environment.NewLine, lines);
    }

    private static void Add(List<string> lines, ProcessSection p)
    {
        lines.Add(Line("server CPU", $"{p.CpuSeconds:0.000} s ({p.CpuCores:0.00} cores; user {p.UserSeconds:0.00} s, system {p.SystemSeconds:0.00} s){Each(p)}"));
        string each = p.RssBytesPerItem is { } bytes ? string.Create(CultureInfo.InvariantCulture, $", {bytes:N0} B each") : "";
        string closed = p.RssClosedBytes is { } after ? string.Create(CultureInfo.InvariantCulture, $", {after / MegaByte:0.0} MB when closed") : "";
        lines.Add(Line("server RSS", $"{p.RssBeforeBytes / MegaByte:0.0} MB before, {p.RssAfterBytes / MegaByte:0.0} MB after, peak {p.RssPeakBytes / MegaByte:0.0} MB{each}{closed}"));
    }

    private static string Each(ProcessSection p)
    {
        List<string> parts = [];
        AddEach(p.CpuUsPerPublished, "published message");
        AddEach(p.CpuUsPerDelivered, "delivered message");
        AddEach(p.CpuUsPerRequest, "request");
        AddEach(p.CpuUsPerItem, "each");
        return parts.Count == 0 ? "" : ": " + string.Join(", ", parts);

        void AddEach(double? microseconds, string what)
        {
            if (microseconds is { } us)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{us:0.000} us per {what}"));
            }
        }
    }

    private static string Line(string name, FormattableString text) => $"  {name,-11} {text.ToString(CultureInfo.InvariantCulture)}";
}
