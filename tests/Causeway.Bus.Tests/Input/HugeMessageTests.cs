using Causeway.Bus.Tests.Support;
using Causeway.Core;
using Causeway.Core.Clients;
using Xunit;

namespace Causeway.Bus.Tests.Input;

/// <summary>Messages of the largest size that may be, while small ones flow.</summary>
public sealed class HugeMessageTests
{
    private const int Mi = 1024 * 1024;

    [Theory]
    [InlineData(Mi, 24)]
    [InlineData(8 * Mi, 6)]
    [InlineData(Limits.LargestPayloadBytes - 20, 2)]
    [InlineData(Limits.LargestPayloadBytes, 2)]
    public async Task The_largest_message_arrives_and_small_ones_do_not_wait_for_it(int size, int count)
    {
        using TestNode node = TestNode.Start(new Limits { MaxPayloadBytes = size, MaxPendingBytes = 4L * Limits.LargestPayloadBytes });
        using ControlPair control = ControlPair.Start(node);
        TestClient reader = await node.SubscriberAsync("huge.>");
        TestClient writer = await node.ConnectAsync();
        TestClient small = await node.ConnectAsync();
        Task reading = reader.ReadNumberedAsync(0, count);
        Wire wire = new();
        for (int number = 0; number < count; number++)
        {
            wire.Clear();
            await writer.SendAsync(wire.AddNumbered("huge.of.its.kind", 1, number, size).Bytes);
            await small.FlushAsync();
        }

        await reading;
        Assert.Equal(0, node.Bus.Connections.SlowConsumers);
        await control.EndAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task One_message_of_the_largest_size_is_never_too_much_for_one_who_reads()
    {
        using TestNode node = TestNode.Start(new Limits { MaxPayloadBytes = Mi, MaxPendingBytes = Mi, PausePendingBytes = Mi });
        TestClient reader = await node.SubscriberAsync("largest");
        TestClient writer = await node.ConnectAsync();
        for (int number = 0; number < 5; number++)
        {
            await writer.SendAsync(new Wire().AddNumbered("largest", 1, number, Mi).Bytes);
            await reader.ReadNumberedAsync(number, 1);
        }

        Assert.Equal(0, node.Bus.Connections.SlowConsumers);
        await node.EndAsync();
    }

    [Fact]
    public async Task A_byte_more_is_refused_before_it_is_sent()
    {
        using TestNode node = TestNode.Start();
        TestClient writer = await node.ConnectAsync();
        await writer.SendAsync($"PUB huge {Mi + 1}\r\n");
        Assert.Equal("-ERR 'Maximum Payload Violation'", (await writer.NextAsync()).Text);
        Assert.Equal(FrameKind.End, (await writer.NextAsync()).Kind);
        writer.Dispose();
        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.MaxPayloadExceeded) == 1);
        await node.EndAsync();
    }

    /// <summary>A receiver without headers gets a message that has to be written anew.</summary>
    [Fact]
    public async Task A_huge_header_is_left_out_for_who_does_not_know_headers()
    {
        using TestNode node = TestNode.Start();
        TestClient plain = await node.SubscriberAsync("huge", ClientSettings.Default with { Headers = false });
        TestClient full = await node.SubscriberAsync("huge");
        TestClient writer = await node.ConnectAsync();
        const int half = Mi / 2;
        byte[] payload = Numbered.Payload(3, 4, half);
        await writer.SendAsync(new Wire().Add($"HPUB huge {half} {2 * half}\r\n").Add(new byte[half]).Add(payload).Add("\r\n").Bytes);
        Assert.Equal((3, 4), Numbered.Read((await plain.MessageAsync()).Payload));
        Frame whole = await full.MessageAsync();
        Assert.Equal((half, half), (whole.Headers.Length, whole.Payload.Length));
        Assert.Equal((3, 4), Numbered.Read(whole.Payload));
        await node.EndAsync();
    }
}
