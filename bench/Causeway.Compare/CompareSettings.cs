namespace Causeway.Compare;

/// <summary>What to compare and how.</summary>
internal sealed record CompareSettings
{
    public required IReadOnlyList<ServerKind> Servers { get; init; }

    public required IReadOnlyList<Scenario> Scenarios { get; init; }

    public required int Rounds { get; init; }

    public required double WarmupSeconds { get; init; }

    /// <summary>The program whose <c>bench</c> makes the load.</summary>
    public required string CausewayDll { get; init; }

    /// <summary>The script that makes the load with nats.js.</summary>
    public required string NodeScript { get; init; }
}
