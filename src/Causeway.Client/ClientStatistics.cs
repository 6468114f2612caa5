namespace Causeway.Client;

/// <summary>What a client has done so far and what waits in it, at one moment.</summary>
public readonly record struct ClientStatistics
{
    /// <summary>Messages published, whether or not they were sent yet.</summary>
    public long MessagesOut { get; init; }

    /// <summary>Bytes of headers and payloads published.</summary>
    public long BytesOut { get; init; }

    /// <summary>Messages received.</summary>
    public long MessagesIn { get; init; }

    /// <summary>Bytes of headers and payloads received.</summary>
    public long BytesIn { get; init; }

    /// <summary>Connections made after the first.</summary>
    public long Reconnects { get; init; }

    /// <summary>Subscriptions that are open, the one for replies included once a request was made.</summary>
    public int Subscriptions { get; init; }

    /// <summary>Requests that wait for replies.</summary>
    public int PendingRequests { get; init; }

    /// <summary>Bytes that wait to be sent.</summary>
    public int PendingBytes { get; init; }

    /// <summary>Pings, of flushes and keep-alive, that wait for their pongs.</summary>
    public int PendingPings { get; init; }
}
