using Causeway.Core.Memory;
using Xunit;

namespace Causeway.Core.Tests;

public sealed class LimitsTests
{
    /// <summary>A limit one step out of its range, and the words that its fault begins with.</summary>
    public static TheoryData<string, Func<Limits, Limits>> Faults => new()
    {
        { "max-control-line is 127; accepted is 128 to 32768", limits => limits with { MaxControlLineBytes = 127 } },
        { "max-control-line is 32769", limits => limits with { MaxControlLineBytes = 32_769 } },
        { "max-payload is 0", limits => limits with { MaxPayloadBytes = 0 } },
        { "max-payload is 67108865", limits => limits with { MaxPayloadBytes = Limits.LargestPayloadBytes + 1, MaxPendingBytes = 1L << 30 } },
        { "max-pending is 4095", limits => limits with { MaxPendingBytes = 4095, PausePendingBytes = 1, MaxPayloadBytes = 100 } },
        { "max-pending is 1000000; accepted is at least max-payload (1048576)", limits => limits with { MaxPendingBytes = 1_000_000, PausePendingBytes = 1 } },
        { "pause-pending is 0", limits => limits with { PausePendingBytes = 0 } },
        { "pause-pending is 67108865; accepted is 1 to 67108864", limits => limits with { PausePendingBytes = limits.MaxPendingBytes + 1 } },
        { "max-connections is 0", limits => limits with { MaxConnections = 0 } },
        { "max-subscriptions is -1", limits => limits with { MaxSubscriptions = -1 } },
        { "max-pings-out is 0", limits => limits with { MaxPingsOut = 0 } },
        { "ping-interval is 0 ms", limits => limits with { PingInterval = TimeSpan.Zero } },
        { "ping-interval is 86400001 ms", limits => limits with { PingInterval = TimeSpan.FromDays(1) + TimeSpan.FromMilliseconds(1) } },
        { "max-publisher-pause is -1 ms", limits => limits with { MaxPublisherPause = TimeSpan.FromMilliseconds(-1) } },
        { "write-stall-timeout is 0 ms", limits => limits with { WriteStallTimeout = TimeSpan.Zero } },
        { "close-linger-timeout is 0 ms", limits => limits with { CloseLingerTimeout = TimeSpan.Zero } },
        { "lame-duck-duration is 0 ms", limits => limits with { LameDuckDuration = TimeSpan.Zero, LameDuckGrace = TimeSpan.Zero } },
        { "lame-duck-grace is -1 s", limits => limits with { LameDuckGrace = TimeSpan.FromSeconds(-1) } },
        { "lame-duck-grace is 121 s; accepted is 0 to lame-duck-duration (120 s)", limits => limits with { LameDuckGrace = TimeSpan.FromSeconds(121) } },
        { "drain-timeout is 0 ms", limits => limits with { DrainTimeout = TimeSpan.Zero } },
        { "receive-buffer is 4095", limits => limits with { ReceiveBufferBytes = 4095, MaxControlLineBytes = 128 } },
        { "receive-buffer is 4096; accepted is at least max-control-line (4096) and 16", limits => limits with { ReceiveBufferBytes = 4096 } },
        { "max-route-cache is -1", limits => limits with { MaxRouteCacheBytes = -1 } },
        { "max-pooled is -1", limits => limits with { MaxPooledBytes = -1 } },
        { "max-closed-connections is -1", limits => limits with { MaxClosedConnections = -1 } },
    };

    [Fact]
    public void The_defaults_are_valid_and_those_of_nats_server_where_it_has_them()
    {
        Limits limits = new();
        Assert.Empty(limits.Validate());
        Assert.Equal(4096, limits.MaxControlLineBytes);
        Assert.Equal(1_048_576, limits.MaxPayloadBytes);
        Assert.Equal(67_108_864, limits.MaxPendingBytes);
        Assert.Equal(65_536, limits.MaxConnections);
        Assert.Equal(TimeSpan.FromMinutes(2), limits.PingInterval);
        Assert.Equal(2, limits.MaxPingsOut);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_limit_out_of_range_is_told_alone_and_by_name(string fault, Func<Limits, Limits> change)
    {
        string told = Assert.Single(change(new Limits()).Validate());
        Assert.StartsWith(fault, told, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_is_told()
    {
        Limits limits = new() { MaxConnections = 0, MaxPingsOut = 0, PingInterval = TimeSpan.Zero };
        Assert.Equal(3, limits.Validate().Count);
    }

    [Theory]
    [InlineData(Limits.LargestControlLineBytes, 64 * 1024)]
    [InlineData(4096, 4112)]
    public void A_line_of_any_valid_length_fits_the_receive_buffer(int line, int buffer) =>
        Assert.Empty(new Limits { MaxControlLineBytes = line, ReceiveBufferBytes = buffer }.Validate());

    /// <summary>A message that is longer than the receive buffer is collected in one block.</summary>
    [Fact]
    public void The_largest_message_with_the_longest_line_fits_a_block()
    {
        Assert.True(BlockPool.MaxBytes >= Limits.LargestPayloadBytes + Limits.LargestControlLineBytes + "HPUB \r\n\r\n".Length);
    }
}
