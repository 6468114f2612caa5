namespace Causeway.Core.Control;

/// <summary>One link of a node. Immutable.</summary>
public sealed record LinkReport
{
    /// <summary>The node at the other end.</summary>
    public required string Peer { get; init; }

    /// <summary>Its region.</summary>
    public required string Region { get; init; }

    /// <summary><c>lan</c> or <c>wan</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>out</c> if this node dialled (and, on a WAN link, sends messages), else <c>in</c>.</summary>
    public required string Direction { get; init; }

    /// <summary><c>up</c>, <c>quiet</c> or <c>no_data_lane</c>, as on <c>/linkz</c>; <c>wanted</c> for one that is dialled and not up.</summary>
    public required string State { get; init; }

    /// <summary>Smoothed round trip in milliseconds; 0 if not measured yet.</summary>
    public double RoundTripMilliseconds { get; init; }

    /// <summary>Smoothed throughput, both ways.</summary>
    public double BytesPerSecond { get; init; }

    /// <summary>Changes of interest that the other side may not know yet.</summary>
    public long LagEntries { get; init; }

    /// <summary>For how long the other side has not known everything, in seconds.</summary>
    public double LagSeconds { get; init; }

    /// <summary>Bytes of messages that wait.</summary>
    public long PendingBytes { get; init; }

    /// <summary>Messages dropped since the link came up.</summary>
    public long DroppedMessages { get; init; }

    /// <summary>Memory that the link holds, in bytes.</summary>
    public long HeldBytes { get; init; }
}
