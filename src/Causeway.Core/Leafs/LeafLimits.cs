namespace Causeway.Core.Leafs;

/// <summary>The limits of leaf-node connections, with their units in their names. Immutable.</summary>
public sealed record LeafLimits
{
    /// <summary>Bytes of lines about interest that wait for a leaf at most: what else changed stays in the tables until these have left.</summary>
    public const int MaxToldPendingBytes = 32 * 1024;

    /// <summary>Most leaf-node connections of a node, both roles together, those that have yet to log in included.</summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>Most subjects that one leaf may want; more are refused with an error and counted.</summary>
    public int MaxSubscriptions { get; init; } = 1_000_000;

    /// <summary>Bytes of messages that may wait for a leaf; a message more is dropped and counted.</summary>
    public long MaxPendingBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Bytes waiting from which messages that are neither requests nor replies are dropped.</summary>
    public long MaxBulkPendingBytes { get; init; } = 48L * 1024 * 1024;

    /// <summary>Most removed entries that are kept for leafs that lag; one that lags more begins anew.</summary>
    public int MaxTombstones { get; init; } = 256 * 1024;

    /// <summary>Time from the connection to a login, or to a hub's answer to it.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>First pause before a hub is dialled again; doubles up to <see cref="MaxRedialPause"/>, each with jitter.</summary>
    public TimeSpan RedialPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest pause before a hub is dialled again.</summary>
    public TimeSpan MaxRedialPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection has to last, in step, before the pause begins with the shortest again.</summary>
    public TimeSpan ProvenAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause before a hub is dialled again after a loop was detected: nats-server's default.</summary>
    public TimeSpan LoopPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time for which a connection that is in step lets a newer one end, before it ends itself for the loop that both are part of.</summary>
    public TimeSpan LoopGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time without anybody who holds a remote after which a node does not wait any longer for one that should rather.</summary>
    public TimeSpan VacantTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time from the start in which a node of several hears of others that could hold a remote, before it dials itself.</summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Dials in a row that fail before another node of the deployment may try.</summary>
    public int DialsBeforeYielding { get; init; } = 3;

    /// <summary>Time for which a node that yielded leaves the remote to others.</summary>
    public TimeSpan YieldTime { get; init; } = TimeSpan.FromSeconds(10);
}
