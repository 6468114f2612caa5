using Causeway.Bus.Tests.Support;
using Causeway.Core;
using Causeway.Core.Memory;
using Xunit;

namespace Causeway.Bus.Tests.Input;

/// <summary>Commands that come in pieces of any size are what they are in one, and what waits for its rest is booked.</summary>
public sealed class PartialInputTests
{
    private const int Ki = 1024;

    [Fact]
    public async Task A_byte_at_a_time()
    {
        using TestNode node = TestNode.Start();
        TestClient reader = await node.SubscriberAsync("drip.*");
        TestClient writer = await node.OpenAsync();
        Wire wire = new Wire().Add(ClientSettings.Default.ConnectLine).Add("SUB drip.a 9\r\n");
        for (int number = 0; number < 5; number++)
        {
            wire.AddNumbered("drip.a", 1, number, 300);
        }

        wire.Add("HPUB drip.a 12 15\r\nNATS/1.0\r\n\r\nabc\r\n").Add("PING\r\n");
        for (int i = 0; i < wire.Bytes.Length; i++)
        {
            await writer.SendAsync(wire.Bytes.Slice(i, 1));
        }

        await reader.ReadNumberedAsync(0, 5);
        Assert.Equal("HMSG drip.a 1 12 15", (await reader.MessageAsync()).Text);
        Assert.Equal(FrameKind.Info, (await writer.NextAsync()).Kind);
        await writer.ReadNumberedAsync(0, 5);
        Assert.Equal("HMSG drip.a 9 12 15", (await writer.MessageAsync()).Text);
        Assert.Equal(FrameKind.Pong, (await writer.NextAsync()).Kind);
        await node.EndAsync();
    }

    [Fact]
    public async Task In_pieces_of_any_size()
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        using TestNode node = TestNode.Start(new Limits { ReceiveBufferBytes = 4096, MaxControlLineBytes = 1024 });
        TestClient reader = await node.SubscriberAsync("pieces");
        TestClient writer = await node.ConnectAsync();
        int[] sizes = [12, 13, 100, 2000, 2048, 4000, 4095, 4096, 4097, 9000, 65_000, 65_536, 200_000, 1024 * Ki];
        const int count = 300;
        Wire wire = new();
        for (int number = 0; number < count; number++)
        {
            wire.AddNumbered("pieces", 1, number, sizes[random.Next(number % 20 == 0 ? sizes.Length : sizes.Length - 3)]);
        }

        Task reading = reader.ReadNumberedAsync(0, count);
        for (ReadOnlyMemory<byte> rest = wire.Bytes; !rest.IsEmpty;)
        {
            int piece = Math.Min(rest.Length, random.Next(5) switch { 0 => 1, 1 => random.Next(1, 50), 2 => random.Next(1, 5000), _ => random.Next(1, 100_000) });
            await writer.SendAsync(rest[..piece]);
            rest = rest[piece..];
        }

        await reading;
        await node.EndAsync();
    }

    [Fact]
    public async Task What_waits_for_its_rest_is_booked_and_given_back()
    {
        const int clients = 200;
        const int payload = 40 * Ki;
        using TestNode node = TestNode.Start();
        using ControlPair control = ControlPair.Start(node);
        TestClient reader = await node.SubscriberAsync("late");
        await Eventually.TrueAsync(() => node.Budget.TotalOf(MemoryUse.Receive) > 0);
        long before = node.Budget.TotalOf(MemoryUse.Receive);
        TestClient[] writers = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => node.ConnectAsync()));
        byte[] message = new Wire().AddNumbered("late", 1, 7, payload).Bytes.ToArray();
        const int sent = payload / 2;
        foreach (TestClient writer in writers)
        {
            await writer.FlushAsync();
            await writer.SendAsync(message.AsMemory(0, sent));
        }

        await Eventually.TrueAsync(() => node.Budget.TotalOf(MemoryUse.Receive) - before >= (long)clients * sent);
        Assert.InRange(node.Budget.TotalOf(MemoryUse.Receive) - before, (long)clients * sent, (long)clients * 64 * Ki);

        for (int i = 0; i < clients; i++)
        {
            if (i % 2 == 0)
            {
                await writers[i].SendAsync(message.AsMemory(sent));
            }
            else
            {
                writers[i].Reset();
            }
        }

        for (int i = 0; i < clients / 2; i++)
        {
            Assert.Equal(7, Numbered.Read((await reader.MessageAsync()).Payload).Number);
        }

        await Eventually.TrueAsync(() => node.Budget.TotalOf(MemoryUse.Receive) == before);
        await control.EndAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task A_reader_with_the_smallest_window_that_takes_a_byte_at_a_time_gets_everything()
    {
        using TestNode node = TestNode.Start();
        using ControlPair control = ControlPair.Start(node);
        TestClient reader = await node.SubscriberAsync("narrow", ClientSettings.SmallWindow with { AnswersPings = false });
        TestClient writer = await node.ConnectAsync();
        const int count = 40;
        const int size = 1000;
        Wire wire = new();
        Wire wanted = new();
        for (int number = 0; number < count; number++)
        {
            wire.AddNumbered("narrow", 1, number, size);
            wanted.Add($"MSG narrow 1 {size}\r\n").Add(Numbered.Payload(1, number, size)).Add("\r\n");
        }

        await writer.SendAsync(wire.Bytes);
        byte[] got = new byte[wanted.Bytes.Length];
        for (int i = 0; i < got.Length; i++)
        {
            Assert.Equal(1, await reader.Socket.ReceiveAsync(got.AsMemory(i, 1), TestContext.Current.CancellationToken).AsTask().InTimeAsync());
        }

        Assert.Equal(wanted.Bytes.ToArray(), got);
        Assert.Equal(0, node.Bus.Connections.SlowConsumers);
        await control.EndAsync();
        await node.EndAsync();
    }
}
