using Causeway.Bus.Tests.Support;
using Causeway.Core;
using Causeway.Core.Clients;
using Xunit;

namespace Causeway.Bus.Tests.Connections;

/// <summary>Who is silent is asked, who does not answer is stale, and how connections end from the client's side.</summary>
public sealed class LivenessTests
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);
    private static readonly Limits ShortPing = new() { PingInterval = TimeSpan.FromMilliseconds(200), MaxPingsOut = 2 };

    [Fact]
    public async Task Who_does_not_answer_is_stale()
    {
        using TestNode node = TestNode.Start(ShortPing);
        TestClient mute = await node.ConnectAsync(ClientSettings.Silent);
        Assert.Equal(["PING", "PING", "-ERR 'Stale Connection'"], (await mute.ReadToEndAsync()).Select(frame => frame.Text));
        mute.Dispose();
        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.StaleConnection) == 1);
        await node.EndAsync();
    }

    [Fact]
    public async Task Who_answers_stays_and_so_does_who_is_busy()
    {
        // Whoever is there has seconds to say so.
        using TestNode node = TestNode.Start(new Limits { PingInterval = TimeSpan.FromSeconds(1), MaxPingsOut = 3 });
        TestClient mute = await node.ConnectAsync(ClientSettings.Silent);
        TestClient quiet = await node.ConnectAsync(ClientSettings.Default with { AnswersPings = false });
        TestClient busy = await node.ConnectAsync(ClientSettings.Default with { AnswersPings = false });
        using CancellationTokenSource enough = new();
        Task working = WorkAsync(busy, enough.Token);
        Task<List<Frame>> muteFrames = mute.ReadToEndAsync();
        for (int pings = 0; !muteFrames.IsCompleted || pings < 4; pings++)
        {
            Assert.Equal("PING", (await quiet.NextAsync()).Text);
            await quiet.SendAsync("PONG\r\n");
        }

        mute.Dispose();
        await enough.CancelAsync();
        await working;
        await busy.FlushAsync();
        await node.ConnectionsAsync(2);
        Assert.Equal(1, node.ClosedFor(CloseReason.StaleConnection));
        await node.EndAsync();
    }

    [Fact]
    public async Task Who_has_sent_all_it_will_gets_all_its_answers_and_then_the_end()
    {
        using TestNode node = TestNode.Start(new Limits { CloseLingerTimeout = Eventually.Deadline });
        TestClient client = await node.ConnectAsync();
        Wire wire = new Wire().Add("SUB own 1\r\n");
        const int count = 2000;
        for (int number = 0; number < count; number++)
        {
            wire.AddNumbered("own", 1, number, 1000);
        }

        Task sending = SendAndCloseAsync(client, wire.Add("PING\r\n").Bytes);
        await client.ReadNumberedAsync(0, count);
        await sending;
        Assert.Equal([FrameKind.Pong], (await client.ReadToEndAsync()).Select(frame => frame.Kind));
        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.ClientClosed) == 1);
        await node.EndAsync();
    }

    [Fact]
    public async Task Who_publishes_and_leaves_at_once_is_heard()
    {
        using TestNode node = TestNode.Start();
        TestClient reader = await node.SubscriberAsync("farewell");
        const int count = 200;
        for (int number = 0; number < count; number++)
        {
            using TestClient client = await TestClient.OpenAsync(node.Address);
            await client.SendAsync(new Wire().Add(ClientSettings.Default.ConnectLine).AddNumbered("farewell", 1, number, 20_000).Bytes);
            client.CloseSending();
            await client.ReadToEndAsync();
        }

        HashSet<long> numbers = [];
        for (int i = 0; i < count; i++)
        {
            numbers.Add(Numbered.Read((await reader.MessageAsync()).Payload).Number);
        }

        Assert.Equal(count, numbers.Count);
        await node.EndAsync();
    }

    [Fact]
    public async Task Who_leaves_in_the_middle_of_a_message_is_not_heard()
    {
        using TestNode node = TestNode.Start();
        TestClient reader = await node.SubscriberAsync("cut");
        byte[] message = new Wire().AddNumbered("cut", 1, 0, 5000).Bytes.ToArray();
        foreach (int length in new[] { 1, 5, 14, 20, 4000, message.Length - 2, message.Length - 1 })
        {
            using TestClient halfway = await node.ConnectAsync();
            await halfway.SendAsync(message.AsMemory(0, length));
            halfway.CloseSending();
            Assert.Empty(await halfway.ReadToEndAsync());
            using TestClient broken = await node.ConnectAsync();
            await broken.SendAsync(message.AsMemory(0, length));
            broken.Reset();
        }

        await node.ConnectionsAsync(1);
        await reader.SendAsync("PUB cut 4\r\nlast\r\n");
        Assert.Equal("last", (await reader.MessageAsync()).PayloadText);
        await node.EndAsync();
    }

    /// <summary>Publishes now and then, far more often than it would be asked for life, and answers no PING.</summary>
    private static async Task WorkAsync(TestClient busy, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await busy.SendAsync("PUB nobody 1\r\nx\r\n");
            await Task.Delay(Pace, CancellationToken.None);
        }
    }

    private static async Task SendAndCloseAsync(TestClient client, ReadOnlyMemory<byte> bytes)
    {
        await client.SendAsync(bytes);
        client.CloseSending();
    }
}
