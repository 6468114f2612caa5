using System.Diagnostics;
using System.Globalization;
using Causeway.Bus.Tests.Support;
using Causeway.Core;
using Causeway.Core.Memory;
using Xunit;

namespace Causeway.Bus.Tests.Subscriptions;

/// <summary>Very many subscriptions, at once and coming and going: they cost their owner, and nobody else waits for them.</summary>
public sealed class SubscriptionFloodTests
{
    private const int PerSend = 2000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Hundreds_of_thousands_of_one_client_come_and_vanish(int loops)
    {
        const int count = 300_000;
        using TestNode node = TestNode.Start(loops: loops);
        using ControlPair control = ControlPair.Start(node);
        TestClient hoarder = await node.ConnectAsync();
        await SubscribeAsync(hoarder, count, number => $"SUB room.{number}.participant.{number % 7}.track.video {number}\r\n");

        Assert.Equal(count + 2, node.Bus.Context.DefaultTenant.Subscriptions.Count);
        Assert.InRange(node.Budget.TotalOf(MemoryUse.Subscriptions) / count, 100, 300);
        await hoarder.PublishAsync("room.299999.participant.0.track.video", "found");
        Assert.Equal("found", (await hoarder.MessageAsync()).PayloadText);

        long began = Stopwatch.GetTimestamp();
        hoarder.Reset();
        await node.ConnectionsAsync(2);
        Assert.Equal(2, node.Bus.Context.DefaultTenant.Subscriptions.Count);
        TestContext.Current.TestOutputHelper?.WriteLine($"released in {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
        await control.EndAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task Many_clients_with_many_subscriptions_vanish_at_the_same_time()
    {
        const int clients = 60;
        const int each = 8_000;
        using TestNode node = TestNode.Start(loops: 1);
        using ControlPair control = ControlPair.Start(node);
        TestClient[] hoarders = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => node.ConnectAsync()));
        foreach (TestClient hoarder in hoarders)
        {
            await SubscribeAsync(hoarder, each, number => $"SUB call.{number}.signal {number}\r\n");
        }

        Assert.Equal((clients * each) + 2, node.Bus.Context.DefaultTenant.Subscriptions.Count);
        foreach (TestClient hoarder in hoarders)
        {
            hoarder.Reset();
        }

        await node.ConnectionsAsync(2);
        await control.EndAsync();
        Assert.InRange(control.LongestRound, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await node.EndAsync();
    }

    [Fact]
    public async Task Wildcards_of_all_shapes_come_and_vanish()
    {
        const int count = 30_000;
        using TestNode node = TestNode.Start();
        using ControlPair control = ControlPair.Start(node);
        TestClient hoarder = await node.ConnectAsync();
        await SubscribeAsync(hoarder, count, number => (number % 4) switch
        {
            0 => $"SUB wild.{number}.> {number}\r\n",
            1 => $"SUB wild.*.{number}.* {number}\r\n",
            2 => $"SUB *.{number}.a.b.c.d.e.f.g.> {number}\r\n",
            _ => $"SUB wild.{number}.*.x group-{number} {number}\r\n",
        });

        // Each of these finds its way through all the branches.
        await hoarder.PublishAsync("wild.8.9.x", "deep");
        HashSet<string> sids = [(await hoarder.MessageAsync()).Sid, (await hoarder.MessageAsync()).Sid];
        Assert.Equal(["8", "9"], sids.Order());
        hoarder.Reset();
        await node.ConnectionsAsync(2);
        Assert.Equal(0, node.Bus.Context.DefaultTenant.Subscriptions.PatternCount);
        await control.EndAsync();
        await node.EndAsync();
    }

    [Theory]
    [InlineData("room.{0}.>", 20_000)]
    [InlineData("{0}.*", 20_000)]
    [InlineData("a.{0}.*.b.>", 20_000)]
    [InlineData("a.{0}.b q.{0}.of.some.length", 20_000)]
    [InlineData("{0}.{1}.*", 300)]
    public async Task They_are_booked_with_what_they_take(string form, int count)
    {
        string manyTokens = string.Join('.', Enumerable.Range(0, 500).Select(token => $"t{token}"));
        using TestNode node = TestNode.Start();
        TestClient hoarder = await node.ConnectAsync();
        await hoarder.FlushAsync();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        await SubscribeAsync(hoarder, count, number => "SUB " + string.Format(CultureInfo.InvariantCulture, form, number, manyTokens) + $" {number}\r\n");

        long taken = GC.GetTotalMemory(forceFullCollection: true) - before;
        long booked = node.Budget.TotalOf(MemoryUse.Subscriptions);
        TestContext.Current.TestOutputHelper?.WriteLine($"{booked / count} bytes are booked for {taken / count} bytes taken");
        Assert.InRange(booked, taken * 8 / 10, taken * 4);
        await node.EndAsync();
    }

    [Fact]
    public async Task Subscriptions_that_come_and_go_disturb_no_message_to_those_that_stay()
    {
        using TestNode node = TestNode.Start();
        using ControlPair control = ControlPair.Start(node);
        TestClient reader = await node.SubscriberAsync("churn.>");
        TestClient publisher = await node.ConnectAsync();
        TestClient[] churners = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => node.ConnectAsync(new ClientSettings())));

