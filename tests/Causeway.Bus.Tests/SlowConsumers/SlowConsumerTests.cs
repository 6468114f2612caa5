using System.Diagnostics;
using Causeway.Bus.Tests.Support;
using Causeway.Core;
using Causeway.Core.Clients;
using Xunit;

namespace Causeway.Bus.Tests.SlowConsumers;

/// <summary>A client that does not read is closed for it, is counted and named; nobody else feels it.</summary>
public sealed class SlowConsumerTests
{
    private const int Mi = 1024 * 1024;
    private const int PayloadBytes = 16 * 1024;

    private const int MostAhead = 64;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Who_never_reads_is_closed_when_too_many_bytes_wait()
    {
        using TestNode node = TestNode.Start(new Limits { MaxPendingBytes = 4 * Mi, WriteStallTimeout = Never });
        using ControlPair control = ControlPair.Start(node);
        TestClient slow = await node.SubscriberAsync("flood", ClientSettings.SmallWindow with { Name = "sleeper" });
        NumberedReader reader = new(await node.SubscriberAsync("flood"));
        TestClient publisher = await node.ConnectAsync();

        const int count = 1000;
        await PublishAsync(publisher, count, reader);
        await ReadAsync(count, reader);

        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.SlowConsumerPendingBytes) == 1);
        Assert.Equal(1, node.Bus.Connections.SlowConsumers);
        Assert.Equal(1, node.Log.Count("(sleeper) from 127.0.0.1"));
        Assert.Equal(1, node.Log.Count("Slow Consumer (Pending Bytes)"));
        Assert.InRange(node.PublisherPauses, 1, long.MaxValue);
        await ExpectPrefixAsync(slow, count);
        await control.EndAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task Who_stops_reading_is_closed_when_no_byte_moves_for_too_long()
    {
        using TestNode node = TestNode.Start(new Limits { WriteStallTimeout = TimeSpan.FromMilliseconds(800) });
        using ControlPair control = ControlPair.Start(node);
        TestClient slow = await node.SubscriberAsync("flood", ClientSettings.SmallWindow);
        TestClient publisher = await node.ConnectAsync();

        const int count = 800;
        await PublishAsync(publisher, count);
        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.SlowConsumerWriteStall) == 1);
        Assert.Equal(1, node.Log.Count("Slow Consumer (Write Deadline)"));
        await ExpectPrefixAsync(slow, count);
        await control.EndAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task Who_reads_slowly_gets_everything_and_only_slows_its_publisher()
    {
        // Less than it takes it to read all, and more than a busy machine keeps it from reading.
        using TestNode node = TestNode.Start(new Limits { WriteStallTimeout = TimeSpan.FromSeconds(4) });
        using ControlPair control = ControlPair.Start(node);
        TestClient slow = await node.SubscriberAsync("flood", ClientSettings.SmallWindow);
        TestClient publisher = await node.ConnectAsync();

        const int rounds = 200;
        const int perRound = 12;
        Task publishing = PublishAsync(publisher, rounds * perRound);
        for (int round = 0; round < rounds; round++)
        {
            await slow.ReadNumberedAsync(round * perRound, perRound);
            await Task.Delay(Pace, TestContext.Current.CancellationToken);
        }

        await publishing;
        await publisher.FlushAsync();
        Assert.InRange(node.PublisherPauses, 1, long.MaxValue);
        Assert.Equal(0, node.Bus.Connections.SlowConsumers);
        await control.EndAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task A_frozen_process_is_closed_for_it()
    {
        using TestNode node = TestNode.Start(new Limits { WriteStallTimeout = TimeSpan.FromSeconds(1), MaxPendingBytes = 256L * Mi });
        using ControlPair control = ControlPair.Start(node);
        TestClient publisher = await node.ConnectAsync();
        using Process frozen = Process.Start("/bin/bash", [
            "-c", $"exec 3<>/dev/tcp/127.0.0.1/{node.Address.Port}; printf 'SUB flood 1\\r\\n' >&3; exec cat <&3 >/dev/null"]);
        await Eventually.TrueAsync(() => node.Bus.Context.DefaultTenant.Subscriptions.Count == 3);
        ServeProcess.Send(frozen.Id, Signal.Stop);

        // More than the kernel takes for a reader that is asleep.
        const int count = 48 * Mi / PayloadBytes;
        await PublishAsync(publisher, count);
        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.SlowConsumerWriteStall) == 1);
        await publisher.FlushAsync();

        ServeProcess.Send(frozen.Id, Signal.Continue);
        await frozen.WaitForExitAsync(TestContext.Current.CancellationToken).InTimeAsync();
        await control.EndAsync();
        await node.EndAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task One_stuck_consumer_of_many_takes_nothing_from_the_others(int loops)
    {
        using TestNode node = TestNode.Start(new Limits { MaxPendingBytes = 8 * Mi, WriteStallTimeout = Never }, loops);
        using ControlPair control = ControlPair.Start(node);
        TestClient stuck = await node.SubscriberAsync("flood", ClientSettings.SmallWindow);
        NumberedReader[] readers = [.. (await node.SubscribersAsync(20, "flood")).Select(client => new NumberedReader(client))];
        TestClient publisher = await node.ConnectAsync();

        const int count = 1200;
        await PublishAsync(publisher, count, readers);
        await ReadAsync(count, readers);

        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.SlowConsumerPendingBytes) == 1);
        Assert.Equal(1, node.Bus.Connections.SlowConsumers);
        await ExpectPrefixAsync(stuck, count);
        await control.EndAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task Who_never_reads_its_PONGs_is_closed_too()
    {
        using TestNode node = TestNode.Start(new Limits { MaxPendingBytes = 64 * 1024, MaxPayloadBytes = 1024, PausePendingBytes = 64 * 1024, WriteStallTimeout = Never });
        using ControlPair control = ControlPair.Start(node);
        TestClient slow = await node.ConnectAsync(ClientSettings.SmallWindow);
        byte[] pings = Wire.Text(string.Concat(Enumerable.Repeat("PING\r\n", 10_000)));
        Task flooding = Task.Run(
            async () =>
            {
                while (node.Bus.Connections.SlowConsumers == 0)
                {
                    await slow.SendAsync(pings);
                }
            },
            TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.SlowConsumerPendingBytes) == 1);
        await control.EndAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => flooding.InTimeAsync()).ContinueWith(_ => { }, TaskScheduler.Default);
        await node.EndAsync();
    }

    /// <summary>Publishes, without running far ahead of <paramref name="readers"/>: they shall not be slow for want of a processor.</summary>
    private static async Task PublishAsync(TestClient publisher, int count, params NumberedReader[] readers)
    {
        Wire wire = new();
        for (int number = 0; number < count; number++)
        {
            long least = number - MostAhead;
            await Eventually.TrueAsync(() => Array.TrueForAll(readers, reader => reader.Got(1) >= least || reader.Done.IsCompleted));
            wire.Clear();
            await publisher.SendAsync(wire.AddNumbered("flood", 1, number, PayloadBytes).Bytes);
        }
    }

    private static async Task ReadAsync(int count, params NumberedReader[] readers)
    {
        await Eventually.TrueAsync(() => Array.TrueForAll(readers, reader => reader.Got(1) == count || reader.Done.IsCompleted));
        Assert.All(readers, reader => Assert.Equal(count, reader.Got(1)));
    }

    /// <summary>What a slow consumer can still read is the beginning of what was for it, and not all.</summary>
    private static async Task ExpectPrefixAsync(TestClient slow, int published)
    {
        List<Frame> frames = await slow.ReadToEndAsync();
        Assert.InRange(frames.Count, 0, published - 1);
        for (int i = 0; i < frames.Count; i++)
        {
            Assert.Equal(i, Numbered.Read(frames[i].Payload).Number);
        }
    }
}
