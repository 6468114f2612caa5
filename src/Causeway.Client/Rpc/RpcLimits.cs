namespace Causeway.Client.Rpc;

/// <summary>The bounds of callers and servers. Immutable; checked when a caller or server is opened.</summary>
public sealed record RpcLimits
{
    /// <summary>Longest key, in characters.</summary>
    public const int KeyLengthMax = 256;

    /// <summary>Longest text of an error that travels, in characters; beyond, it is cut.</summary>
    public const int ErrorTextLengthMax = 512;

    /// <summary>Longest <see cref="RpcHost.Labels"/>, in characters.</summary>
    public const int LabelsLengthMax = 512;

    /// <summary>Claimed calls that a caller remembers after their end, to notice a second server that answers.</summary>
    public const int RecentClaimsMax = 1024;

    /// <summary>How long a call may take where it doesn't say. Default: 5 s.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time that a call may ask for. Default: 10 min.</summary>
    public TimeSpan CallTimeoutMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a caller waits for a sign of the server that serves a key, when it asked all. Default: 1 s.</summary>
    public TimeSpan ClaimTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A server that took a call of all says so where its answer isn't there after this time. At most half of <see cref="ClaimTimeout"/>. Default: 200 ms.</summary>
    public TimeSpan ClaimNotice { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Times that a call is sent at most, where it is safe to send it again. Default: 3.</summary>
    public int AttemptsMax { get; init; } = 3;

    /// <summary>Calls that may wait for their answers, per caller; beyond, calls fail as overloaded. Default: 65,536.</summary>
    public int PendingCallsMax { get; init; } = 65_536;

    /// <summary>Bytes of requests that may wait for their answers, per caller. Default: 64 MiB.</summary>
    public long PendingBytesMax { get; init; } = 64L * 1024 * 1024;

    /// <summary>Streams that a caller may have open or be opening; beyond, opening one fails as overloaded. Default: 16,384.</summary>
    public int OpenStreamsMax { get; init; } = 16_384;

    /// <summary>Keys whose servers a caller remembers; beyond, those not used for longest are forgotten. Default: 65,536.</summary>
    public int KnownKeysMax { get; init; } = 65_536;

    /// <summary>Handlers of one method that run at the same time, where <see cref="RpcMethodOptions"/> doesn't say. Default: 64.</summary>
    public int ConcurrencyMax { get; init; } = 64;

    /// <summary>Streams of one method that are open at the same time, where <see cref="RpcMethodOptions"/> doesn't say. Default: 1,024.</summary>
    public int StreamsMax { get; init; } = 1024;

    /// <summary>Calls of one method that may wait for a handler; beyond, calls are refused as overloaded. Default: 1,024.</summary>
    public int QueuedCallsMax { get; init; } = 1024;

    /// <summary>Bytes of one method's calls that may wait for a handler. Default: 16 MiB.</summary>
    public long QueuedBytesMax { get; init; } = 16L * 1024 * 1024;

    /// <summary>
    /// A call that has not begun after this share of its time is not begun any more: the rest is left for the answer to reach the caller,
    /// and there is no use in an answer that comes too late. Default: 0.9.
    /// </summary>
    public double StartByShare { get; init; } = 0.9;

    /// <summary>Keys that one service of a server serves. Default: 1,000,000.</summary>
    public int KeysMax { get; init; } = 1_000_000;

    /// <summary>Keys of which a server remembers where they went; beyond, the oldest are forgotten. Default: 65,536.</summary>
    public int MovedKeysMax { get; init; } = 65_536;

    /// <summary>How long a server remembers where a key went. Default: 60 s.</summary>
    public TimeSpan MovedKeyTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Messages that a side of a stream may have under way before the other has read them. At least 2. Default: 256.</summary>
    public int StreamWindowMessages { get; init; } = 256;

    /// <summary>Bytes that a side of a stream may have under way before the other has read them; one message always may. Default: 256 KiB.</summary>
    public int StreamWindowBytes { get; init; } = 256 * 1024;

    /// <summary>A side of a stream that had nothing to send for this time says that it lives. Default: 5 s.</summary>
    public TimeSpan StreamKeepAlive { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A stream fails when nothing was heard of the other side for this time; at least twice <see cref="StreamKeepAlive"/>. Default: 15 s.</summary>
    public TimeSpan StreamGoneAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A stream fails when no data went either way for this time. Default: 10 min.</summary>
    public TimeSpan StreamIdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a server with affinity tells the others its load. Default: 1 s; less often where there are many.</summary>
    public TimeSpan AnnounceInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Announcements that each server of a service hears in a second, however many servers there are: they announce less often then. Default: 100.</summary>
    public int AnnouncementsPerSecondMax { get; init; } = 100;

    /// <summary>Other servers of a service that a server knows; beyond, new ones are not taken into account. Default: 4,096.</summary>
    public int MembersMax { get; init; } = 4096;

    internal void Validate()
    {
        Positive(CallTimeout, nameof(CallTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(CallTimeoutMax, CallTimeout, nameof(CallTimeoutMax));
        Positive(ClaimTimeout, nameof(ClaimTimeout));
        Positive(ClaimNotice, nameof(ClaimNotice));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ClaimNotice, ClaimTimeout / 2, nameof(ClaimNotice));
        Positive(MovedKeyTime, nameof(MovedKeyTime));
        Positive(StreamKeepAlive, nameof(StreamKeepAlive));
        ArgumentOutOfRangeException.ThrowIfLessThan(StreamGoneAfter, StreamKeepAlive * 2, nameof(StreamGoneAfter));
        Positive(StreamIdleTimeout, nameof(StreamIdleTimeout));
        Positive(AnnounceInterval, nameof(AnnounceInterval));
        ReadOnlySpan<(long Value, string Name)> counts =
        [
            (AttemptsMax, nameof(AttemptsMax)), (PendingCallsMax, nameof(PendingCallsMax)), (PendingBytesMax, nameof(PendingBytesMax)),
            (OpenStreamsMax, nameof(OpenStreamsMax)),
            (KnownKeysMax, nameof(KnownKeysMax)), (ConcurrencyMax, nameof(ConcurrencyMax)), (StreamsMax, nameof(StreamsMax)),
            (QueuedCallsMax, nameof(QueuedCallsMax)), (QueuedBytesMax, nameof(QueuedBytesMax)), (KeysMax, nameof(KeysMax)),
            (MovedKeysMax, nameof(MovedKeysMax)), (StreamWindowMessages - 1, nameof(StreamWindowMessages)), (StreamWindowBytes, nameof(StreamWindowBytes)),
            (AnnouncementsPerSecondMax, nameof(AnnouncementsPerSecondMax)), (MembersMax, nameof(MembersMax)),
        ];
        foreach ((long value, string name) in counts)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(StartByShare is > 0 and <= 1, true, nameof(StartByShare));
    }

    private static void Positive(TimeSpan value, string name) => ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1), name);
}
