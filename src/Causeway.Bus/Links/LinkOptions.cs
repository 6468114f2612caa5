using System.Net;
using Causeway.Core.Links;

namespace Causeway.Bus.Links;

/// <summary>How a node takes part in a region and a deployment.</summary>
public sealed record LinkOptions
{
    /// <summary>The region: a token of letters, digits, <c>-</c> and <c>_</c>.</summary>
    public required string Region { get; init; }

    /// <summary>Where other nodes connect; port 0 takes any free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 6222);

    /// <summary>The address that other nodes are told, as host:port, where it differs from <see cref="Listen"/>.</summary>
    public string Advertise { get; init; } = "";

    /// <summary>Nodes of the own region to begin with, as host:port.</summary>
    public IReadOnlyList<string> Peers { get; init; } = [];

    /// <summary>Other regions and nodes of them to begin with.</summary>
    public IReadOnlyList<(string Region, string Address)> Remotes { get; init; } = [];

    /// <summary>The deployment's name.</summary>
    public string Deployment { get; init; } = "causeway";

    /// <summary>The deployment's secret; empty for none, which is for loopback only.</summary>
    public byte[] Secret { get; init; } = [];

    /// <summary>TLS for links, or null for none.</summary>
    public LinkTls? Tls { get; init; }

    /// <summary>The limits.</summary>
    public LinkLimits Limits { get; init; } = new();
}
