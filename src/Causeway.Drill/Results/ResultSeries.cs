namespace Causeway.Drill.Results;

/// <summary>What was measured, in columns as long as <see cref="AtSeconds"/>. Immutable.</summary>
internal sealed record ResultSeries
{
    /// <summary>When each sample was taken, in seconds of the machine's clock since the script's start.</summary>
    public required IReadOnlyList<double> AtSeconds { get; init; }

    /// <summary>The nodes.</summary>
    public required IReadOnlyList<NodeColumns> Nodes { get; init; }

    /// <summary>The load, by region.</summary>
    public required IReadOnlyList<RegionColumns> Regions { get; init; }
}

/// <summary>A node's columns; null where it did not answer.</summary>
internal sealed record NodeColumns
{
    public required string Node { get; init; }

    public required string Region { get; init; }

    public required IReadOnlyList<double?> ResidentBytes { get; init; }

    public required IReadOnlyList<double?> LimitBytes { get; init; }

    public required IReadOnlyList<double?> LinkPendingBytes { get; init; }

    /// <summary>Null too where the bus does not tell.</summary>
    public required IReadOnlyList<double?> LinkLagEntries { get; init; }

    public required IReadOnlyList<double?> Clients { get; init; }

    public required IReadOnlyList<double?> Subscriptions { get; init; }

    public required IReadOnlyList<double?> CpuSeconds { get; init; }
}

/// <summary>A region's columns: sums since the start, but for the clients.</summary>
internal sealed record RegionColumns
{
    public required string Region { get; init; }

    /// <summary>Clients, of whatever region, that are connected to this one.</summary>
    public required IReadOnlyList<double?> ClientsHere { get; init; }

    public required IReadOnlyList<double?> LocalReceived { get; init; }

    public required IReadOnlyList<double?> LocalLost { get; init; }

    public required IReadOnlyList<double?> RemoteReceived { get; init; }

    public required IReadOnlyList<double?> RemoteLost { get; init; }

    public required IReadOnlyList<double?> CallsAnswered { get; init; }

    public required IReadOnlyList<double?> CallsFailed { get; init; }
}
