using System.Net;
using Causeway.Bus.Tls;
using Causeway.Core.WebSockets;

namespace Causeway.Bus.WebSockets;

/// <summary>How clients come over WebSockets, in nats-server's terms.</summary>
public sealed record WebSocketOptions
{
    /// <summary>Where they connect; port 0 takes any free one.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>TLS beneath, which comes first there; null for none.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>The address that clients over WebSockets are told, as host:port, where it differs from <see cref="Listen"/>.</summary>
    public string Advertise { get; init; } = "";

    /// <summary>True if a page has to come from the host and port that it connects to.</summary>
    public bool SameOrigin { get; init; }

    /// <summary>The origins that pages may come from; any if it is empty.</summary>
    public IReadOnlyList<WebOrigin> AllowedOrigins { get; init; } = [];

    /// <summary>True if messages are compressed for who offers it.</summary>
    public bool Compression { get; init; }

    /// <summary>Longest time for the request and its answer.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
