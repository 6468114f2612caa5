namespace Causeway.Core.Access;

/// <summary>What a tenant's clients may take; 0 where nothing but the node's own limits holds. Immutable.</summary>
public sealed record TenantLimits
{
    /// <summary>Nothing beyond the node's limits.</summary>
    public static readonly TenantLimits None = new();

    /// <summary>Most clients of the tenant on one node at a time.</summary>
    public int MaxConnections { get; init; }

    /// <summary>Most subscriptions of each of its clients, as in nats-server.</summary>
    public int MaxSubscriptions { get; init; }

    /// <summary>Largest message in bytes.</summary>
    public int MaxPayloadBytes { get; init; }

    /// <summary>Most memory that its clients may hold together, in percent of the node's budget.</summary>
    public int MaxMemoryPercent { get; init; }
}
