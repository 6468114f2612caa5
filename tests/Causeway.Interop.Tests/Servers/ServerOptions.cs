namespace Causeway.Interop.Tests.Servers;

/// <summary>What a test asks of a server, in neutral terms; what is null stays at the server's default.</summary>
public sealed record ServerOptions
{
    public static ServerOptions Default { get; } = new();

    public int? MaxPayloadBytes { get; init; }

    public int? MaxControlLineBytes { get; init; }

    public int? MaxPendingBytes { get; init; }

    public int? MaxConnections { get; init; }

    public int? MaxSubscriptions { get; init; }

    public TimeSpan? PingInterval { get; init; }

    public int? MaxPingsOut { get; init; }

    public LameDuckTiming? LameDuck { get; init; }

    /// <summary>Lines of a configuration file that say who may come, in the syntax that both servers read.</summary>
    public string? Access { get; init; }

    /// <summary>Whether clients have to speak TLS; the certificates are those of <see cref="TlsFiles"/>.</summary>
    public bool Tls { get; init; }

    /// <summary>Whether TLS comes before INFO, which nats-server has since 2.10; with <see cref="Tls"/>.</summary>
    public bool TlsFirst { get; init; }

    /// <summary>How clients come over WebSockets; null if they don't.</summary>
    public WebSocketSettings? WebSocket { get; init; }

    /// <summary>Whether each command and each answer is logged.</summary>
    public bool Trace { get; init; }

    /// <summary>The host:port that clients are told instead of the one that the server listens on.</summary>
    public string? ClientAdvertise { get; init; }

    /// <summary>What both servers read from a file: who may come, TLS and WebSockets.</summary>
    public string Blocks(LoopbackPorts ports) => $"{Access}\n{TlsFiles.BlockFor(this)}\n{WebSocket?.Block(ports.WebSocket)}\n";
}

/// <summary>How long a lame duck waits before the first close, and over how long it spreads the closes.</summary>
public sealed record LameDuckTiming(TimeSpan Grace, TimeSpan Duration);