        using CancellationTokenSource enough = new();
        Task[] churning = [.. churners.Select((churner, place) => ChurnAsync(churner, place, enough.Token))];
        const int count = 200_000;
        Task reading = reader.ReadNumberedAsync(0, count);
        Wire wire = new();
        for (int number = 0; number < count; number += 100)
        {
            wire.Clear();
            for (int i = 0; i < 100; i++)
            {
                wire.AddNumbered($"churn.{(number + i) % 16}", 1, number + i);
            }

            await publisher.SendAsync(wire.Bytes);
        }

        await reading.InTimeAsync();
        await enough.CancelAsync();
        await Task.WhenAll(churning).InTimeAsync();
        Assert.Equal(3, node.Bus.Context.DefaultTenant.Subscriptions.Count);
        await control.EndAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task Max_subscriptions_holds_for_each_client_and_there_is_room_again()
    {
        using TestNode node = TestNode.Start(new Limits { MaxSubscriptions = 10 });
        TestClient client = await node.ConnectAsync();
        TestClient other = await node.ConnectAsync();
        for (int sid = 1; sid <= 12; sid++)
        {
            await client.SendAsync($"SUB s.{sid} {sid}\r\n");
        }

        await client.FlushAsync();
        Assert.Equal("-ERR 'maximum subscriptions exceeded'", (await client.NextAsync()).Text);
        Assert.Equal("-ERR 'maximum subscriptions exceeded'", (await client.NextAsync()).Text);
        await other.SubscribeAsync("s.other");
        await client.SendAsync("UNSUB 3\r\nSUB s.12 12\r\nPUB s.3 1\r\nx\r\nPUB s.12 1\r\ny\r\n");
        Assert.Equal("MSG s.12 12 1", (await client.MessageAsync()).Text);
        Assert.Equal(11, node.Bus.Context.DefaultTenant.Subscriptions.Count);
        await node.EndAsync();
    }

    private static async Task SubscribeAsync(TestClient client, int count, Func<int, string> line)
    {
        Wire wire = new();
        for (int number = 0; number < count; number++)
        {
            wire.Add(line(number));
            if (number % PerSend == PerSend - 1 || number == count - 1)
            {
                await client.SendAsync(wire.Bytes);
                wire.Clear();
            }
        }

        await client.FlushAsync();
    }

    /// <summary>Subscribes and unsubscribes, literals and patterns and groups, and throws away what it gets.</summary>
    private static async Task ChurnAsync(TestClient client, int place, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            Wire wire = new();
            for (int i = 0; i < 16; i++)
            {
                wire.Add($"SUB churn.{i} {i}\r\nSUB churn.*.{place} p{i}\r\nSUB churn.{i} group g{i}\r\nSUB churn.> all\r\n");
                wire.Add($"UNSUB p{i}\r\nUNSUB {i} 1\r\nUNSUB g{i}\r\nUNSUB all\r\n");
            }

            for (int i = 0; i < 16; i++)
            {
                wire.Add($"UNSUB {i}\r\n");
            }

            await client.SendAsync(wire.Bytes);
            await client.DropUntilPongAsync();
        }
    }
}
