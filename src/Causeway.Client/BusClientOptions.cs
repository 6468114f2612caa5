namespace Causeway.Client;

/// <summary>How a client connects and behaves. Immutable; checked when a client connects.</summary>
public sealed record BusClientOptions
{
    /// <summary>The servers, tried in this order at the first connect. Default: <c>nats://127.0.0.1:4222</c>.</summary>
    public IReadOnlyList<ServerAddress> Servers { get; init; } = [new("127.0.0.1", ServerAddress.DefaultPort)];

    /// <summary>What the client proves itself with at servers whose address has no credentials of its own; null: with those of the first that has some.</summary>
    public ClientCredentials? Credentials { get; init; }

    /// <summary>What to send to <paramref name="address"/>.</summary>
    internal ClientCredentials? CredentialsFor(ServerAddress address) =>
        address.Credentials ?? Credentials ?? Servers.FirstOrDefault(server => server.Credentials is not null)?.Credentials;

    /// <summary>
    /// How TLS is done. Where it is set TLS is demanded: a server that offers none is refused before anything is sent to it. Null: TLS with the
    /// machine's authorities where an address says <c>tls://</c> or <c>wss://</c>, or where the server demands it.
    /// </summary>
    public ClientTlsOptions? Tls { get; init; }

    /// <summary>The name by which the server's monitoring shows this client; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>How long connecting to one server may take, handshake included. Default: 2 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a request waits for its reply where the call doesn't say. Default: 5 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often the connection is probed. It counts as dead after <see cref="ClientLimits.UnansweredPingsMax"/> intervals in which
    /// a ping got no answer and nothing else arrived either. Default: 20 s.
    /// </summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Whether the client's own subscriptions get what it publishes. Default: true.</summary>
    public bool Echo { get; init; } = true;

    /// <summary>
    /// Bytes that may wait to be sent, also while there is no connection; beyond it publishing waits. A single larger message
    /// passes when nothing else waits. Default: 1 MiB; raise it to publish on through longer outages without waiting.
    /// </summary>
    public int OutboundBytesMax { get; init; } = ClientLimits.DefaultOutboundBytesMax;

    /// <summary>
    /// The directors that say which region to connect to; null: the client stays with <see cref="Servers"/>, which otherwise are what it
    /// goes on with while no director answers.
    /// </summary>
    public FollowOptions? Director { get; init; }

    /// <summary>How the client comes back after a lost connection; null: it doesn't, it closes.</summary>
    public ReconnectOptions? Reconnect { get; init; } = new();

    /// <summary>
    /// Told what happens to the connection, in order. Called from the client's own loops, so it must return soon and not wait for
    /// the client; what it throws is ignored.
    /// </summary>
    public Action<ClientEvent>? OnEvent { get; init; }

    /// <summary>The clock for all timeouts and delays.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The source of jitter and of the order of servers at reconnects. Used by one thread at a time per client.</summary>
    public Random Random { get; init; } = Random.Shared;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfZero(Servers.Count, nameof(Servers));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Servers.Count, ClientLimits.ServersMax, nameof(Servers));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConnectTimeout, TimeSpan.Zero, nameof(ConnectTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RequestTimeout, TimeSpan.Zero, nameof(RequestTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(PingInterval, TimeSpan.Zero, nameof(PingInterval));
        ArgumentOutOfRangeException.ThrowIfLessThan(OutboundBytesMax, 1, nameof(OutboundBytesMax));
        Tls?.Validate();
        if (Tls is not null && Servers.FirstOrDefault(server => server.Scheme == ServerScheme.WebSocket) is { } plain)
        {
            throw new ArgumentException($"{plain} has no TLS, which the options demand; accepted is wss://", nameof(Servers));
        }

        Reconnect?.Validate();
        Director?.Validate();
    }
}

/// <summary>How a client comes back after a lost connection: with delays that double from attempt to attempt, each drawn at random.</summary>
/// <remarks>Attempt n waits between 0 and min(<see cref="DelayMax"/>, <see cref="DelayMin"/> * 2^n), so that many clients don't come at once.</remarks>
public sealed record ReconnectOptions
{
    /// <summary>The bound of the first delay. Default: 100 ms.</summary>
    public TimeSpan DelayMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The bound of all delays. Default: 30 s.</summary>
    public TimeSpan DelayMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A connection that lived at least this long lets the delays begin anew; one that broke sooner goes on with longer ones, so that
    /// a server which accepts and then fails isn't pounded. Default: 10 s.
    /// </summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts without success after which the client gives up and closes; null (the default) for no end.</summary>
    public int? AttemptsMax { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(DelayMin, TimeSpan.FromMilliseconds(1), nameof(DelayMin));
        ArgumentOutOfRangeException.ThrowIfLessThan(DelayMax, DelayMin, nameof(DelayMax));
        ArgumentOutOfRangeException.ThrowIfLessThan(StableAfter, TimeSpan.Zero, nameof(StableAfter));
        if (AttemptsMax is { } max)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(max, 1, nameof(AttemptsMax));
        }
    }
}
