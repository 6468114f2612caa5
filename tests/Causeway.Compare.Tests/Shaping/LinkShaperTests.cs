using System.Diagnostics;
using System.Net.Sockets;
using Causeway.Shaper;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Compare.Tests.Shaping;

public sealed class LinkShaperTests
{
    public static TheoryData<LinkConditions> AllConditions =>
    [
        new LinkConditions(),
        new LinkConditions { Latency = TimeSpan.FromMilliseconds(20) },
        new LinkConditions { Latency = TimeSpan.FromMilliseconds(5), Jitter = TimeSpan.FromMilliseconds(20) },
        new LinkConditions { BytesPerSecond = 2_000_000 },
        new LinkConditions { BytesPerSecond = 4_000_000, Latency = TimeSpan.FromMilliseconds(10), Jitter = TimeSpan.FromMilliseconds(5), QueueBytes = 1000 },
    ];

    [Theory]
    [MemberData(nameof(AllConditions))]
    public async Task Bytes_cross_as_they_are_both_ways_at_once(LinkConditions conditions)
    {
        const int Count = 300_000;
        await using ShapedPair pair = await ShapedPair.ConnectAsync(conditions);
        await Task.WhenAll(ShapedPair.CrossAsync(pair.Near, pair.Far, Count, 1), ShapedPair.CrossAsync(pair.Far, pair.Near, Count, 2));
        Assert.Equal(Count, pair.Shaper.Forward.BytesReceived);
        await Eventually.TrueAsync(() => pair.Shaper.Forward.BytesDelivered == Count && pair.Shaper.Backward.BytesDelivered == Count);
        Assert.Equal(1, pair.Shaper.Accepted);
    }

    [Fact]
    public async Task Conditions_may_change_under_way()
    {
        await using ShapedPair pair = await ShapedPair.ConnectAsync();
        byte[] sent = ShapedPair.Pattern(200_000, 3);
        Task<byte[]> receiving = ShapedPair.ReceiveAsync(pair.Far, sent.Length);
        int at = 0;
        foreach (LinkConditions conditions in AllConditions.Select(row => row.Data))
        {
            pair.Shaper.Conditions = conditions;
            await ShapedPair.SendAsync(pair.Near, sent.AsMemory(at, 40_000));
            at += 40_000;
        }

        Assert.Equal(sent, await receiving);
    }

    [Fact]
    public async Task Nothing_arrives_before_the_latency_of_its_direction()
    {
        await using ShapedPair pair = await ShapedPair.ConnectAsync();
        pair.Shaper.Forward.Conditions = new LinkConditions { Latency = TimeSpan.FromMilliseconds(60) };
        pair.Shaper.Backward.Conditions = new LinkConditions { Latency = TimeSpan.FromMilliseconds(30) };
        for (int i = 0; i < 3; i++)
        {
            long sent = Stopwatch.GetTimestamp();
            await ShapedPair.CrossAsync(pair.Near, pair.Far, 10, i);
            Assert.True(Stopwatch.GetElapsedTime(sent).TotalMilliseconds >= 60);
            sent = Stopwatch.GetTimestamp();
            await ShapedPair.CrossAsync(pair.Far, pair.Near, 10, i);
            Assert.True(Stopwatch.GetElapsedTime(sent).TotalMilliseconds >= 30);
        }
    }

    [Fact]
    public async Task All_connections_share_the_bandwidth()
    {
        const int Count = 30_000;
        await using ShapedPair pair = await ShapedPair.ConnectAsync(new LinkConditions { BytesPerSecond = 200_000 });
        Socket near = await pair.ConnectNearAsync();
        Socket far = await pair.AcceptAsync();
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(ShapedPair.CrossAsync(pair.Near, pair.Far, Count, 1), ShapedPair.CrossAsync(near, far, Count, 2));
        Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds >= 2.0 * Count / 200_000);
    }

    [Fact]
    public async Task The_end_of_a_stream_comes_behind_its_bytes()
    {
        await using ShapedPair pair = await ShapedPair.ConnectAsync(new LinkConditions { Latency = TimeSpan.FromMilliseconds(20) });
        await ShapedPair.SendAsync(pair.Near, ShapedPair.Pattern(1000, 5));
        pair.Near.Shutdown(SocketShutdown.Send);
        Assert.Equal(ShapedPair.Pattern(1000, 5), await ShapedPair.ReceiveAsync(pair.Far, 1000));
        Assert.Equal(0, await pair.Far.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken).AsTask().InTimeAsync());
        await ShapedPair.CrossAsync(pair.Far, pair.Near, 1000, 6);
        pair.Far.Shutdown(SocketShutdown.Send);
        await Eventually.TrueAsync(() => pair.Shaper.Connections == 0);
    }

    [Fact]
    public async Task A_reset_crosses_the_link()
    {
        await using ShapedPair pair = await ShapedPair.ConnectAsync();
        pair.Near.LingerState = new LingerOption(true, 0);
        pair.Near.Dispose();
        await ShapedPair.AssertResetAsync(pair.Far);
        await Eventually.TrueAsync(() => pair.Shaper.Connections == 0);
    }

    [Fact]
    public async Task A_receiver_that_does_not_read_holds_the_sender_back()
    {
        LinkConditions conditions = new() { BytesPerSecond = 100_000_000, Latency = TimeSpan.FromMilliseconds(1), QueueBytes = 100_000 };
        await using ShapedPair pair = await ShapedPair.ConnectAsync(conditions);
        byte[] sent = ShapedPair.Pattern(30_000_000, 8);
        Task sending = ShapedPair.SendAsync(pair.Near, sent);
        await Eventually.TrueAsync(() => pair.Shaper.Forward.BytesHeld > 1_000_000);
        Assert.False(sending.IsCompleted);
        Assert.Equal(sent, await ShapedPair.ReceiveAsync(pair.Far, sent.Length));
        await sending;
        Assert.InRange(pair.Shaper.Forward.BytesHeldPeak, 1_000_000, 100_000 + (int)(100_000_000 * 0.011));
    }

    [Fact]
    public async Task A_target_that_refuses_resets_who_connects()
    {
        await using LinkShaper nowhere = LinkShaper.Start(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 1));
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);

        // The reset may come so soon that already connecting tells of it.
        SocketException e = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            await socket.ConnectAsync(nowhere.Address, TestContext.Current.CancellationToken).AsTask().InTimeAsync();
            await socket.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken).AsTask().InTimeAsync();
        });
        Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
    }

    [Fact]
    public void Conditions_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Start(new LinkConditions { Latency = TimeSpan.FromSeconds(-1) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Start(new LinkConditions { Jitter = TimeSpan.FromHours(1) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Start(new LinkConditions { BytesPerSecond = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Start(new LinkConditions { QueueBytes = int.MaxValue }));

        static LinkShaper Start(LinkConditions conditions) => LinkShaper.Start(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 1), conditions);
    }
}
