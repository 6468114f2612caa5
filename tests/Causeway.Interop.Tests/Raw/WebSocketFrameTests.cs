using System.Text;
using Causeway.Interop.Tests.Servers;
using static Causeway.Interop.Tests.Raw.WebSocketOpcode;

namespace Causeway.Interop.Tests.Raw;

/// <summary>Frames of WebSockets, right and wrong (RFC 6455, 5): what passes, and what ends the connection with which code.</summary>
public sealed class WebSocketFrameTests(ServerPool servers) : IClassFixture<ServerPool>
{
    private const int NormalClosure = 1000;
    private const int ProtocolError = 1002;

    private static readonly ServerOptions Plain = new() { WebSocket = new WebSocketSettings() };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static IEnumerable<(string Name, WebSocketFrame[] Frames)> Wrong =>
    [
        ("no mask", [Ping() with { IsMasked = false }]),
        ("no mask on an empty frame", [Frame(Binary, "") with { IsMasked = false }]),
        ("no mask on a control frame", [Frame(WebSocketOpcode.Ping, "a") with { IsMasked = false }]),
        ("no mask on a later fragment", [Frame(Binary, "PI") with { IsFinal = false }, Frame(Continuation, "NG\r\n") with { IsMasked = false }]),
        ("no mask on a long frame", [Frame(Binary, new string('a', 70_000)) with { IsMasked = false }]),
        ("an unknown opcode", [Frame((WebSocketOpcode)3, "PING\r\n")]),
        ("an unknown control opcode", [Frame((WebSocketOpcode)11, "a")]),
        ("a control frame that is too long", [Frame(WebSocketOpcode.Ping, new string('a', 126))]),
        ("a control frame in fragments", [Frame(WebSocketOpcode.Ping, "a") with { IsFinal = false }]),
        ("a message within another", [Frame(Binary, "PI") with { IsFinal = false }, Ping()]),
        ("a continuation of nothing", [Frame(Continuation, "PING\r\n")]),
    ];

    [Theory]
    [OnEveryServer]
    public async Task A_wrong_frame_ends_the_connection_with_a_code(ServerKind kind)
    {
        foreach ((string name, WebSocketFrame[] frames) in Wrong)
        {
            await using RawConnection connection = await RawConnection.ConnectAsync(await servers.GetAsync(kind, Plain));

            await connection.WebSocket!.SendAsync(frames, Token);

            Assert.Equal((name, Wire.Closed), (name, await connection.ReadToCloseAsync()));
            // nats-server queues the code and closes before it is sent.
            Assert.Equal((name, ProtocolError), (name, connection.WebSocket.CloseCode ?? (kind == ServerKind.NatsServer ? ProtocolError : 0)));
        }
    }

    [Theory]
    [OnEveryServer]
    public async Task A_client_that_ends_its_half_without_a_close_frame_still_gets_the_answers(ServerKind kind)
    {
        await using RawConnection connection = await RawConnection.ConnectAsync(await servers.GetAsync(kind, Plain));

        await connection.SendAsync("SUB half 1\r\nPUB half 1\r\nx\r\nPING\r\n");
        connection.CutSending();

        Assert.Equal("MSG half 1 1\r\nx\r\n" + Wire.Pong + Wire.Closed, await connection.ReadToCloseAsync());
        Assert.Equal(NormalClosure, connection.WebSocket!.CloseCode);
    }

    [Theory]
    [OnEveryServer]
    public async Task What_came_before_a_frame_without_a_mask_was_worked_through_and_others_go_on(ServerKind kind)
    {
        ServerProcess server = await servers.GetAsync(kind, Plain);
        await using RawConnection other = await RawConnection.ConnectAsync(server);
        await using RawConnection connection = await RawConnection.ConnectAsync(server);

        Assert.Equal(string.Empty, await connection.FlushAsync());
        await connection.WebSocket!.SendAsync([Ping() with { IsMasked = false }], Token);

        Assert.Equal(Wire.Closed, await connection.ReadToCloseAsync());
        Assert.Equal("mask bit missing", kind == ServerKind.NatsServer ? "mask bit missing" : connection.WebSocket.CloseReason);
        Assert.Equal(string.Empty, await other.FlushAsync());
    }

