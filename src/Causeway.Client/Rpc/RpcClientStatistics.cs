namespace Causeway.Client.Rpc;

/// <summary>What a caller did so far, and what waits in it.</summary>
public readonly record struct RpcClientStatistics
{
    /// <summary>Calls and streams to be opened that were begun.</summary>
    public long Calls { get; init; }

    /// <summary>Requests sent, attempts counted each.</summary>
    public long Sent { get; init; }

    /// <summary>Requests sent to all servers of a service, since it was not known who serves the key.</summary>
    public long Claims { get; init; }

    /// <summary>Attempts beyond the first.</summary>
    public long Retries { get; init; }

    /// <summary>Calls that failed, for whatever reason but that the caller gave up.</summary>
    public long Failed { get; init; }

    /// <summary>Calls whose time was up.</summary>
    public long TimedOut { get; init; }

    /// <summary>Calls that the caller gave up.</summary>
    public long Cancelled { get; init; }

    /// <summary>Calls refused because too many waited or streams were open: <see cref="RpcLimits.PendingCallsMax"/>, <see cref="RpcLimits.PendingBytesMax"/>, <see cref="RpcLimits.OpenStreamsMax"/>.</summary>
    public long Refused { get; init; }

    /// <summary>Calls to all servers of which none said in time that it serves the key.</summary>
    public long UnansweredClaims { get; init; }

    /// <summary>Answers by a second server to the same call to all: two servers believe that they serve a key.</summary>
    public long DuplicateServers { get; init; }

    /// <summary>Answers that found nobody waiting: late ones, above all.</summary>
    public long Strays { get; init; }

    /// <summary>Messages that could not be read.</summary>
    public long Unreadable { get; init; }

    /// <summary>Words to servers that a call is given up which were not sent, for want of room.</summary>
    public long UnsentMessages { get; init; }

    /// <summary>Keys forgotten for want of room: <see cref="RpcLimits.KnownKeysMax"/>.</summary>
    public long EvictedKeys { get; init; }

    /// <summary>Calls that wait for their answers.</summary>
    public int Pending { get; init; }

    /// <summary>Bytes of requests that wait for their answers.</summary>
    public long PendingBytes { get; init; }

    /// <summary>Keys whose servers are known.</summary>
    public int KnownKeys { get; init; }

    /// <summary>Streams that are open.</summary>
    public int OpenStreams { get; init; }

    /// <summary>What the streams did.</summary>
    public RpcStreamStatistics Streams { get; init; }
}
