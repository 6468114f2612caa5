using System.Net;
using Causeway.Client;
using Causeway.Core.Links;
using Causeway.Director.Access;
using Causeway.Director.Pages;
using Causeway.Director.Regions;

namespace Causeway.Director.Http;

/// <summary>How a director runs. Immutable.</summary>
public sealed record DirectorOptions
{
    /// <summary>Its name, unlike that of any other director of the deployment.</summary>
    public required string Name { get; init; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8080);

    /// <summary>The URL that others are told, where it differs from <see cref="Listen"/>; empty if not.</summary>
    public string AdvertiseUrl { get; init; } = "";

    /// <summary>Servers of the bus, of several regions if possible.</summary>
    public required IReadOnlyList<ServerAddress> Servers { get; init; }

    /// <summary>The deployment's key.</summary>
    public required DeploymentKey Key { get; init; }

    /// <summary>Who operators are.</summary>
    public OperatorAccess Access { get; init; } = new([]);

    /// <summary>The Redis-compatible server that directors share, as host:port; empty for the director's own memory.</summary>
    public string Store { get; init; } = "";

    /// <summary>Where regions and networks are.</summary>
    public Geography Geography { get; init; } = Geography.None;

    /// <summary>URLs for clients of media, by region; for <c>/settings/regions</c>.</summary>
    public IReadOnlyDictionary<string, string> MediaUrls { get; init; } = new Dictionary<string, string>();

    /// <summary>Clients a second that each region takes; null to derive it from its room.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>Requests a second that one address may make.</summary>
    public int RequestsPerSecond { get; init; } = HttpLimits.DefaultRequestsPerSecond;

    /// <summary>Drills for the pages; null for none.</summary>
    public IDrillControl? Drills { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
