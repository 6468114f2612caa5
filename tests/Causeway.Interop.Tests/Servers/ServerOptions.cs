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

    /// <summary>The host:port that clients are told instead of the one that the server listens on.</summary>
    public string? ClientAdvertise { get; init; }
}

/// <summary>How long a lame duck waits before the first close, and over how long it spreads the closes.</summary>
public sealed record LameDuckTiming(TimeSpan Grace, TimeSpan Duration);
