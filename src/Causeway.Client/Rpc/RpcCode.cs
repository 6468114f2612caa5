namespace Causeway.Client.Rpc;

/// <summary>Why a call or stream failed. The names travel on the wire in lower case.</summary>
public enum RpcCode
{
    /// <summary>The handler threw something that is no <see cref="RpcException"/>.</summary>
    Internal,

    /// <summary>The handler refused the call for a reason of its own, which the message says.</summary>
    Refused,

    /// <summary>The time of the call was up.</summary>
    DeadlineExceeded,

    /// <summary>The caller gave up.</summary>
    Cancelled,

    /// <summary>Nobody serves the service or the key, or the server that did is gone.</summary>
    Unavailable,

    /// <summary>A queue or table is full, or the call would have waited longer than it may.</summary>
    Overloaded,

    /// <summary>The service has no such method.</summary>
    Unimplemented,

    /// <summary>The request or the reply can't be read.</summary>
    Unreadable,

    /// <summary>The server does not serve the key (any more); callers look for who does.</summary>
    NotHere,

    /// <summary>Messages of a stream were lost on the way: the bus delivers at most once.</summary>
    DataLoss,

    /// <summary>A side of a stream sent more than the other had allowed.</summary>
    FlowControl,

    /// <summary>Nothing was heard of the other side of a stream for too long.</summary>
    Gone,

    /// <summary>No data went over a stream for too long.</summary>
    Idle,

    /// <summary>The caller may not: the bus lets it not publish to the service. Handlers may say so for reasons of their own.</summary>
    Forbidden,
}