    [Theory]
    [OnEveryServer("fragments", true)]
    [OnEveryServer("empty fragments", true)]
    [OnEveryServer("text", false)]
    [OnEveryServer("longer length than needed", false)]
    [OnEveryServer("many in one packet", true)]
    [OnEveryServer("cut anywhere", true)]
    public async Task Messages_may_be_cut_into_frames_in_any_way(ServerKind kind, string how, bool hasPings)
    {
        await using RawConnection connection = await RawConnection.ConnectAsync(await servers.GetAsync(kind, Plain));
        WebSocketFrame ping = Frame(WebSocketOpcode.Ping, "p");
        WebSocketFrame[] frames = how switch
        {
            "fragments" => [Frame(Binary, "SUB a 1\r\nPUB") with { IsFinal = false }, ping, Frame(Continuation, " a 2\r\nh") with { IsFinal = false }, ping, Frame(Continuation, "i\r\nPING\r\n")],
            "empty fragments" => [Frame(Binary, "") with { IsFinal = false }, ping, Frame(Continuation, "SUB a 1\r\nPUB a 2\r\nhi\r\nPING\r\n") with { IsFinal = false }, Frame(Continuation, "")],
            "text" => [Frame(Text, "SUB a 1\r\nPUB a 2\r\nhi\r\nPING\r\n")],
            "longer length than needed" => [Frame(Binary, "SUB a 1\r\nPUB a 2\r\nhi\r\nPING\r\n") with { HasLongLength = true }],
            "many in one packet" => [.. "SUB a 1\r\nPUB a 2\r\nhi\r\n".Select(letter => Frame(Binary, $"{letter}")), ping, Ping()],
            _ => [Frame(Binary, "SUB a 1\r\n"), ping, Frame(Binary, "PUB a 2\r\nhi\r\nPING\r\n")],
        };
        foreach (WebSocketFrame[] part in how == "cut anywhere" ? frames.Select(frame => new[] { frame }) : [frames])
        {
            await connection.WebSocket!.SendAsync(part, Token);
        }

        await connection.ExpectAsync("MSG a 1 2\r\nhi\r\n" + Wire.Pong);
        Assert.Equal(string.Empty, await connection.FlushAsync());
        Assert.Equal(hasPings, connection.WebSocket!.Pongs.Count > 0);
        Assert.All(connection.WebSocket.Pongs, pong => Assert.Equal("p", pong));
    }

    [Theory]
    [OnEveryServer(1000)]
    [OnEveryServer(1001)]
    [OnEveryServer(3000)]
    [OnEveryServer(4999)]
    public async Task A_close_is_answered_with_its_code(ServerKind kind, int code)
    {
        await using RawConnection connection = await RawConnection.ConnectAsync(await servers.GetAsync(kind, Plain));

        await connection.WebSocket!.SendAsync([new WebSocketFrame(Close, [(byte)(code >> 8), (byte)code])], Token);

        Assert.Equal(Wire.Closed, await connection.ReadToCloseAsync());
        Assert.Equal(code, connection.WebSocket.CloseCode);
    }

    /// <summary>nats-server looks at none of these, and waits.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    public async Task Reserved_bits_and_impossible_lengths_end_a_connection_with_Causeway(int reserved)
    {
        foreach (WebSocketFrame frame in new[] { Ping() with { Reserved = reserved }, Ping() with { ToldLength = -reserved } })
        {
            await using RawConnection connection = await RawConnection.ConnectAsync(await servers.GetAsync(ServerKind.Causeway, Plain));
            await connection.WebSocket!.SendAsync([frame], Token);
            Assert.Equal(Wire.Closed, await connection.ReadToCloseAsync());
            Assert.Equal(ProtocolError, connection.WebSocket.CloseCode);
        }
    }

    private static WebSocketFrame Ping() => Frame(Binary, Wire.Ping);

    private static WebSocketFrame Frame(WebSocketOpcode opcode, string text) => new(opcode, Encoding.Latin1.GetBytes(text));
}
