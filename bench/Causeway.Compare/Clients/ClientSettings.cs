namespace Causeway.Compare.Clients;

/// <summary>What <c>bench/clients</c> compares and how.</summary>
internal sealed record ClientSettings
{
    public required IReadOnlyList<ServerKind> Servers { get; init; }

    public required IReadOnlyList<ClientProgram> Clients { get; init; }

    public required IReadOnlyList<ClientScenario> Scenarios { get; init; }

    public required int Rounds { get; init; }

    public required double WarmupSeconds { get; init; }

    public required double Seconds { get; init; }

    /// <summary>The program of the bus.</summary>
    public required string CausewayDll { get; init; }
}
