namespace Causeway.Core.Protocol;

/// <summary>Where clients come over WebSockets. Immutable.</summary>
/// <param name="Url">Where they reach the node, as host:port.</param>
/// <param name="IsSecure">True if they come within TLS.</param>
/// <param name="ConnectUrls">What they are told of where they can connect, as host:port.</param>
public sealed record WebSocketPlace(string Url, bool IsSecure, IReadOnlyList<string> ConnectUrls);
