using System.Diagnostics;
using System.Net.Sockets;
using Causeway.Bus.Tests.Support;
using Causeway.Core;
using Causeway.Core.Clients;
using Xunit;

namespace Causeway.Bus.Tests.Leaving;

/// <summary>Lame-duck mode under load: clients are told, traffic goes on, and each is closed with all that was accepted for it.</summary>
public sealed class LameDuckTests
{
    // Time enough for a client to be served meanwhile, on a busy machine too.
    private static readonly Limits Quick = new()
    {
        LameDuckGrace = TimeSpan.FromSeconds(4),
        LameDuckDuration = TimeSpan.FromSeconds(5),
        CloseLingerTimeout = TimeSpan.FromMilliseconds(500),
    };

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Clients_are_told_served_and_closed_one_by_one(int loops)
    {
        using TestNode node = TestNode.Start(Quick, loops);
        TestClient observer = await node.SubscriberAsync("observed");
        TestClient old = await node.OpenAsync();
        await old.SendAsync("CONNECT {\"verbose\":false,\"protocol\":0}\r\nPING\r\n");
        TestClient[] publishers = [await node.ConnectAsync(), await node.ConnectAsync()];
        TestClient[] readers = await node.SubscribersAsync(6, "duck.*");
        using CancellationTokenSource enough = new();
        BarrierPublisher[] barriers = [.. publishers.Select((client, id) => new BarrierPublisher(client, id, $"duck.{id}", new Random(loops + id)))];
        Task publishing = Task.WhenAll(barriers.Select(barrier => barrier.RunAsync(enough.Token)));
        NumberedReader[] collected = [.. readers.Select(client => new NumberedReader(client))];
        await Eventually.TrueAsync(() => barriers.All(barrier => barrier.Accepted > 200));

        long[] acceptedBefore = [.. barriers.Select(barrier => barrier.Accepted)];
        long began = Stopwatch.GetTimestamp();
        Task leaving = node.Bus.LameDuckAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => node.Bus.IsLeaving && !CanConnect(node));
        Frame told = await observer.NextAsync();
        Assert.Equal(FrameKind.Info, told.Kind);
        Assert.Contains("\"ldm\":true", told.Text, StringComparison.Ordinal);
        await observer.PublishAsync("observed", "still served");
        Assert.Equal("still served", (await observer.MessageAsync()).PayloadText);

        await leaving.InTimeAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(began), Quick.LameDuckGrace, Eventually.Deadline);
        await publishing.InTimeAsync();
        await Task.WhenAll(collected.Select(reader => reader.Done)).InTimeAsync();
        foreach (BarrierPublisher barrier in barriers)
        {
            Assert.InRange(barrier.Accepted, acceptedBefore[barrier.Id] + 1, long.MaxValue);
            Assert.All(collected, reader => Assert.InRange(reader.Got(barrier.Id), acceptedBefore[barrier.Id], barrier.Sent));
        }

        Assert.Equal(["INFO", "PONG"], (await old.ReadToEndAsync()).Select(frame => frame.Text.Split(' ')[0]));
        Assert.Equal(10, node.ClosedFor(CloseReason.ServerShutdown));
        await node.EndAsync();
    }

    [Fact]
    public async Task Who_has_just_come_is_told_as_soon_as_it_can_be()
    {
        using TestNode node = TestNode.Start(Quick);
        TestClient fresh = await node.ConnectAsync();
        Task leaving = node.Bus.LameDuckAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => node.Bus.Info.LameDuck);
        await fresh.FlushAsync();
        Frame told = await fresh.NextAsync();
        Assert.Contains("\"ldm\":true", told.Text, StringComparison.Ordinal);
        Assert.Empty(await fresh.ReadToEndAsync());
        fresh.Dispose();
        await leaving.InTimeAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task It_is_over_as_soon_as_nobody_is_left()
    {
        using TestNode node = TestNode.Start(Quick with { LameDuckDuration = TimeSpan.FromMinutes(2) });
        TestClient[] clients = await node.SubscribersAsync(30, "x");
        Task leaving = node.Bus.LameDuckAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.ServerShutdown) + node.Bus.Connections.Open.Count(connection => connection.IsClosing) > 0);
        foreach (TestClient client in clients)
        {
            client.Dispose();
        }

        await leaving.InTimeAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task A_drain_cuts_it_short()
    {
        using TestNode node = TestNode.Start(Quick with { LameDuckGrace = TimeSpan.FromMinutes(1), LameDuckDuration = TimeSpan.FromMinutes(2) });
        using Load load = await Load.StartAsync(node.Address);
        using CancellationTokenSource cancellation = new();
        Task leaving = node.Bus.LameDuckAsync(cancellation.Token);
        await load.GoOnAsync(500);
        await node.Bus.DrainAsync().InTimeAsync();
        await load.EndAsync();
        load.Dispose();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        await node.EndAsync();
    }

    private static bool CanConnect(TestNode node)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(node.Address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
