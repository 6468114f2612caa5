using System.Diagnostics;
using System.Net.Sockets;
using Causeway.Bus.Tests.Support;
using Causeway.Core;
using Causeway.Core.Clients;
using Xunit;

namespace Causeway.Bus.Tests.Leaving;

/// <summary>A node that leaves in good order delivers what it has accepted, and does not wait for ever for anybody.</summary>
public sealed class DrainTests
{
    private const int Mi = 1024 * 1024;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Everything_accepted_is_delivered(int loops)
    {
        const int rounds = 4;
        for (int round = 0; round < rounds; round++)
        {
            using TestNode node = TestNode.Start(loops: loops);
            using Load load = await Load.StartAsync(node.Address);
            await load.GoOnAsync(1500);
            await node.Bus.DrainAsync().InTimeAsync();
            await load.EndAsync();
            Assert.Equal(0, node.Bus.Connections.SlowConsumers);
            Assert.Equal(8, node.ClosedFor(CloseReason.ServerShutdown));
            await ExpectNobodyListensAsync(node);
            load.Dispose();
            await node.EndAsync();
        }
    }

    /// <summary>What was sent before the drain began is worked through, also what waited for a lagging reader.</summary>
    [Fact]
    public async Task What_has_arrived_is_delivered_though_its_publisher_was_paused()
    {
        using TestNode node = TestNode.Start(new Limits { PausePendingBytes = 64 * 1024, MaxPublisherPause = TimeSpan.FromSeconds(1), DrainTimeout = Eventually.Deadline });
        TestClient reader = await node.SubscriberAsync("late", ClientSettings.SmallWindow);
        TestClient publisher = await node.ConnectAsync();
        const int count = 40;
        Wire wire = new();
        for (int number = 0; number < count; number++)
        {
            wire.AddNumbered("late", 1, number, 250_000);
        }

        // More than one message has to be on its way when the node is told to leave.
        long sent = 0;
        Task sending = SendAsync();
        await Eventually.TrueAsync(() => node.PublisherPauses > 0 && Volatile.Read(ref sent) >= 1_000_000);
        long taken = node.Bus.Connections.Traffic().InMessages;
        Task draining = node.Bus.DrainAsync();
        List<Frame> frames = await reader.ReadToEndAsync();
        reader.Dispose();
        publisher.Dispose();
        await draining.InTimeAsync();
        Assert.InRange(frames.Count, taken + 1, count);
        Assert.Equal(node.Bus.Connections.Traffic().InMessages, frames.Count);
        Assert.Equal(Enumerable.Range(0, frames.Count).Select(number => (long)number), frames.Select(frame => Numbered.Read(frame.Payload).Number));
        await Assert.ThrowsAnyAsync<SocketException>(() => sending.InTimeAsync()).ContinueWith(_ => { }, TaskScheduler.Default);
        await node.EndAsync();

        async Task SendAsync()
        {
            for (ReadOnlyMemory<byte> rest = wire.Bytes; !rest.IsEmpty;)
            {
                ReadOnlyMemory<byte> piece = rest[..Math.Min(rest.Length, 16 * 1024)];
                await publisher.SendAsync(piece);
                rest = rest[piece.Length..];
                Volatile.Write(ref sent, sent + piece.Length);
            }
        }
    }

    [Fact]
    public async Task Who_does_not_read_is_given_up_at_the_deadline()
    {
        // Time enough for those who read, on a busy machine too; who does not would be waited for much longer otherwise.
        Limits limits = new() { DrainTimeout = TimeSpan.FromSeconds(5), CloseLingerTimeout = TimeSpan.FromMilliseconds(500), WriteStallTimeout = TimeSpan.FromMinutes(10) };
        using TestNode node = TestNode.Start(limits);
        using Load load = await Load.StartAsync(node.Address);
        TestClient stuck = await node.SubscriberAsync("stuck", ClientSettings.SmallWindow);
        TestClient publisher = await node.ConnectAsync();
        for (int number = 0; number < 16; number++)
        {
            await publisher.SendAsync(new Wire().AddNumbered("stuck", 1, number, Mi).Bytes);
        }

        await publisher.FlushAsync();
        Assert.Contains(node.Bus.Connections.Open, connection => connection.Session.Outbound.PendingBytes > Mi);
        await load.GoOnAsync(100);
        long began = Stopwatch.GetTimestamp();
        await node.Bus.DrainAsync().InTimeAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(began), limits.DrainTimeout, Eventually.Deadline);
        await load.EndAsync();
        load.Dispose();
        List<Frame> frames = await stuck.ReadToEndAsync();
        Assert.InRange(frames.Count, 0, 15);
        await node.EndAsync();
    }

    [Fact]
    public async Task Who_has_everything_and_does_not_hang_up_is_not_waited_for_as_long()
    {
        using TestNode node = TestNode.Start(new Limits { DrainTimeout = TimeSpan.FromMinutes(10), CloseLingerTimeout = TimeSpan.FromMilliseconds(300) });
        TestClient[] idle = await node.SubscribersAsync(20, "idle");
        await node.Bus.DrainAsync().InTimeAsync();
        foreach (TestClient client in idle)
        {
            Assert.Empty(await client.ReadToEndAsync());
        }

        await node.EndAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_node_that_is_stopped_at_once_leaves_no_socket_open(int loops)
    {
        using TestNode node = TestNode.Start(loops: loops);
        using Load load = await Load.StartAsync(node.Address);
        TestClient[] idle = await node.SubscribersAsync(10, "idle");
        await idle[0].SendAsync("PUB idle 1000\r\nhalf a message");
        await load.GoOnAsync(500);
        node.Bus.Dispose();
        foreach (TestClient client in idle)
        {
            Assert.Empty(await client.ReadToEndAsync());
        }

        load.Dispose();
        Assert.False(node.Log.Has("event loop failed"), string.Join('\n', node.Log.Lines));
        await node.EndAsync();
    }

    private static async Task ExpectNobodyListensAsync(TestNode node)
    {
        SocketException refusal = await Assert.ThrowsAsync<SocketException>(() => TestClient.OpenAsync(node.Address));
        Assert.Equal(SocketError.ConnectionRefused, refusal.SocketErrorCode);
    }
}
