using System.Net;
using System.Text;
using Causeway.Bus.Tests.Support;
using Xunit;
using static Causeway.Bus.Tests.Leafs.LeafHarness;

namespace Causeway.Bus.Tests.Leafs;

/// <summary>Everything that clients do, between a client of one server and a client of another, in both directions.</summary>
internal static class Crossing
{
    public static async Task EveryKindAsync(IPEndPoint one, IPEndPoint other)
    {
        await MessagesAsync(one, other);
        await MessagesAsync(other, one);
        await RequestsAsync(one, other);
        await RequestsAsync(other, one);
        await QueueGroupsAsync(one, other);
        await QueueGroupsAsync(other, one);
    }

    public static async Task MessagesAsync(IPEndPoint from, IPEndPoint to)
    {
        using TestClient publisher = await ConnectAsync(from);
        using TestClient literal = await SubscriberAsync(to, "cross.a");
        using TestClient pattern = await SubscriberAsync(to, "cross.*");
        await ReachAsync(publisher, literal, "cross.a");
        await ReachAsync(publisher, pattern, "cross.b");
        literal.TakeKept();
        byte[] large = Encoding.ASCII.GetBytes(new string('x', 200_000));
        await publisher.SendAsync("HPUB cross.a 18 20\r\nNATS/1.0\r\nA: b\r\n\r\nhi\r\nPUB cross.a 0\r\n\r\n");
        await publisher.SendAsync(Wire.Pub("cross.a", large));
        foreach (TestClient subscriber in (TestClient[])[literal, pattern])
        {
            Frame first = await subscriber.MessageAsync();
            while (first.PayloadText.EndsWith("probe", StringComparison.Ordinal))
            {
                first = await subscriber.MessageAsync();
            }

            Assert.Equal("NATS/1.0\r\nA: b\r\n\r\n", Encoding.ASCII.GetString(first.Headers));
            Assert.Equal("hi", first.PayloadText);
            Assert.Empty((await subscriber.MessageAsync()).Payload);
            Assert.Equal(large, (await OneAsync(publisher, subscriber)).Payload);
        }
    }

    public static async Task RequestsAsync(IPEndPoint from, IPEndPoint to)
    {
        using TestClient requester = await ConnectAsync(from);
        using TestClient responder = await SubscriberAsync(to, "cross.service");
        await ReachAsync(requester, responder, "cross.service");

        // The inbox is new each time: its reply must not depend on the other side knowing of it.
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("ask and answer", await CallAsync(requester, responder, "cross.service", $"_INBOX.{Guid.NewGuid():N}"));
        }

        Assert.Equal("ask and answer", await CallAsync(requester, responder, "cross.service", $"_INBOX.{Guid.NewGuid():N}.1"));
    }

    /// <summary>Members on both sides: the nearer one has it, one in all; when it is gone, the other.</summary>
    public static async Task QueueGroupsAsync(IPEndPoint from, IPEndPoint to)
    {
        const int messages = 20;
        using TestClient publisher = await ConnectAsync(from);
        using TestClient near = await SubscriberAsync(from, "cross.work", "workers");
        using TestClient far = await SubscriberAsync(to, "cross.work", "workers");
        using TestClient farther = await SubscriberAsync(to, "cross.work", "workers");
        using TestClient audit = await SubscriberAsync(to, "cross.>");
        await ReachAsync(publisher, audit, "cross.audit");
        for (int i = 0; i < messages; i++)
        {
            await publisher.PublishAsync("cross.work", $"{i}");
        }

        for (int i = 0; i < messages; i++)
        {
            Assert.Equal($"{i}", (await near.MessageAsync()).PayloadText);
            Assert.Equal($"{i}", (await audit.MessageAsync()).PayloadText);
        }

        await near.SendAsync("UNSUB 1\r\n");
        await near.FlushAsync();
        int got = 0;
        await Eventually.TrueAsync(() =>
        {
            publisher.PublishAsync("cross.work", "moved").GetAwaiter().GetResult();
            far.FlushAsync().GetAwaiter().GetResult();
            farther.FlushAsync().GetAwaiter().GetResult();
            return (got += far.TakeKept().Count + farther.TakeKept().Count) >= messages;
        });
        Assert.Empty(near.TakeKept());

        // What was published last has arrived as well: nothing of it is left for who subscribes to the same next.
        await publisher.PublishAsync("cross.audit", "end");
        while ((await audit.MessageAsync()).PayloadText != "end")
        {
        }
    }
}
