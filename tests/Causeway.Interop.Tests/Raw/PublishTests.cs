using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>PUB and MSG, byte for byte.</summary>
public class PublishTests(ServerPool servers) : ServerTests(servers)
{
    [Theory]
    [OnEveryServer("PUB p 1\r\nx\r\n", "MSG p 1 1\r\nx\r\n")]
    [OnEveryServer("PUB p 0\r\n\r\n", "MSG p 1 0\r\n\r\n")]
    [OnEveryServer("PUB p r.1 2\r\nhi\r\n", "MSG p 1 r.1 2\r\nhi\r\n")]
    [OnEveryServer("PUB p r 0\r\n\r\n", "MSG p 1 r 0\r\n\r\n")]
    [OnEveryServer("PUB p 6\r\n\r\n\r\n\r\n\r\n", "MSG p 1 6\r\n\r\n\r\n\r\n\r\n")]
    [OnEveryServer("PUB p 8\r\nPING\r\nPI\r\n", "MSG p 1 8\r\nPING\r\nPI\r\n")]
    [OnEveryServer("PUB p 3\r\n\0\u00ff\n\r\n", "MSG p 1 3\r\n\0\u00ff\n\r\n")]
    [OnEveryServer("PUB p.b.c 1\r\nx\r\n", "")]
    public async Task Delivers_exactly(ServerKind kind, string publish, string delivery)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(delivery, await connection.ExchangeAsync($"SUB p 1\r\n{publish}"));
    }

    [Theory]
    [OnEveryServer("r.*")]
    [OnEveryServer(">")]
    [OnEveryServer("r..x")]
    [OnEveryServer("..")]
    [OnEveryServer("_INBOX.a.b")]
    public async Task Hands_the_reply_subject_on_unread(ServerKind kind, string reply)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.Pedantic);

        Assert.Equal(
            $"MSG p 1 {reply} 1\r\nx\r\n", await connection.ExchangeAsync($"SUB p 1\r\nPUB p {reply} 1\r\nx\r\n"));
    }

    [Theory]
    [OnEveryServer("PUB p -1\r\n")]
    [OnEveryServer("PUB p +1\r\n")]
    [OnEveryServer("PUB p x\r\n")]
    [OnEveryServer("PUB p 1.0\r\n")]
    [OnEveryServer("PUB p 1x\r\n")]
    [OnEveryServer("PUB p 0000000001\r\n")]
    [OnEveryServer("PUB p 9999999999\r\n")]
    [OnEveryServer("PUB p 18446744073709551617\r\n")]
    [OnEveryServer("PUB p r x\r\n")]
    public async Task Closes_without_a_word_on_a_bad_size(ServerKind kind, string line)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(Wire.Closed, await connection.ExchangeAsync(line + "x\r\n"));
    }

    [Theory]
    [OnEveryServer("PUB p 2\r\nx\r\n")]
    [OnEveryServer("PUB p 1\r\nxy\r\n")]
    [OnEveryServer("PUB p 1\r\nxyz\r\n")]
    [OnEveryServer("PUB p 1\r\nx\n\r\n")]
    public async Task Does_not_deliver_a_payload_that_has_another_size(ServerKind kind, string publish)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(
            Wire.UnknownOperation + Wire.Closed, await connection.ExchangeAsync($"SUB p 1\r\n{publish}"));
    }

    [Theory]
    [OnEveryServer]
    public async Task Delivers_to_every_subscription_of_every_connection(ServerKind kind)
    {
        await using RawConnection first = await ConnectAsync(kind);
        await using RawConnection second = await ConnectAsync(kind);
        await first.ExchangeAsync("SUB all 1\r\nSUB all 2\r\n");
        await second.ExchangeAsync("SUB all 1\r\nSUB other 2\r\n");

        string firstGot = await first.ExchangeAsync("PUB all 1\r\nx\r\n");
        await second.ExpectAsync("MSG all 1 1\r\nx\r\n");

        // The order among the subscriptions of one connection is not defined.
        Assert.Equal("MSG all 1 1\r\nx\r\nMSG all 2 1\r\nx\r\n".Length, firstGot.Length);
        Assert.Contains("MSG all 1 1\r\nx\r\n", firstGot, StringComparison.Ordinal);
        Assert.Contains("MSG all 2 1\r\nx\r\n", firstGot, StringComparison.Ordinal);
        Assert.Equal(string.Empty, await second.FlushAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task A_pong_means_that_others_have_what_was_published_before(ServerKind kind)
    {
        await using RawConnection publisher = await ConnectAsync(kind);
        await using RawConnection subscriber = await ConnectAsync(kind);
        await subscriber.ExchangeAsync("SUB barrier 1\r\n");

        for (int round = 0; round < 200; round++)
        {
            await publisher.ExchangeAsync("PUB barrier 1\r\nx\r\n");
            Assert.Equal("MSG barrier 1 1\r\nx\r\n", await subscriber.FlushAsync());
        }
    }

    [Theory]
    [OnEveryServer]
    public async Task A_pong_means_that_a_subscription_is_in_force_for_others(ServerKind kind)
    {
        await using RawConnection publisher = await ConnectAsync(kind);
        await using RawConnection subscriber = await ConnectAsync(kind);

        for (int round = 0; round < 200; round++)
        {
            await subscriber.ExchangeAsync("SUB barrier 1\r\n");
            await publisher.ExchangeAsync("PUB barrier 1\r\nx\r\n");
            Assert.Equal("MSG barrier 1 1\r\nx\r\n", await subscriber.FlushAsync());
            await subscriber.ExchangeAsync("UNSUB 1\r\n");
            await publisher.ExchangeAsync("PUB barrier 1\r\nx\r\n");
            Assert.Equal(string.Empty, await subscriber.FlushAsync());
        }
    }

    [Theory]
    [OnEveryServer]
    public async Task Keeps_the_order_of_each_publisher(ServerKind kind)
    {
        const int Messages = 5_000;
        await using RawConnection subscriber = await ConnectAsync(kind);
        await subscriber.ExchangeAsync("SUB order.* 1\r\n");
        await using RawConnection left = await ConnectAsync(kind);
        await using RawConnection right = await ConnectAsync(kind);

        await Task.WhenAll(left.ExchangeAsync(Numbered("order.left")), right.ExchangeAsync(Numbered("order.right")));

        Dictionary<string, int> next = new() { ["order.left"] = 0, ["order.right"] = 0 };
        for (int count = 0; count < 2 * Messages; count++)
        {
            string frame = (await subscriber.ReadFrameAsync())!;
            string subject = frame.Split(' ')[1];
            Assert.EndsWith($"\r\n{next[subject]++:0000}\r\n", frame, StringComparison.Ordinal);
        }

        Assert.Equal(string.Empty, await subscriber.FlushAsync());

        static string Numbered(string subject) => string.Concat(
            Enumerable.Range(0, Messages).Select(number => $"PUB {subject} 4\r\n{number:0000}\r\n"));
    }
}
