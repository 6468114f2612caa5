using Causeway.Client;

namespace Causeway.Cli.Bench;

/// <summary>What a run that holds subscriptions or connections does.</summary>
internal sealed record HoldSettings
{
    public required ServerAddress Server { get; init; }

    public required TimeSpan Timeout { get; init; }

    public IReadOnlyList<int> Pids { get; init; } = [];

    /// <summary>Subscriptions or connections.</summary>
    public required int Count { get; init; }

    /// <summary>Characters of a subject.</summary>
    public int Length { get; init; }

    /// <summary>Tokens of a subject.</summary>
    public int Tokens { get; init; }

    /// <summary>How long to hold still before memory is read.</summary>
    public required TimeSpan Settle { get; init; }
}
