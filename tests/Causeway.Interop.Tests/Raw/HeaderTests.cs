using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>HPUB and HMSG, byte for byte, and receivers that don't know headers.</summary>
public class HeaderTests(ServerPool servers) : ServerTests(servers)
{
    /// <summary>18 bytes.</summary>
    private const string Header = "NATS/1.0\r\nA: b\r\n\r\n";

    [Theory]
    [OnEveryServer("HPUB h 18 19\r\n" + Header + "x\r\n", "HMSG h 1 18 19\r\n" + Header + "x\r\n")]
    [OnEveryServer("HPUB h r 18 20\r\n" + Header + "hi\r\n", "HMSG h 1 r 18 20\r\n" + Header + "hi\r\n")]
    [OnEveryServer("HPUB h 18 18\r\n" + Header + "\r\n", "HMSG h 1 18 18\r\n" + Header + "\r\n")]
    [OnEveryServer("HPUB h 12 12\r\n" + Wire.EmptyHeader + "\r\n", "HMSG h 1 12 12\r\n" + Wire.EmptyHeader + "\r\n")]
    public async Task Delivers_exactly(ServerKind kind, string publish, string delivery)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.Headers);

        Assert.Equal(delivery, await connection.ExchangeAsync($"SUB h 1\r\n{publish}"));
    }

    [Theory]
    [OnEveryServer("HPUB h 3 5\r\nabcde\r\n", "HMSG h 1 3 5\r\nabcde\r\n")]
    [OnEveryServer("HPUB h 1 1\r\nx\r\n", "HMSG h 1 1 1\r\nx\r\n")]
    [OnEveryServer("HPUB h 0 1\r\nx\r\n", "MSG h 1 1\r\nx\r\n")]
    [OnEveryServer("HPUB h 0 0\r\n\r\n", "MSG h 1 0\r\n\r\n")]
    public async Task Does_not_read_the_header_block(ServerKind kind, string publish, string delivery)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.Headers);

        Assert.Equal(delivery, await connection.ExchangeAsync($"SUB h 1\r\n{publish}"));
    }

    [Theory]
    [OnEveryServer(ConnectOptions.Quiet)]
    [OnEveryServer("""{"verbose":false,"pedantic":false,"headers":false}""")]
    public async Task A_receiver_without_headers_gets_the_payload_alone(ServerKind kind, string receiver)
    {
        await using RawConnection subscriber = await ConnectAsync(kind, receiver);
        await using RawConnection publisher = await ConnectAsync(kind, ConnectOptions.Headers);
        await subscriber.ExchangeAsync("SUB strip 1\r\n");

        await publisher.ExchangeAsync(
            $"HPUB strip 18 20\r\n{Header}hi\r\nHPUB strip r 18 18\r\n{Header}\r\nHPUB strip 12 13\r\n{Wire.EmptyHeader}x\r\n");

        Assert.Equal(
            "MSG strip 1 2\r\nhi\r\nMSG strip 1 r 0\r\n\r\nMSG strip 1 1\r\nx\r\n", await subscriber.FlushAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task A_receiver_that_never_sent_connect_gets_the_payload_alone(ServerKind kind)
    {
        await using RawConnection subscriber = await OpenAsync(kind);
        await using RawConnection publisher = await ConnectAsync(kind, ConnectOptions.Headers);
        await subscriber.ExchangeAsync("SUB strip 1\r\n");

        await publisher.ExchangeAsync($"HPUB strip 18 20\r\n{Header}hi\r\n");

        Assert.Equal("MSG strip 1 2\r\nhi\r\n", await subscriber.FlushAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task One_message_reaches_receivers_with_and_without_headers(ServerKind kind)
    {
        await using RawConnection with = await ConnectAsync(kind, ConnectOptions.Headers);
        await using RawConnection without = await ConnectAsync(kind);
        await using RawConnection publisher = await ConnectAsync(kind, ConnectOptions.Headers);
        await with.ExchangeAsync("SUB both 1\r\n");
        await without.ExchangeAsync("SUB both 1\r\n");

        await publisher.ExchangeAsync($"HPUB both r 18 20\r\n{Header}hi\r\nPUB both 1\r\nx\r\n");

        Assert.Equal($"HMSG both 1 r 18 20\r\n{Header}hi\r\nMSG both 1 1\r\nx\r\n", await with.FlushAsync());
        Assert.Equal("MSG both 1 r 2\r\nhi\r\nMSG both 1 1\r\nx\r\n", await without.FlushAsync());
    }

    [Theory]
    [OnEveryServer("HPUB h 19 18\r\n")]
    [OnEveryServer("HPUB h -1 18\r\n")]
    [OnEveryServer("HPUB h x 18\r\n")]
    [OnEveryServer("HPUB h 18 x\r\n")]
    [OnEveryServer("HPUB h 12 9999999999\r\n")]
    [OnEveryServer("HPUB h 0000000012 12\r\n")]
    public async Task Closes_without_a_word_on_bad_sizes(ServerKind kind, string line)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.Headers);

        Assert.Equal(Wire.Closed, await connection.ExchangeAsync($"{line}{Header}\r\n"));
    }

    [Theory]
    [OnEveryServer(ConnectOptions.Quiet)]
    [OnEveryServer("""{"verbose":false,"headers":false}""")]
    public async Task Closes_without_a_word_on_headers_that_were_not_agreed(ServerKind kind, string options)
    {
        await using RawConnection connection = await ConnectAsync(kind, options);

        Assert.Equal(Wire.Closed, await connection.ExchangeAsync($"HPUB h 18 18\r\n{Header}\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task Closes_on_headers_before_connect(ServerKind kind)
    {
        await using RawConnection connection = await OpenAsync(kind);

        Assert.Equal(Wire.Closed, await connection.ExchangeAsync($"HPUB h 18 18\r\n{Header}\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task The_header_block_may_fill_the_whole_payload_limit(ServerKind kind)
    {
        const int PayloadBytesMax = 1024 * 1024;
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.Headers);
        string block = new('h', PayloadBytesMax);

        Assert.Equal(
            $"HMSG h 1 {PayloadBytesMax} {PayloadBytesMax}\r\n{block}\r\n",
            await connection.ExchangeAsync($"SUB h 1\r\nHPUB h {PayloadBytesMax} {PayloadBytesMax}\r\n{block}\r\n"));
    }
}
