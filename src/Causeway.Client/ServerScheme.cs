namespace Causeway.Client;

/// <summary>How a server is spoken to.</summary>
public enum ServerScheme
{
    /// <summary><c>nats://</c>: TCP, with TLS where the server demands it or <see cref="BusClientOptions.Tls"/> is set.</summary>
    Nats,

    /// <summary><c>tls://</c>: TCP with TLS; a server that offers none is refused.</summary>
    Tls,

    /// <summary><c>ws://</c>: a WebSocket without TLS.</summary>
    WebSocket,

    /// <summary><c>wss://</c>: a WebSocket with TLS.</summary>
    SecureWebSocket,
}
