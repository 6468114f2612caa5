using Causeway.Client;

namespace Causeway.Cli.Bench;

/// <summary>What a request/reply run does.</summary>
internal sealed record RequestSettings
{
    public required ServerAddress Server { get; init; }

    /// <summary>Where the responders connect, or null for the same server.</summary>
    public ServerAddress? SubscribeServer { get; init; }

    public required TimeSpan Timeout { get; init; }

    public IReadOnlyList<int> Pids { get; init; } = [];

    public required int Clients { get; init; }

    /// <summary>Requests in flight per client.</summary>
    public required int InFlight { get; init; }

    public required int Responders { get; init; }

    /// <summary>Requests per second over all clients, or null for closed loop.</summary>
    public double? Rate { get; init; }

    public required string Subject { get; init; }

    public required int Size { get; init; }

    public long? Messages { get; init; }

    public TimeSpan? Duration { get; init; }

    public required TimeSpan Warmup { get; init; }
}
