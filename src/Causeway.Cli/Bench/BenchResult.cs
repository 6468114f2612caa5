using System.Text.Json;

namespace Causeway.Cli.Bench;

/// <summary>The outcome of a run: the object that <c>--json</c> prints, its fields described in docs/bench.md. What doesn't apply is left out.</summary>
internal sealed record BenchResult
{
    /// <summary>pub, pubsub, fanout, request, subs or connections.</summary>
    public required string Mode { get; init; }

    public required string Server { get; init; }

    /// <summary>Where subscribers and responders were connected, if elsewhere.</summary>
    public string? SubscribeServer { get; init; }

    public required string ServerName { get; init; }

    public required string ServerVersion { get; init; }

    public int? Publishers { get; init; }

    public int? Subscribers { get; init; }

    public int? Subjects { get; init; }

    public int? Clients { get; init; }

    public int? Responders { get; init; }

    public int? InFlight { get; init; }

    /// <summary>Requests per second asked for.</summary>
    public double? Rate { get; init; }

    /// <summary>Deliveries under way at most.</summary>
    public long? Window { get; init; }

    public int? SizeBytes { get; init; }

    public int? SubjectLength { get; init; }

    /// <summary>Whether order and sequence of each message were checked, beyond their number.</summary>
    public bool? Verified { get; init; }

    /// <summary>The measured window, from the first byte sent to the last answer or message read.</summary>
    public double Seconds { get; init; }

    public long? Published { get; init; }

    public long? Delivered { get; init; }

    public double? PublishedPerSecond { get; init; }

    public double? DeliveredPerSecond { get; init; }

    public double? DeliveredMegabytesPerSecond { get; init; }

    public long? Requests { get; init; }

    public double? RequestsPerSecond { get; init; }

    public LatencySummary? Latency { get; init; }

    /// <summary>Subscriptions or connections made.</summary>
    public long? Count { get; init; }

    public double? CountPerSecond { get; init; }

    /// <summary>The server process's own use over the window; with <c>--pid</c>.</summary>
    public ProcessSection? Process { get; init; }

    /// <summary>CPU time of the load generator over the window, to show how little of the machine it takes.</summary>
    public double GeneratorCpuSeconds { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, BenchJson.Default.BenchResult);
}
