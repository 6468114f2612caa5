namespace Causeway.Client.Rpc;

/// <summary>What a server did so far, and what is at work in it.</summary>
public readonly record struct RpcServerStatistics
{
    /// <summary>Subscriptions that it holds: one, and two for each service, whatever it serves.</summary>
    public int Subscriptions { get; init; }

    /// <summary>Calls and streams whose handlers were begun.</summary>
    public long Begun { get; init; }

    /// <summary>Calls and streams whose handlers ended.</summary>
    public long Ended { get; init; }

    /// <summary>Calls passed on to a server with more affinity, or to which their key had moved.</summary>
    public long Forwarded { get; init; }

    /// <summary>Calls for keys that are not served here (any more), refused with <see cref="RpcCode.NotHere"/>.</summary>
    public long NotHere { get; init; }

    /// <summary>Calls to all for keys of others, dropped.</summary>
    public long NotMine { get; init; }

    /// <summary>Calls refused because a queue was full or they would not have begun in time.</summary>
    public long Overloaded { get; init; }

    /// <summary>Calls whose time was up while they waited: not begun.</summary>
    public long Shed { get; init; }

    /// <summary>Calls whose time was up while their handlers ran.</summary>
    public long TimedOut { get; init; }

    /// <summary>Calls that their callers gave up.</summary>
    public long Cancelled { get; init; }

    /// <summary>Handlers that threw what is no <see cref="RpcException"/>.</summary>
    public long HandlerErrors { get; init; }

    /// <summary>Calls that arrived twice: begun once.</summary>
    public long Duplicates { get; init; }

    /// <summary>Messages for streams or of kinds that are not known.</summary>
    public long Strays { get; init; }

    /// <summary>Messages that could not be read.</summary>
    public long Unreadable { get; init; }

    /// <summary>Messages that told a caller that its call to all is in work.</summary>
    public long ClaimNotices { get; init; }

    /// <summary>Announcements of load.</summary>
    public long Announcements { get; init; }

    /// <summary>Keys that another server took over.</summary>
    public long KeysTaken { get; init; }

    /// <summary>Answers and calls to be passed on that were not sent, for want of room or since the connection is closed.</summary>
    public long UnsentAnswers { get; init; }

    /// <summary>Announcements of servers beyond <see cref="RpcLimits.MembersMax"/>.</summary>
    public long RefusedMembers { get; init; }

    /// <summary>Times that an affinity function threw: the server it was about was passed over.</summary>
    public long AffinityErrors { get; init; }

    /// <summary>Handlers at work.</summary>
    public int Running { get; init; }

    /// <summary>Calls that wait for a handler.</summary>
    public int Waiting { get; init; }

    /// <summary>Bytes of calls that wait for a handler.</summary>
    public long WaitingBytes { get; init; }

    /// <summary>Keys that are served.</summary>
    public int Keys { get; init; }

    /// <summary>Other servers that are known by their announcements.</summary>
    public int Members { get; init; }

    /// <summary>What the streams did.</summary>
    public RpcStreamStatistics Streams { get; init; }
}
