using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>How commands may be written, and what is not one.</summary>
public class CommandSyntaxTests(ServerPool servers) : ServerTests(servers)
{
    [Theory]
    [OnEveryServer("PING\r\n")]
    [OnEveryServer("ping\r\n")]
    [OnEveryServer("PiNg\r\n")]
    [OnEveryServer("PING \r\n")]
    [OnEveryServer("PING\t\r\n")]
    [OnEveryServer("PING with arguments\r\n")]
    [OnEveryServer("PING\n")]
    public async Task Ping_may_be_written_as(ServerKind kind, string line)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        await connection.SendAsync(line);
        await connection.ExpectAsync(Wire.Pong);
        Assert.Equal(string.Empty, await connection.FlushAsync());
    }

    [Theory]
    [OnEveryServer("PONG\r\n")]
    [OnEveryServer("pong\r\n")]
    [OnEveryServer("PONG x\r\n")]
    [OnEveryServer("+OK\r\n")]
    [OnEveryServer("+ok\r\n")]
    [OnEveryServer("INFO {}\r\n")]
    public async Task Ignores(ServerKind kind, string line)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(string.Empty, await connection.ExchangeAsync(line));
    }

    [Theory]
    [OnEveryServer("SUB syntax 1\r\nPUB syntax r 1\r\nx\r\n")]
    [OnEveryServer("sub syntax 1\r\npub syntax r 1\r\nx\r\n")]
    [OnEveryServer("sUb syntax 1\r\nPuB syntax r 1\r\nx\r\n")]
    [OnEveryServer("SUB\tsyntax\t1\r\nPUB\tsyntax\tr\t1\r\nx\r\n")]
    [OnEveryServer("SUB   syntax \t 1  \r\nPUB  syntax\t \tr   1\t\r\nx\r\n")]
    [OnEveryServer("SUB syntax 1\nPUB syntax r 1\nx\r\n")]
    public async Task Publish_and_subscribe_may_be_written_as(ServerKind kind, string commands)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal("MSG syntax 1 r 1\r\nx\r\n", await connection.ExchangeAsync(commands));
    }

    [Theory]
    [OnEveryServer("unsub 1\r\n")]
    [OnEveryServer("UNSUB\t1\r\n")]
    [OnEveryServer("UNSUB   1  \r\n")]
    public async Task Unsubscribe_may_be_written_as(ServerKind kind, string line)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(
            string.Empty, await connection.ExchangeAsync($"SUB syntax 1\r\n{line}PUB syntax 1\r\nx\r\n"));
    }

    [Theory]
    [OnEveryServer("hpub syntax 12 13\r\n")]
    [OnEveryServer("HPUB\tsyntax   12\t 13 \r\n")]
    public async Task Publish_with_headers_may_be_written_as(ServerKind kind, string line)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.Headers);

        Assert.Equal(
            $"HMSG syntax 1 12 13\r\n{Wire.EmptyHeader}x\r\n",
            await connection.ExchangeAsync($"SUB syntax 1\r\n{line}{Wire.EmptyHeader}x\r\n"));
    }

    [Theory]
    [OnEveryServer("\r\n")]
    [OnEveryServer("\n")]
    [OnEveryServer(" PING\r\n")]
    [OnEveryServer("\0PING\r\n")]
    [OnEveryServer("FOO\r\n")]
    [OnEveryServer("PINX\r\n")]
    [OnEveryServer("XPING\r\n")]
    [OnEveryServer("PUBX a 1\r\n")]
    [OnEveryServer("SUB1 a 1\r\n")]
    [OnEveryServer("SUB\r\n")]
    [OnEveryServer("UNSUB\r\n")]
    [OnEveryServer("PUB\r\n")]
    [OnEveryServer("HPUB\r\n")]
    [OnEveryServer("-ERR\r\n")]
    [OnEveryServer("MSG a 1 1\r\nx\r\n")]
    [OnEveryServer("HMSG a 1 12 12\r\n")]
    [OnEveryServer("RS+ a b\r\n")]
    [OnEveryServer("LS+ a\r\n")]
    [OnEveryServer("A+ a\r\n")]
    [OnEveryServer("RMSG a b 1\r\nx\r\n")]
    [OnEveryServer("GET / HTTP/1.1\r\n\r\n")]
    [OnEveryServer("\u0016\u0003\u0001\u0002\0\u0001\0")]
    public async Task Names_an_unknown_operation_and_closes(ServerKind kind, string bytes)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(Wire.UnknownOperation + Wire.Closed, await connection.ExchangeAsync(bytes));
    }

    [Theory]
    [OnEveryServer("SUB \r\n")]
    [OnEveryServer("SUB a\r\n")]
    [OnEveryServer("SUB a b c d\r\n")]
    [OnEveryServer("UNSUB \r\n")]
    [OnEveryServer("UNSUB 1 2 3\r\n")]
    [OnEveryServer("PUB \r\n")]
    [OnEveryServer("PUB a\r\n")]
    [OnEveryServer("PUB a b c d\r\n")]
    [OnEveryServer("HPUB a\r\n")]
    [OnEveryServer("HPUB a 12\r\n")]
    [OnEveryServer("HPUB a b c 12 12\r\n")]
    [OnEveryServer("-ERR 'x'\r\n")]
    public async Task Closes_without_a_word_on_bad_arguments(ServerKind kind, string line)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.Headers);

        Assert.Equal(Wire.Closed, await connection.ExchangeAsync(line));
    }

    [Theory]
    [OnEveryServer]
    public async Task Answers_what_came_before_the_error(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        await connection.SendAsync("SUB before 1\r\nPUB before 1\r\nx\r\nPING\r\nFOO\r\n");
        Assert.Equal(
            "MSG before 1 1\r\nx\r\n" + Wire.Pong + Wire.UnknownOperation + Wire.Closed,
            await connection.ReadToCloseAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task Delivers_to_others_what_came_before_the_error(ServerKind kind)
    {
        await using RawConnection subscriber = await ConnectAsync(kind);
        await subscriber.ExchangeAsync("SUB before 1\r\n");
        await using RawConnection publisher = await ConnectAsync(kind);

        await publisher.SendAsync("PUB before 1\r\n1\r\nPUB before 1\r\n2\r\nFOO\r\n");
        Assert.Equal(Wire.UnknownOperation + Wire.Closed, await publisher.ReadToCloseAsync());
        await subscriber.ExpectAsync("MSG before 1 1\r\n1\r\nMSG before 1 1\r\n2\r\n");
    }
}
