using System.Diagnostics;
using Causeway.Bus.Tests.Support;
using Causeway.Core;
using Causeway.Core.Clients;
using Causeway.Core.Memory;
using Xunit;

namespace Causeway.Bus.Tests.Memory;

/// <summary>A small budget under load: the ladder is climbed rung by rung, what is sacrificed is counted, and the rest lives.</summary>
public sealed class GovernorTests
{
    private const long Mi = 1024 * 1024;

    private static readonly Limits Patient = new()
    {
        WriteStallTimeout = TimeSpan.FromMinutes(10),
        PausePendingBytes = 64 * Mi,
        CloseLingerTimeout = TimeSpan.FromMilliseconds(500),
    };

    [Fact]
    public async Task Warns_then_closes_the_largest_and_nobody_else()
    {
        using TestNode node = TestNode.Start(Patient, memoryLimitBytes: 32 * Mi);
        using ControlPair control = ControlPair.Start(node);
        Filler large = await Filler.CreateAsync(node, "large");
        Filler middle = await Filler.CreateAsync(node, "middle");
        Filler small = await Filler.CreateAsync(node, "small");
        await small.FillAsync(2 * Mi);
        await middle.FillAsync(8 * Mi);
        Assert.Equal(GovernorStep.Calm, node.Governor.Step);

        await large.FillAsync(13 * Mi);
        await Eventually.TrueAsync(() => node.Governor.Step == GovernorStep.Warn);
        await Eventually.TrueAsync(() => node.Log.Count("memory: Warn") == 1);
        Assert.False(large.IsClosed);

        await large.FillAsync(20 * Mi);
        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.SlowConsumerMemory) == 1);
        await Eventually.TrueAsync(() => node.Governor.Step == GovernorStep.Calm);
        Assert.Equal(CloseReason.SlowConsumerMemory, large.CloseReason);
        Assert.False(middle.IsClosed);
        Assert.False(small.IsClosed);
        Assert.Equal(1, node.Governor.ShedClients);
        Assert.InRange(node.Governor.ShedBytes, 13 * Mi, 32 * Mi);
        Assert.Equal(1, node.Governor.TimesEntered(GovernorStep.CloseSlowest));
        Assert.Equal(0, node.Governor.RefusedConnections);
        Assert.Equal(1, node.Log.Count("(large) from 127.0.0.1"));

        await middle.ReadAllAsync();
        await small.ReadAllAsync();
        await control.EndAsync();
        await node.EndAsync();
        Assert.Equal(1, node.Bus.Connections.SlowConsumers);
    }

    [Fact]
    public async Task While_the_largest_is_being_closed_nobody_else_is()
    {
        using TestNode node = TestNode.Start(Patient, memoryLimitBytes: 128 * Mi);
        Filler large = await Filler.CreateAsync(node, "large");
        Filler small = await Filler.CreateAsync(node, "small");
        await large.FillAsync(16 * Mi);
        await small.FillAsync(4 * Mi);
        using ManualResetEventSlim goOn = new();
        Task[] busy = [.. node.Bus.Loops.Select(loop => loop.InvokeAsync(goOn.Wait))];
        node.Bus.SetMemoryLimit(24 * Mi);
        for (int i = 0; i < 5; i++)
        {
            node.Bus.Memory.Tick();
        }

        Assert.True(large.IsClosed);
        Assert.False(small.IsClosed);
        goOn.Set();
        await Task.WhenAll(busy).InTimeAsync();
        await Eventually.TrueAsync(() => node.Governor.Step == GovernorStep.Calm);
        Assert.Equal(1, node.Governor.ShedClients);
        await small.ReadAllAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task Subscriptions_stop_at_the_last_rung_and_leave_room_for_messages()
    {
        using TestNode node = TestNode.Start(Patient, memoryLimitBytes: 16 * Mi);
        using ControlPair control = ControlPair.Start(node);
        TestClient hoarder = await node.ConnectAsync();
        int refused = 0;
        int sent = 0;
        while (refused == 0)
        {
            Wire wire = new();
            for (int i = 0; i < 2000; i++, sent++)
            {
                wire.Add($"SUB hoard.{sent} {sent}\r\n");
            }

            await hoarder.SendAsync(wire.Bytes);
            await hoarder.FlushAsync();
            refused = hoarder.TakeKept().Count(frame => frame.Text == "-ERR 'maximum subscriptions exceeded'");
        }

        await Eventually.TrueAsync(() => node.Governor.Step == GovernorStep.RefuseNew);
        Assert.Equal(refused, node.Governor.RefusedSubscriptions);
        Assert.Equal(sent - refused + 2, node.Bus.Context.DefaultTenant.Subscriptions.Count);
        Assert.InRange(node.Budget.Held, 16 * Mi * 90 / 100, MostPeak(16 * Mi * MemoryBudget.SubscriptionsPercent / 100, 1));
        Assert.Equal(["INFO", "-ERR"], (await (await node.OpenAsync()).ReadToEndAsync()).Select(frame => frame.Text.Split(' ')[0]));
        Assert.Equal(1, node.Governor.RefusedConnections);

        // Messages go on, for all that are in, in and out.
        await control.GoOnAsync(50);
        byte[] payload = new byte[100_000];
        await hoarder.SendAsync(Wire.Pub("hoard.7", payload));
        Assert.Equal(payload.Length, (await hoarder.MessageAsync()).Payload.Length);

        await hoarder.SendAsync(string.Concat(Enumerable.Range(0, sent / 2).Select(sid => $"UNSUB {sid}\r\n")));
        await hoarder.FlushAsync();
        await Eventually.TrueAsync(() => node.Governor.Step == GovernorStep.Calm);
        await node.SubscriberAsync("welcome");
        await hoarder.SubscribeAsync("again", "again");
        Assert.Empty(hoarder.TakeKept());
        Assert.Equal(1, node.Governor.TimesEntered(GovernorStep.RefuseNew));
        Assert.Equal(0, node.Bus.Connections.SlowConsumers);
        await control.EndAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task A_message_larger_than_what_is_left_ends_its_sender_only()
    {
        using TestNode node = TestNode.Start(Patient with { MaxPayloadBytes = 32 * (int)Mi }, memoryLimitBytes: 16 * Mi);
        using ControlPair control = ControlPair.Start(node);
        TestClient writer = await node.ConnectAsync();
        await writer.SendAsync(new Wire().Add($"PUB big {20 * Mi}\r\n").Add(new byte[100_000]).Bytes);
        Assert.Empty(await writer.ReadToEndAsync());
        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.MemoryExhausted) == 1);
        Assert.InRange(node.Budget.Peak, 0, MostPeak(16 * Mi, 1));
        await control.EndAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task A_part_of_a_message_is_borne_for_a_second_where_closing_its_sender_is_not_enough()
    {
        using TestNode node = TestNode.Start(Patient, memoryLimitBytes: 128 * Mi);
        TestClient idle = await node.ConnectAsync();
        TestClient writer = await node.ConnectAsync();
        await idle.SendAsync(string.Concat(Enumerable.Range(0, 40_000).Select(sid => $"SUB many.{sid} {sid}\r\n")));
        await idle.FlushAsync();
        await writer.SendAsync(new Wire().Add("PUB half 200000\r\n").Add(new byte[150_000]).Bytes);
        await Eventually.TrueAsync(() => node.Budget.TotalOf(MemoryUse.Receive) >= 150_000);
        long begun = Stopwatch.GetTimestamp();
        node.Bus.SetMemoryLimit(node.Budget.Held * 100 / 93);
        Assert.Equal(GovernorStep.RefuseNew, node.Governor.Step);

        await Eventually.TrueAsync(() => node.Governor.ShedClients == 1);
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalMilliseconds, 500, double.MaxValue);
        Assert.Empty(await writer.ReadToEndAsync());
        Assert.Equal(1, node.ClosedFor(CloseReason.MemoryExhausted));
        await idle.FlushAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task Parts_of_messages_can_not_fill_the_budget()
    {
        const int clients = 500;
        using TestNode node = TestNode.Start(Patient, memoryLimitBytes: 16 * Mi);
        using ControlPair control = ControlPair.Start(node);
        TestClient[] writers = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => node.ConnectAsync()));
        byte[] part = new Wire().Add("PUB never.finished 64000\r\n").Add(new byte[60_000]).Bytes.ToArray();
        foreach (TestClient writer in writers)
        {
            await writer.TrySendAsync(part);
        }

        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.MemoryExhausted) > 0);
        await control.GoOnAsync(100);
        Assert.InRange(node.Budget.Peak, 14 * Mi, MostPeak(16 * Mi, clients));
        Assert.Equal(0, node.Bus.Connections.SlowConsumers);
        await control.EndAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task Announced_messages_that_never_come_can_not_fill_the_budget()
    {
        const int clients = 60;
        using TestNode node = TestNode.Start(Patient, memoryLimitBytes: 32 * Mi);
        using ControlPair control = ControlPair.Start(node);
        TestClient[] writers = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => node.ConnectAsync()));
        foreach (TestClient writer in writers)
        {
            await writer.SendAsync("PUB never.come 1000000\r\n");
        }

        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.MemoryExhausted) > 0);
        await control.GoOnAsync(100);
        Assert.InRange(node.Budget.Peak, 0, MostPeak(32 * Mi, clients));
        Assert.Equal(0, node.Bus.Connections.SlowConsumers);
        await control.EndAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task Idle_buffers_are_room_and_nobody_is_closed_for_them()
    {
        using TestNode node = TestNode.Start(Patient, memoryLimitBytes: 32 * Mi);
        using ControlPair control = ControlPair.Start(node);
        Filler bystander = await Filler.CreateAsync(node, "bystander");
        await bystander.FillAsync(Mi);
        Filler wave = await Filler.CreateAsync(node, "wave");
        await wave.FillAsync(20 * Mi);
        await wave.ReadAllAsync();
        await Eventually.TrueAsync(() => wave.PendingBytes == 0);
        Assert.InRange(node.Bus.Context.Pool.IdleBytes, 15 * Mi, 32 * Mi);

        // Buffers of another size than those that lie idle.
        TestClient[] writers = await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => node.ConnectAsync()));
        foreach (TestClient writer in writers)
        {
            await writer.SendAsync("PUB nobody 1000000\r\n");
        }

        await Eventually.TrueAsync(() => node.Budget.TotalOf(MemoryUse.Receive) > 7 * Mi);
        await control.GoOnAsync(300);
        foreach (TestClient writer in writers)
        {
            await writer.SendAsync(new Wire().Add(new byte[1_000_000]).Add("\r\n").Bytes);
            await writer.FlushAsync();
        }

        Assert.False(bystander.IsClosed);
        Assert.Equal(0, node.Governor.ShedClients);
        Assert.Equal(0, node.ClosedFor(CloseReason.MemoryExhausted));
        Assert.Equal(0, node.Budget.Refusals);
        Assert.InRange(node.Budget.Peak, 0, MostPeak(32 * Mi, 9));
        await control.EndAsync();
        await node.EndAsync();
    }

    /// <summary>
    /// A client that has next to nothing waiting gets its connection and its first block whatever the budget says, and so does a
    /// loop its buffers: that much may come on top.
    /// </summary>
    private static long MostPeak(long limit, int clients)
    {
        const int controlClients = 2;
        const int loopBytes = 512 * 1024;
        return limit + ((clients + controlClients) * (ClientSession.ConnectionBytes + BlockPool.SmallBytes)) + loopBytes;
    }
}
