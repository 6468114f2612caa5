using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Causeway.Compare.Clients;

/// <summary>What a client program prints at its end: the messages or requests of the measured window, and what its process used for them.</summary>
internal sealed record LoadFigures(
    [property: JsonPropertyName("count")] long Count,
    [property: JsonPropertyName("seconds")] double Seconds,
    [property: JsonPropertyName("cpu_seconds")] double CpuSeconds,
    [property: JsonPropertyName("rss_bytes")] long RssBytes,
    [property: JsonPropertyName("p50_us")] double? P50Us = null,
    [property: JsonPropertyName("p99_us")] double? P99Us = null)
{
    private const double MicrosecondsPerSecond = 1e6;

    [JsonIgnore]
    public double Rate => Count / Seconds;

    [JsonIgnore]
    public double CpuUs => CpuSeconds * MicrosecondsPerSecond / Count;

    /// <summary>Reads the last line of a program's output.</summary>
    public static LoadFigures Parse(string output)
    {
        string line = output.TrimEnd().Split('\n')[^1];
        try
        {
            return JsonSerializer.Deserialize<LoadFigures>(line) ?? throw new CompareException("a client program printed no figures");
        }
        catch (JsonException)
        {
            throw new CompareException($"a client program printed this instead of figures: {line}");
        }
    }

    public string Json() => JsonSerializer.Serialize(this);

    /// <summary>The figures of this process between two moments, with its memory now.</summary>
    public static LoadFigures Between(LoadMoment from, LoadMoment to, long count) => new(
        count, Stopwatch.GetElapsedTime(from.Timestamp, to.Timestamp).TotalSeconds, (to.Cpu - from.Cpu).TotalSeconds, ProcessMemory.ResidentBytes(Environment.ProcessId));
}

/// <summary>A moment, and the CPU time that this process had used until then.</summary>
internal readonly record struct LoadMoment(long Timestamp, TimeSpan Cpu)
{
    public static LoadMoment Now() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
}
