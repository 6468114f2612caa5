using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>Any byte may be the last of a packet.</summary>
public class SplitDeliveryTests(ServerPool servers) : ServerTests(servers)
{
    private const string Commands =
        "SUB split.* q 7\r\n" +
        "PUB split.a rep.ly 5\r\nhel\r\n\r\n" +
        "hpub\tsplit.b   12 14 \r\n" + Wire.EmptyHeader + "hi\r\n" +
        "PUB split.c 0\r\n\r\n" +
        "SUB a..b 8\r\n" +
        "PONG\r\n+OK\r\nUNSUB 7 4\r\n" +
        "PUB split.d 1\r\nx\r\nPUB split.e 1\r\ny\r\n" +
        "PING\r\n";

    private const string Answers =
        "MSG split.a 7 rep.ly 5\r\nhel\r\n\r\n" +
        "HMSG split.b 7 12 14\r\n" + Wire.EmptyHeader + "hi\r\n" +
        "MSG split.c 7 0\r\n\r\n" +
        Wire.InvalidSubject +
        "MSG split.d 7 1\r\nx\r\n" +
        Wire.Pong;

    [Theory]
    [OnEveryServer(1)]
    [OnEveryServer(2)]
    [OnEveryServer(3)]
    [OnEveryServer(7)]
    [OnEveryServer(1000)]
    public async Task Answers_the_same_for_pieces_of_any_size(ServerKind kind, int pieceBytes)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.Headers);

        await connection.SendInPiecesAsync(Commands, pieceBytes);

        await connection.ExpectAsync(Answers);
        Assert.Equal(string.Empty, await connection.FlushAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task Answers_the_same_when_a_pause_is_after_any_byte(ServerKind kind)
    {
        // A flush on a second connection between the two halves makes it likely that the server has read the first.
        await using RawConnection other = await ConnectAsync(kind);
        for (int split = 1; split < Commands.Length; split++)
        {
            await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.Headers);
            await connection.SendAsync(Commands[..split]);
            await other.FlushAsync();
            await connection.SendAsync(Commands[split..]);
            await connection.ExpectAsync(Answers);
        }
    }

    [Theory]
    [OnEveryServer]
    public async Task Connect_may_come_byte_by_byte(ServerKind kind)
    {
        await using RawConnection connection = await OpenAsync(kind);

        await connection.SendInPiecesAsync("CONNECT {\"verbose\":true}\r\n", 1);

        Assert.Equal(Wire.Ok, await connection.FlushAsync());
    }

    [Theory]
    [OnEveryServer("FOO\r\n", Wire.UnknownOperation + Wire.Closed)]
    [OnEveryServer("PUB a x\r\n", Wire.Closed)]
    [OnEveryServer("SUB a..b 1\r\nSUB a\r\n", Wire.InvalidSubject + Wire.Closed)]
    [OnEveryServer("PUB a 99999999\r\n", Wire.PayloadViolation + Wire.Closed)]
    public async Task Errors_are_the_same_byte_by_byte(ServerKind kind, string commands, string answers)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        await connection.SendInPiecesAsync(commands, 1);

        Assert.Equal(answers, await connection.FlushAsync());
    }
}
