namespace Causeway.Shaper;

/// <summary>How a direction of a link carries bytes. The default is a link that only passes them on.</summary>
public sealed record LinkConditions
{
    /// <summary>From when a byte has been sent to when it arrives, one way.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>At most this much more latency, at random; bytes stay in order.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Bytes a second of all connections together, or null for no limit.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>What waits of one connection beyond what is under way. Behind it the sender's TCP is held back.</summary>
    public int QueueBytes { get; init; } = 32 * 1024;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Latency, TimeSpan.Zero, nameof(Latency));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Latency, ShaperLimits.Longest, nameof(Latency));
        ArgumentOutOfRangeException.ThrowIfLessThan(Jitter, TimeSpan.Zero, nameof(Jitter));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Jitter, ShaperLimits.Longest, nameof(Jitter));
        ArgumentOutOfRangeException.ThrowIfLessThan(BytesPerSecond ?? 1, 1, nameof(BytesPerSecond));
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueBytes, 1, nameof(QueueBytes));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(QueueBytes, ShaperLimits.ConnectionBytesMax, nameof(QueueBytes));
    }
}
