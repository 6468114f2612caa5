namespace Causeway.Drill.Load;

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
