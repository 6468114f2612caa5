using System.Net.Sockets;
using Causeway.Shaper;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Compare.Tests.Shaping;

public sealed class LinkFaultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stalled_link_reads_nothing_and_goes_on_where_it_was()
    {
        await using ShapedPair pair = await ShapedPair.ConnectAsync();
        await ShapedPair.CrossAsync(pair.Near, pair.Far, 1000, 1);
        pair.Shaper.Stall();
        byte[] sent = ShapedPair.Pattern(4_000_000, 2);
        Task sending = ShapedPair.SendAsync(pair.Near, sent);
        Task<byte[]> receiving = ShapedPair.ReceiveAsync(pair.Far, sent.Length);

        // A second connection that hangs shows that time has passed in which the first could have gone on.
        Socket near = await pair.ConnectNearAsync();
        await Eventually.TrueAsync(() => pair.Shaper.Accepted == 2);
        Assert.Equal(1000, pair.Shaper.Forward.BytesReceived);
        Assert.False(sending.IsCompleted);
        Assert.False(receiving.IsCompleted);

        Task<Socket> accepting = pair.AcceptAsync();
        Assert.False(accepting.IsCompleted);
        pair.Shaper.Resume();
        Assert.Equal(sent, await receiving);
        await sending;
        await ShapedPair.CrossAsync(near, await accepting, 1000, 3);
    }

    [Fact]
    public async Task One_direction_may_be_stalled_alone()
    {
        await using ShapedPair pair = await ShapedPair.ConnectAsync();
        pair.Shaper.Forward.Flow = Flow.Stall;
        Task<byte[]> receiving = ShapedPair.ReceiveAsync(pair.Far, 1000);
        await ShapedPair.SendAsync(pair.Near, ShapedPair.Pattern(1000, 1));
        await ShapedPair.CrossAsync(pair.Far, pair.Near, 100_000, 2);
        Assert.Equal(0, pair.Shaper.Forward.BytesReceived);
        Assert.False(receiving.IsCompleted);
        pair.Shaper.Forward.Flow = Flow.Pass;
        Assert.Equal(ShapedPair.Pattern(1000, 1), await receiving);
    }

    [Fact]
    public async Task A_cut_resets_both_ends_and_new_connections_work()
    {
        await using ShapedPair pair = await ShapedPair.ConnectAsync();
        pair.Shaper.Conditions = new LinkConditions { Latency = TimeSpan.FromSeconds(30) };
        await ShapedPair.SendAsync(pair.Near, new byte[1000]);
        await Eventually.TrueAsync(() => pair.Shaper.Forward.BytesHeld == 1000);
        pair.Shaper.Cut();
        await ShapedPair.AssertResetAsync(pair.Near);
        await ShapedPair.AssertResetAsync(pair.Far);
        await Eventually.TrueAsync(() => pair.Shaper.Connections == 0 && pair.Shaper.Forward.BytesHeld == 0);
        Assert.Equal(0, pair.Shaper.Forward.BytesDelivered);
        Assert.Equal(1, pair.Shaper.Cuts);
        pair.Shaper.Conditions = new LinkConditions();
        Socket near = await pair.ConnectNearAsync();
        await ShapedPair.CrossAsync(near, await pair.AcceptAsync(), 1000, 1);
    }

    [Fact]
    public async Task A_cut_reaches_connections_that_hang()
    {
        await using ShapedPair pair = await ShapedPair.ConnectAsync();
        pair.Shaper.Stall();
        Socket near = await pair.ConnectNearAsync();
        await Eventually.TrueAsync(() => pair.Shaper.Connections == 2);
        pair.Shaper.Cut();
        await ShapedPair.AssertResetAsync(near);
        await ShapedPair.AssertResetAsync(pair.Near);
        await ShapedPair.AssertResetAsync(pair.Far);
    }

    [Fact]
    public async Task A_half_open_link_takes_everything_and_tells_nothing()
    {
        await using ShapedPair pair = await ShapedPair.ConnectAsync();
        pair.Shaper.HalfOpen();
        Task<int> receiving = pair.Far.ReceiveAsync(new byte[10], Cancellation).AsTask();
        await ShapedPair.SendAsync(pair.Near, new byte[5_000_000]);
        pair.Near.Shutdown(SocketShutdown.Send);
        await Eventually.TrueAsync(() => pair.Shaper.Forward.BytesSwallowed == 5_000_000);
        Assert.False(receiving.IsCompleted);
        Assert.Equal(0, pair.Shaper.Forward.BytesDelivered);
        Assert.Equal(0, pair.Shaper.Forward.BytesHeld);
        Assert.Equal(1, pair.Shaper.Connections);

        pair.Shaper.Resume();
        SocketException e = await Assert.ThrowsAsync<SocketException>(() => receiving.InTimeAsync());
        Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
    }

    [Fact]
    public async Task A_half_open_link_does_not_tell_of_a_reset()
    {
        await using ShapedPair pair = await ShapedPair.ConnectAsync();
        pair.Shaper.HalfOpen();
        Task<int> receiving = pair.Far.ReceiveAsync(new byte[10], Cancellation).AsTask();
        pair.Near.LingerState = new LingerOption(true, 0);
        pair.Near.Dispose();

        // What the far end sends is swallowed before and after: the link notices no more than the far end does.
        await ShapedPair.SendAsync(pair.Far, new byte[1_000_000]);
        await Eventually.TrueAsync(() => pair.Shaper.Backward.BytesSwallowed == 1_000_000);
        Assert.False(receiving.IsCompleted);
        pair.Shaper.Resume();
        await Assert.ThrowsAsync<SocketException>(() => receiving.InTimeAsync());
    }

    [Fact]
    public async Task What_is_under_way_is_lost_too_when_the_link_becomes_half_open()
    {
        await using ShapedPair pair = await ShapedPair.ConnectAsync();

        // Longer than this process may stand still between what it sees and what it does.
        pair.Shaper.Forward.Conditions = new LinkConditions { Latency = TimeSpan.FromSeconds(5) };
        await ShapedPair.SendAsync(pair.Near, new byte[1000]);
        await Eventually.TrueAsync(() => pair.Shaper.Forward.BytesReceived == 1000);
        pair.Shaper.Forward.Flow = Flow.Swallow;
        await Eventually.TrueAsync(() => pair.Shaper.Forward.BytesSwallowed == 1000);
        Assert.Equal(0, pair.Shaper.Forward.BytesDelivered);
        await ShapedPair.CrossAsync(pair.Far, pair.Near, 1000, 1);
        pair.Shaper.Resume();
        await ShapedPair.AssertResetAsync(pair.Far);
    }

    [Fact]
    public async Task Connections_that_lost_nothing_outlive_a_half_open_link()
    {
        await using ShapedPair pair = await ShapedPair.ConnectAsync();
        pair.Shaper.HalfOpen();
        pair.Shaper.Resume();
        await ShapedPair.CrossAsync(pair.Near, pair.Far, 1000, 1);
    }

    [Fact]
    public async Task Refusing_leaves_what_is_connected_alone()
    {
        await using ShapedPair pair = await ShapedPair.ConnectAsync();
        for (int i = 0; i < 3; i++)
        {
            pair.Shaper.Refuse();
            SocketException e = await Assert.ThrowsAsync<SocketException>(pair.ConnectNearAsync);
            Assert.Equal(SocketError.ConnectionRefused, e.SocketErrorCode);
            await ShapedPair.CrossAsync(pair.Near, pair.Far, 1000, i);
            pair.Shaper.Resume();
            Socket near = await pair.ConnectNearAsync();
            await ShapedPair.CrossAsync(near, await pair.AcceptAsync(), 1000, i);
        }
    }
}
