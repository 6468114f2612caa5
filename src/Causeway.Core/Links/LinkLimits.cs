namespace Causeway.Core.Links;

/// <summary>The limits of links, with their units in their names. Immutable.</summary>
public sealed record LinkLimits
{
    /// <summary>Longest control frame in bytes.</summary>
    public const int MaxControlFrameBytes = 16 * 1024;

    /// <summary>Time in which a handshake has to be over, its connection included.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time between heartbeats within a region.</summary>
    public TimeSpan LanHeartbeat { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Time between heartbeats to other regions.</summary>
    public TimeSpan WanHeartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Least time without a byte received after which a link within a region is dead.</summary>
    public TimeSpan LanStallTimeout { get; init; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>Least time without a byte received after which a link to another region is dead; longer where the round trip is.</summary>
    public TimeSpan WanStallTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest that the stall timeout grows to, however slow the link.</summary>
    public TimeSpan MaxStallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>First pause before a node is dialled again; doubles up to <see cref="MaxRedialPause"/>, each with jitter.</summary>
    public TimeSpan RedialPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest pause before a node is dialled again.</summary>
    public TimeSpan MaxRedialPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time for which what a lost node or region had told is kept, so that it can be gone on with.</summary>
    public TimeSpan TakeoverWindow { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Time for which what a lost node of the own region had wanted is kept; it asks for messages in vain all the while.</summary>
    public TimeSpan LostNodeWindow { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time after which a node that can't be reached is forgotten, unless it is a seed.</summary>
    public TimeSpan ForgetMemberAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes of messages that may wait for a link; a message more is dropped and counted.</summary>
    public long MaxPendingBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Bytes of messages waiting for a link from which messages that are neither requests nor replies are dropped.</summary>
    public long MaxBulkPendingBytes { get; init; } = 48L * 1024 * 1024;

    /// <summary>Bytes of messages waiting for a link within the region from which publishers are paused, as for a client.</summary>
    public long PausePendingBytes { get; init; } = 1024 * 1024;

    /// <summary>Most nodes known of the own region.</summary>
    public int MaxMembers { get; init; } = 256;

    /// <summary>Most other regions known.</summary>
    public int MaxRegions { get; init; } = 64;

    /// <summary>Most addresses kept of each other region.</summary>
    public int MaxContactsPerRegion { get; init; } = 8;

    /// <summary>Most links at a time, handshakes included.</summary>
    public int MaxLinks { get; init; } = 1024;

    /// <summary>Most removed entries that an interest table keeps for links that lag; see <c>InterestTable</c>.</summary>
    public int MaxTombstones { get; init; } = 256 * 1024;

    /// <summary>Most interest entries that a node exports before the fullest subject prefixes are widened to patterns.</summary>
    public int MaxExportedEntries { get; init; } = 20_000_000;
}
