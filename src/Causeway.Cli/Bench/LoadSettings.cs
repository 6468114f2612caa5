using Causeway.Client;

namespace Causeway.Cli.Bench;

/// <summary>What a publish or publish/subscribe run does.</summary>
internal sealed record LoadSettings
{
    public required string Mode { get; init; }

    public required ServerAddress Server { get; init; }

    /// <summary>Where the subscribers connect, or null for the same server.</summary>
    public ServerAddress? SubscribeServer { get; init; }

    /// <summary>Deliveries under way at most, or null for as many as the servers take.</summary>
    public long? Window { get; init; }

    public required TimeSpan Timeout { get; init; }

    public IReadOnlyList<int> Pids { get; init; } = [];

    public required int Publishers { get; init; }

    public required int Subscribers { get; init; }

    /// <summary>Publisher and subscriber number i use subject i modulo this.</summary>
    public required int Subjects { get; init; }

    public required string Subject { get; init; }

    public required int Size { get; init; }

    /// <summary>How many to publish in all, or null for no limit but <see cref="Duration"/>.</summary>
    public long? Messages { get; init; }

    public TimeSpan? Duration { get; init; }

    public required TimeSpan Warmup { get; init; }

    public bool Verify { get; init; }
}
