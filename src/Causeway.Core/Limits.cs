namespace Causeway.Core;

/// <summary>
/// Every limit of a node in one place, with its unit in its name. Defaults are nats-server's where it has the same limit.
/// Immutable; <see cref="Validate"/> checks the relations between the limits.
/// </summary>
public sealed record Limits
{
    /// <summary>Longest protocol line, without its line end, in bytes.</summary>
    public int MaxControlLineBytes { get; init; } = 4096;

    /// <summary>Largest message, headers included, in bytes.</summary>
    public int MaxPayloadBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes that may wait for one client before it is closed as a slow consumer.</summary>
    public long MaxPendingBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>
    /// Bytes waiting for one client from which its publishers are paused, for at most <see cref="MaxPublisherPause"/> each time.
    /// </summary>
    public long PausePendingBytes { get; init; } = 1024 * 1024;

    /// <summary>Longest pause of a publisher on behalf of one lagging subscriber, after each batch it sends.</summary>
    public TimeSpan MaxPublisherPause { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Most client connections at a time.</summary>
    public int MaxConnections { get; init; } = 65536;

    /// <summary>Most subscriptions of one client; 0 is unlimited (the memory budget still holds).</summary>
    public int MaxSubscriptions { get; init; }

    /// <summary>Quiet time after which a client is sent a PING.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>PINGs that may stay unanswered before the connection is stale.</summary>
    public int MaxPingsOut { get; init; } = 2;

    /// <summary>Longest time that bytes may wait for a client without one of them moving; then it is a slow consumer.</summary>
    public TimeSpan WriteStallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time between the decision to close a connection and its end, in which its last bytes may leave.</summary>
    public TimeSpan CloseLingerTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>TLS handshakes of clients that may be under way at a time; whoever comes beyond is closed and counted.</summary>
    public int MaxTlsHandshakes { get; init; } = 1024;

    /// <summary>WebSocket handshakes, TLS included, that may be under way at a time; whoever comes beyond is closed and counted.</summary>
    public int MaxWebSocketHandshakes { get; init; } = 1024;

    /// <summary>Lines that are logged in a second about what clients do wrong; those beyond are left out and counted.</summary>
    public int MaxClientErrorLinesPerSecond { get; init; } = 20;

    /// <summary>Time in lame-duck mode before the first client is closed.</summary>
    public TimeSpan LameDuckGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time over which lame-duck mode spreads the closing of clients.</summary>
    public TimeSpan LameDuckDuration { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Longest time that a drain may take before what is left is closed.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes that one event loop reads at a time, shared by its connections.</summary>
    public int ReceiveBufferBytes { get; init; } = 64 * 1024;

    /// <summary>Bytes of routes that one event loop may cache; the cache starts anew when it would hold more.</summary>
    public long MaxRouteCacheBytes { get; init; } = 4L * 1024 * 1024;

    /// <summary>Idle buffer bytes kept for reuse; more are given back at once.</summary>
    public long MaxPooledBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Closed connections remembered for monitoring.</summary>
    public int MaxClosedConnections { get; init; } = 10_000;

    /// <summary>Bytes of a payload that the protocol's trace shows.</summary>
    public int MaxTracedPayloadBytes { get; init; } = LargestTracedPayloadBytes;

    /// <summary>Largest value that <see cref="MaxTracedPayloadBytes"/> may have.</summary>
    public const int LargestTracedPayloadBytes = 64 * 1024;

    /// <summary>Largest value that <see cref="MaxPayloadBytes"/> may have.</summary>
    public const int LargestPayloadBytes = 64 * 1024 * 1024;

    /// <summary>Largest value that <see cref="MaxControlLineBytes"/> may have.</summary>
    public const int LargestControlLineBytes = 32 * 1024;

    /// <summary>What a line has beside the bytes that its limit counts, the verb and the line end, with something to spare.</summary>
    public const int LineMarginBytes = 16;

    /// <summary>Most tokens of a pattern, which bounds the depth of the pattern trie. A deeper one is an invalid subject.</summary>
    public const int MaxPatternTokens = 1024;

    /// <summary>Most digits that a size in the protocol may have.</summary>
    public const int MaxSizeDigits = 9;

    /// <summary>Returns one line for each limit that is out of range or does not fit another; empty if all is well.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        void Range(string name, long value, long least, long most)
        {
            if (value < least || value > most)
            {
                faults.Add($"{name} is {value}; accepted is {least} to {most}");
            }
        }

        void Positive(string name, TimeSpan value, TimeSpan most)
        {
            if (value <= TimeSpan.Zero || value > most)
            {
                faults.Add($"{name} is {value.TotalMilliseconds:0} ms; accepted is more than 0 to {most.TotalMilliseconds:0} ms");
            }
        }

        Range("max-control-line", MaxControlLineBytes, 128, LargestControlLineBytes);
        Range("max-payload", MaxPayloadBytes, 1, LargestPayloadBytes);
        Range("max-pending", MaxPendingBytes, 4096, 1L << 40);
        Range("max-connections", MaxConnections, 1, 10_000_000);
        Range("max-subscriptions", MaxSubscriptions, 0, int.MaxValue);
        Range("max-pings-out", MaxPingsOut, 1, 1000);
        Range("max-traced-msg-len", MaxTracedPayloadBytes, 1, LargestTracedPayloadBytes);
        Range("receive-buffer", ReceiveBufferBytes, 4096, 4 * 1024 * 1024);
        Range("max-route-cache", MaxRouteCacheBytes, 0, 1L << 40);
        Range("max-pooled", MaxPooledBytes, 0, 1L << 40);
        Range("max-tls-handshakes", MaxTlsHandshakes, 1, 1_000_000);
        Range("max-websocket-handshakes", MaxWebSocketHandshakes, 1, 1_000_000);
        Range("max-client-error-lines", MaxClientErrorLinesPerSecond, 0, 10_000);
        Range("max-closed-connections", MaxClosedConnections, 0, 10_000_000);
        Positive("ping-interval", PingInterval, TimeSpan.FromDays(1));
        Positive("max-publisher-pause", MaxPublisherPause, TimeSpan.FromSeconds(10));
        Positive("write-stall-timeout", WriteStallTimeout, TimeSpan.FromHours(1));
        Positive("close-linger-timeout", CloseLingerTimeout, TimeSpan.FromMinutes(1));
        Positive("lame-duck-duration", LameDuckDuration, TimeSpan.FromHours(24));
        Positive("drain-timeout", DrainTimeout, TimeSpan.FromHours(1));
        if (LameDuckGrace < TimeSpan.Zero || LameDuckGrace > LameDuckDuration)
        {
            faults.Add($"lame-duck-grace is {LameDuckGrace.TotalSeconds:0.###} s; accepted is 0 to lame-duck-duration ({LameDuckDuration.TotalSeconds:0.###} s)");
        }

        if (MaxPendingBytes < MaxPayloadBytes)
        {
            faults.Add($"max-pending is {MaxPendingBytes}; accepted is at least max-payload ({MaxPayloadBytes})");
        }

        // A line is read in one piece; a full buffer without its end could not go on.
        if (ReceiveBufferBytes < MaxControlLineBytes + LineMarginBytes)
        {
            faults.Add($"receive-buffer is {ReceiveBufferBytes}; accepted is at least max-control-line ({MaxControlLineBytes}) and {LineMarginBytes}");
        }

        Range("pause-pending", PausePendingBytes, 1, MaxPendingBytes);
        return faults;
    }
}
