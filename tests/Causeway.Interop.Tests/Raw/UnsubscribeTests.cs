using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>UNSUB, at once and after a number of messages.</summary>
public class UnsubscribeTests(ServerPool servers) : ServerTests(servers)
{
    private const string One = "PUB u 1\r\n1\r\n";
    private const string Two = "PUB u 1\r\n2\r\n";
    private const string Three = "PUB u 1\r\n3\r\n";
    private const string Four = "PUB u 1\r\n4\r\n";
    private const string GotOne = "MSG u 1 1\r\n1\r\n";
    private const string GotTwo = "MSG u 1 1\r\n2\r\n";
    private const string GotThree = "MSG u 1 1\r\n3\r\n";

    [Theory]
    [OnEveryServer("UNSUB 1\r\n")]
    [OnEveryServer("UNSUB 1 0\r\n")]
    [OnEveryServer("UNSUB 1 -1\r\n")]
    [OnEveryServer("UNSUB 1 abc\r\n")]
    [OnEveryServer("UNSUB 1 1.5\r\n")]
    [OnEveryServer("UNSUB 1 9999999999\r\n")]
    public async Task Without_a_readable_maximum_removes_at_once(ServerKind kind, string line)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(string.Empty, await connection.ExchangeAsync($"SUB u 1\r\n{line}{One}"));
    }

    [Theory]
    [OnEveryServer("UNSUB 9\r\n")]
    [OnEveryServer("UNSUB 9 5\r\n")]
    [OnEveryServer("UNSUB u\r\n")]
    public async Task Ignores_an_unknown_id(ServerKind kind, string line)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(GotOne, await connection.ExchangeAsync($"SUB u 1\r\n{line}{One}"));
    }

    [Theory]
    [OnEveryServer("UNSUB 1 1\r\n", GotOne)]
    [OnEveryServer("UNSUB 1 3\r\n", GotOne + GotTwo + GotThree)]
    [OnEveryServer("UNSUB 1 999999999\r\n", GotOne + GotTwo + GotThree + "MSG u 1 1\r\n4\r\n")]
    [OnEveryServer("UNSUB 1 1\r\nUNSUB 1 3\r\n", GotOne + GotTwo + GotThree)]
    [OnEveryServer("UNSUB 1 3\r\nUNSUB 1 1\r\n", GotOne)]
    [OnEveryServer("UNSUB 1 2\r\nUNSUB 1\r\n", "")]
    [OnEveryServer("UNSUB 1 2\r\nUNSUB 1 0\r\n", "")]
    public async Task Delivers_up_to_the_maximum(ServerKind kind, string line, string deliveries)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(
            deliveries, await connection.ExchangeAsync("SUB u 1\r\n" + line + One + Two + Three + Four));
    }

    [Theory]
    [OnEveryServer(1, "")]
    [OnEveryServer(2, "")]
    [OnEveryServer(3, GotThree)]
    public async Task Counts_from_the_creation_of_the_subscription(ServerKind kind, int max, string later)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(
            GotOne + GotTwo + later,
            await connection.ExchangeAsync("SUB u 1\r\n" + One + Two + $"UNSUB 1 {max}\r\n" + Three + Four));
    }

    [Theory]
    [OnEveryServer]
    public async Task Frees_the_id_once_the_maximum_is_reached(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(
            GotOne + GotTwo + GotThree,
            await connection.ExchangeAsync("SUB u 1\r\nUNSUB 1 1\r\n" + One + "SUB u 1\r\n" + Two + Three));
    }

    [Theory]
    [OnEveryServer]
    public async Task Frees_the_id_at_once_otherwise(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(
            "MSG v 1 1\r\nx\r\n",
            await connection.ExchangeAsync("SUB u 1\r\nUNSUB 1\r\nSUB v 1\r\n" + One + "PUB v 1\r\nx\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task Counts_messages_of_other_connections_too(ServerKind kind)
    {
        await using RawConnection subscriber = await ConnectAsync(kind);
        await using RawConnection publisher = await ConnectAsync(kind);
        await subscriber.ExchangeAsync("SUB u 1\r\nUNSUB 1 2\r\n");

        await publisher.ExchangeAsync(One + Two + Three);

        Assert.Equal(GotOne + GotTwo, await subscriber.FlushAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task A_queue_member_at_its_maximum_leaves_the_rest_to_the_others(ServerKind kind)
    {
        const int Messages = 100;
        await using RawConnection connection = await ConnectAsync(kind);

        string got = await connection.ExchangeAsync(
            "SUB u q 1\r\nSUB u q 2\r\nUNSUB 1 3\r\n" + string.Concat(Enumerable.Repeat(One, Messages)));

        Assert.Equal(3, Deliveries.Count(got, "1"));
        Assert.Equal(Messages - 3, Deliveries.Count(got, "2"));
    }
}
