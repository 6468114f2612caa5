using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>Connections that end in the middle of things.</summary>
public class DisconnectTests(ServerPool servers) : ServerTests(servers)
{
    [Theory]
    [OnEveryServer]
    public async Task A_client_that_ends_its_half_still_gets_the_answers(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        await connection.SendAsync("SUB half 1\r\nPUB half 1\r\nx\r\nPING\r\n");
        await connection.FinishSendingAsync();

        Assert.Equal("MSG half 1 1\r\nx\r\n" + Wire.Pong + Wire.Closed, await connection.ReadToCloseAsync());
    }

    [Theory]
    [OnEveryServer("PUB cut 10\r\nabc")]
    [OnEveryServer("PUB cut 3\r\nabc")]
    [OnEveryServer("PUB cut 3\r\nabc\r")]
    [OnEveryServer("PUB cut 3\r\n")]
    [OnEveryServer("PUB cut 0")]
    public async Task A_message_that_is_cut_is_not_delivered(ServerKind kind, string beginning)
    {
        await using RawConnection subscriber = await ConnectAsync(kind);
        await using RawConnection publisher = await ConnectAsync(kind);
        await subscriber.ExchangeAsync("SUB cut 1\r\n");

        await publisher.SendAsync(beginning);
        await publisher.FinishSendingAsync();
        Assert.Equal(Wire.Closed, await publisher.ReadToCloseAsync());

        Assert.Equal(string.Empty, await subscriber.FlushAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task What_a_client_published_right_before_it_left_is_delivered(ServerKind kind)
    {
        const int Messages = 1_000;
        await using RawConnection subscriber = await ConnectAsync(kind);
        await subscriber.ExchangeAsync("SUB last 1\r\n");

        await using (RawConnection publisher = await ConnectAsync(kind))
        {
            await publisher.SendAsync(string.Concat(Enumerable.Repeat("PUB last 1\r\nx\r\n", Messages)));
            await publisher.FinishSendingAsync();
        }

        await subscriber.ExpectAsync(string.Concat(Enumerable.Repeat("MSG last 1 1\r\nx\r\n", Messages)));
    }

    [Theory]
    [OnEveryServer]
    public async Task Subscriptions_end_with_their_connection(ServerKind kind)
    {
        const int Messages = 500;
        await using RawConnection stays = await ConnectAsync(kind);
        await using RawConnection leaves = await ConnectAsync(kind);
        await stays.ExchangeAsync("SUB shared q 1\r\n");
        await leaves.ExchangeAsync("SUB shared q 1\r\n");

        await leaves.FinishSendingAsync();
        await leaves.ReadToCloseAsync();
        string publish = string.Concat(Enumerable.Repeat("PUB shared 0\r\n\r\n", Messages));

        // The close reaches the client a moment before its subscriptions are gone.
        await Eventually.EqualAsync(
            Messages, async () => Deliveries.Count(await stays.ExchangeAsync(publish), "1"));
    }

    [Theory]
    [OnEveryServer]
    public async Task A_broken_client_does_not_disturb_others(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind);
        await connection.ExchangeAsync("SUB calm 1\r\n");

        foreach (string garbage in new[] { "\0\u0001\u0002\r\n", "SUB a\r\n", "PUB a 99999999999\r\n", "HPUB a 1\r\n", "FOO" })
        {
            await using RawConnection broken = await ConnectAsync(kind);
            Assert.EndsWith(Wire.Closed, await broken.ExchangeAsync(garbage), StringComparison.Ordinal);
            Assert.Equal("MSG calm 1 1\r\nx\r\n", await connection.ExchangeAsync("PUB calm 1\r\nx\r\n"));
        }
    }
}
