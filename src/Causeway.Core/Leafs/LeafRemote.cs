using Causeway.Core.Access;

namespace Causeway.Core.Leafs;

/// <summary>A hub that this deployment is a leaf of, as it is configured. Immutable.</summary>
public sealed record LeafRemote
{
    /// <summary>What it is called, the same on every node that may hold it: its first address and its tenant.</summary>
    public required string Name { get; init; }

    /// <summary>The tenant that it serves.</summary>
    public required string Tenant { get; init; }

    /// <summary>Where the hub's servers are, as host:port.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>What proves this side.</summary>
    public LeafLogin Login { get; init; } = LeafLogin.None;

    /// <summary>What may pass: publishing is what comes from the hub, subscribing is what goes to it.</summary>
    public Permissions Permissions { get; init; } = Permissions.All;

    /// <summary>What is not to come from the hub, told to it so that it need not send.</summary>
    public IReadOnlyList<string> DeniedImports { get; init; } = [];
}
