using System.Net;
using Causeway.Core.Access;
using Causeway.Core.Leafs;

namespace Causeway.Bus.Leafs;

/// <summary>How a node takes part in NATS' leaf-node protocol: as a hub for servers that dial in, as a leaf of hubs, or both.</summary>
public sealed record LeafOptions
{
    /// <summary>Where leafs connect; null if none may.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>The address that leafs are told, as host:port, where it differs from <see cref="Listen"/>.</summary>
    public string Advertise { get; init; } = "";

    /// <summary>Who may come as a leaf; null for the same users as clients.</summary>
    public AccessSettings? Access { get; init; }

    /// <summary>TLS for leafs that dial in; null for none.</summary>
    public LeafTls? Tls { get; init; }

    /// <summary>The hubs that this deployment is a leaf of.</summary>
    public IReadOnlyList<LeafRemoteOptions> Remotes { get; init; } = [];

    /// <summary>The limits.</summary>
    public LeafLimits Limits { get; init; } = new();
}

/// <summary>A hub that the deployment is a leaf of.</summary>
/// <param name="Remote">Where it is and what it is for.</param>
/// <param name="Tls">TLS to it; null to use it only if the hub asks for it, with the machine's authorities.</param>
/// <param name="RequiresTls">True if a hub without TLS is not to be spoken to.</param>
public sealed record LeafRemoteOptions(LeafRemote Remote, LeafTls? Tls = null, bool RequiresTls = false);
