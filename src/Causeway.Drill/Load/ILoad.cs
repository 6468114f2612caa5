namespace Causeway.Drill.Load;

/// <summary>
/// A synthetic load of clients that chat in rooms, call each other across regions, and hold subscriptions. Every message is numbered,
/// so what is lost, doubled or out of order is known by publisher and region. All of it can be changed while it runs. Thread-safe.
/// </summary>
public interface ILoad : IAsyncDisposable
{
    /// <summary>Sets what the clients of a region do from now on; they get there within a few seconds.</summary>
    Task SetAsync(string region, LoadLevel level, CancellationToken cancellationToken);

    /// <summary>
    /// Waits until every message published so far has arrived or can't arrive any more, up to <paramref name="most"/>.
    /// </summary>
    Task SettleAsync(TimeSpan most, CancellationToken cancellationToken);

    /// <summary>What came of it so far, by region.</summary>
    IReadOnlyList<LoadSample> Sample();
}

/// <summary>What the clients of one region do. Immutable.</summary>
public sealed record LoadLevel
{
    /// <summary>Clients connected.</summary>
    public int Clients { get; init; }

    /// <summary>Chat messages a second by all of them together, to rooms of their own region.</summary>
    public double LocalMessagesPerSecond { get; init; }

    /// <summary>Chat messages a second by all of them together, to rooms that every region listens to.</summary>
    public double GlobalMessagesPerSecond { get; init; }

    /// <summary>Calls (request and reply) a second to each other region.</summary>
    public double CallsPerSecond { get; init; }

    /// <summary>Literal subscriptions held beside those of the rooms, of about 60 characters each.</summary>
    public int HeldSubscriptions { get; init; }

    /// <summary>Of those held, how many come and as many go each second.</summary>
    public double ChurnPerSecond { get; init; }

    /// <summary>Clients beside those that stop reading while their rooms go on.</summary>
    public int StuckClients { get; init; }

    /// <summary>Bytes of a chat message.</summary>
    public int PayloadBytes { get; init; } = 200;

    /// <summary>Checks it against <see cref="LoadLimits"/>.</summary>
    /// <exception cref="ArgumentException">Something is beyond its limit; the message is for the user.</exception>
    internal void Check()
    {
        CheckRange(Clients, LoadLimits.MaxClients, nameof(Clients));
        CheckRange(LocalMessagesPerSecond, LoadLimits.MaxMessagesPerSecond, nameof(LocalMessagesPerSecond));
        CheckRange(GlobalMessagesPerSecond, LoadLimits.MaxMessagesPerSecond, nameof(GlobalMessagesPerSecond));
        CheckRange(CallsPerSecond, LoadLimits.MaxMessagesPerSecond, nameof(CallsPerSecond));
        CheckRange(HeldSubscriptions, LoadLimits.MaxHeldSubscriptions, nameof(HeldSubscriptions));
        CheckRange(ChurnPerSecond, LoadLimits.MaxMessagesPerSecond, nameof(ChurnPerSecond));
        CheckRange(StuckClients, LoadLimits.MaxStuckClients, nameof(StuckClients));
        CheckRange(PayloadBytes, LoadLimits.MaxPayloadBytes, nameof(PayloadBytes));
    }

    private static void CheckRange(double value, double most, string name)
    {
        if (!(value >= 0 && value <= most))
        {
            throw new ArgumentException($"{name} of a load can't be {value}; accepted is 0 to {most}");
        }
    }
}

/// <summary>What came of a region's load since the start. Immutable.</summary>
public sealed record LoadSample
{
    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>Clients connected now, wherever failover has taken them.</summary>
    public required int Connected { get; init; }

    /// <summary>Of the clients of this region, how many are connected to each region now.</summary>
    public required IReadOnlyDictionary<string, int> ConnectedTo { get; init; }

    /// <summary>Local messages published.</summary>
    public required long LocalSent { get; init; }

    /// <summary>
    /// Messages that a subscriber connected to a living node ought to have got and did, published in the region that it is connected to;
    /// counted for each subscriber.
    /// </summary>
    public required long LocalReceived { get; init; }

    /// <summary>Those that it ought to have got and did not, counted from gaps between numbers.</summary>
    public required long LocalLost { get; init; }

    /// <summary>Messages that came from other regions.</summary>
    public required long RemoteReceived { get; init; }

    /// <summary>Messages from other regions that were missed, from gaps between numbers.</summary>
    public required long RemoteLost { get; init; }

    /// <summary>Messages that came twice or out of order.</summary>
    public required long Disordered { get; init; }

    /// <summary>Calls answered.</summary>
    public required long CallsAnswered { get; init; }

    /// <summary>Calls that failed or got no answer in time.</summary>
    public required long CallsFailed { get; init; }

    /// <summary>Reconnects.</summary>
    public required long Reconnects { get; init; }

    /// <summary>Subscriptions held at present beside those of the rooms.</summary>
    public int HeldSubscriptions { get; init; }

    /// <summary>Subscriptions of those that nodes refused.</summary>
    public long RefusedSubscriptions { get; init; }

    /// <summary>Clients of those connected that are owed what others publish: they are so a moment after they have connected.</summary>
    public int Settled { get; init; }
}
