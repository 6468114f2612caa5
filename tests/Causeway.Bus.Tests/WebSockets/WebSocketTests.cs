using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Causeway.Bus.Monitoring;
using Causeway.Bus.Tests.Support;
using Causeway.Bus.Tests.Tls;
using Causeway.Bus.Tls;
using Causeway.Bus.WebSockets;
using Causeway.Core;
using Causeway.Core.Clients;
using Causeway.Core.WebSockets;
using Xunit;

namespace Causeway.Bus.Tests.WebSockets;

public sealed class WebSocketTests : IDisposable
{
    private const string Upgrade = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    private readonly TestAuthority _authority = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Messages_of_all_sizes_pass_with_and_without_TLS_and_compression(bool secure, bool compression)
    {
        TestNode node = Start(options => options with { Tls = secure ? _authority.Options : null, Compression = compression });
        TestClient plain = await node.SubscriberAsync("to.plain");
        using WebSocketClient client = await ConnectAsync(node, secure, compression);
        Assert.Equal(secure, client.Info.Contains("\"tls_required\":true", StringComparison.Ordinal));
        Assert.Equal("PONG", await client.LineAsync());
        await client.SendAsync("SUB a 1\r\n");
        foreach (int size in (int[])[0, 1, 63, 64, 65, 4000, 70_000, 1024 * 1024])
        {
            byte[] payload = size == 4000 ? new byte[size] : RandomNumberGenerator.GetBytes(size);
            byte[] all = [.. Encoding.ASCII.GetBytes($"PUB a {size}\r\n"), .. payload, .. "\r\n"u8];

            await client.SendAsync(all[..(all.Length / 2)], end: false);
            await client.SendAsync(all[(all.Length / 2)..]);

            Assert.Equal($"MSG a 1 {size}", await client.LineAsync());
            Assert.Equal(payload, await client.BytesAsync(size));
            Assert.Equal("", await client.LineAsync());
        }

        await client.SendAsync("PUB to.plain 2\r\nok\r\n", WebSocketMessageType.Text);
        Assert.Equal("ok", (await plain.NextAsync()).PayloadText);
        ClientSession session = node.Bus.Connections.Open.Single(open => open.IsWebSocket).Session;
        Assert.Equal("127.0.0.1", session.Address);
        Assert.Equal(secure, session.Channel is not null);
        int booked = WebSocketReception.ConnectionBytes + (secure ? ClientTls.ConnectionBytes : 0) + (compression ? WebSocketReception.CompressionBytes : 0);
        Assert.InRange(session.Account.Bytes, booked, long.MaxValue);
        await client.CloseAsync();
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.Socket.CloseStatus);
        client.Dispose();
        await node.EndAsync();
    }

    [Fact]
    public async Task Monitoring_tells_WebSockets_from_other_clients()
    {
        TestNode node = Start(options => options with { SameOrigin = true, AllowedOrigins = [new WebOrigin("http", "a", 80)] });
        MonitoringServer monitoring = MonitoringServer.Start(node.Bus, new IPEndPoint(IPAddress.Loopback, 0), node.Log);
        using WebSocketClient client = await ConnectAsync(node);
        Assert.Equal("PONG", await client.LineAsync());
        using HttpClient http = new() { BaseAddress = monitoring.Address };

        using JsonDocument connz = JsonDocument.Parse(await http.GetStringAsync("/connz", Token));
        using JsonDocument varz = JsonDocument.Parse(await http.GetStringAsync("/varz", Token));
        string metrics = await http.GetStringAsync("/metrics", Token);

        JsonElement row = Assert.Single(connz.RootElement.GetProperty("connections").EnumerateArray().ToArray());
        Assert.Equal(("websocket", "127.0.0.1"), (row.GetProperty("type").GetString(), row.GetProperty("ip").GetString()));
        JsonElement webSocket = varz.RootElement.GetProperty("websocket");
        Assert.Equal(node.Bus.WebSocketAddress!.Port, webSocket.GetProperty("port").GetInt32());
        Assert.True(webSocket.GetProperty("no_tls").GetBoolean() && webSocket.GetProperty("same_origin").GetBoolean());
        Assert.Matches(@"causeway_websocket_handshakes_total(\{[^}]*\})? 1\b", metrics);
        client.Dispose();
        http.Dispose();
        await monitoring.DisposeAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task Refused_requests_are_answered_and_counted()
    {
        TestNode node = Start(options => options with { AllowedOrigins = [new WebOrigin("https", "good.example", 443)] });

        Assert.StartsWith("HTTP/1.1 403 Forbidden", await AskAsync(node, Upgrade + "Origin: https://evil.example\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 405 ", await AskAsync(node, "POST / HTTP/1.1\r\nHost: a\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400 ", await AskAsync(node, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400 ", await AskAsync(node, Upgrade + "\r\nPING\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", await AskAsync(node, new string('a', 20_000)), StringComparison.Ordinal);
        Assert.Equal("", await AskAsync(node, "GET / HT"));

        await Eventually.TrueAsync(() => node.Bus.WebSockets!.Failed == 6, Eventually.Deadline);
        Assert.Equal((0, 0, 0), (node.Bus.WebSockets!.Done, node.Bus.WebSockets.UnderWay, node.Bus.Connections.Total));
        await node.EndAsync();
    }

    [Fact]
    public async Task Slow_handshakes_end_in_time_and_beyond_the_limit_are_refused_while_others_feel_nothing()
    {
        TestNode node = Start(options => options with { HandshakeTimeout = TimeSpan.FromSeconds(6) }, new Limits { MaxWebSocketHandshakes = 20 });
        TestClient other = await node.SubscriberAsync("a");
        List<TcpClient> stalled = [];
        for (int i = 0; i < 50; i++)
        {
            TcpClient tcp = new();
            await tcp.ConnectAsync(node.Bus.WebSocketAddress!, Token);
            await tcp.GetStream().WriteAsync("GET / HTTP/1.1\r\nHo"u8.ToArray(), Token);
            stalled.Add(tcp);
        }

        await Eventually.TrueAsync(() => node.Bus.WebSockets!.Refused == 30, Eventually.Deadline);
        for (int i = 0; i < 100; i++)
        {
            await other.SendAsync($"PUB a 3\r\n{i:D3}\r\n");
            Assert.Equal($"{i:D3}", (await other.NextAsync()).PayloadText);
        }

        await Eventually.TrueAsync(() => node.Bus.WebSockets!.Failed == 20 && node.Bus.WebSockets.UnderWay == 0, Eventually.Deadline);
        stalled.ForEach(tcp => tcp.Dispose());
        await node.EndAsync();
    }

    [Fact]
    public async Task Malformed_frames_end_that_client_alone()
    {
        TestNode node = Start(options => options with { Compression = true });
        using WebSocketClient other = await ConnectAsync(node);
        Assert.Equal("PONG", await other.LineAsync());
        Random random = new(5);
        for (int i = 0; i < 40; i++)
        {
            using TcpClient tcp = new();
            await tcp.ConnectAsync(node.Bus.WebSocketAddress!, Token);
            NetworkStream stream = tcp.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Upgrade + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"), Token);
            byte[] answer = new byte[4096];
            Assert.True(await stream.ReadAsync(answer, Token).AsTask().WaitAsync(Eventually.Deadline, Token) > 0);
            byte[] garbage = new byte[random.Next(2, 3000)];
            random.NextBytes(garbage);
            // Some compressed, some with reserved bits, some without the mask that clients have to use.
            garbage[0] = (byte)(i % 4 == 0 ? 0xC2 : garbage[0]);
            await stream.WriteAsync(garbage, Token);
            tcp.Client.Shutdown(SocketShutdown.Send);
            await WebSocketClient.ToEndAsync(stream);
        }

        await node.ConnectionsAsync(1);
        await other.SendAsync("PING\r\n");
        Assert.Equal("PONG", await other.LineAsync());
        other.Dispose();
        await node.EndAsync();
    }

    [Fact]
    public async Task A_small_message_that_inflates_beyond_the_limit_ends_its_client_without_being_held()
    {
        TestNode node = Start(options => options with { Compression = true }, new Limits { MaxPayloadBytes = 100_000 });
        using WebSocketClient client = await ConnectAsync(node, compression: true);
        Assert.Equal("PONG", await client.LineAsync());

        await client.SendAsync([.. "PUB a 99999999\r\n"u8, .. new byte[32 * 1024 * 1024]]).ContinueWith(_ => { }, TaskScheduler.Default);

        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.MaxPayloadExceeded) == 1, Eventually.Deadline);
        Assert.InRange(node.Budget.Peak, 0, 8 * 1024 * 1024);
        client.Dispose();
        await node.EndAsync();
    }

    [Fact]
    public async Task A_client_that_takes_nothing_is_let_go_with_its_sockets()
    {
        TestNode node = Start(limits: new Limits { MaxPendingBytes = 1024 * 1024, WriteStallTimeout = TimeSpan.FromSeconds(1) });
        using WebSocketClient client = await ConnectAsync(node);
        Assert.Equal("PONG", await client.LineAsync());
        await client.SendAsync("SUB a 1\r\nPING\r\n");
        Assert.Equal("PONG", await client.LineAsync());
        TestClient publisher = await node.ConnectAsync();
        int files = OpenFiles.Count();
        byte[] message = [.. "PUB a 65536\r\n"u8, .. new byte[65536], .. "\r\n"u8];
        for (int i = 0; i < 400 && node.Bus.Connections.SlowConsumers == 0; i++)
        {
            await publisher.Socket.SendAsync(message);
        }

        await Eventually.TrueAsync(() => node.Bus.Connections.SlowConsumers == 1, Eventually.Deadline);
        // The client is still there and takes nothing: the node closes its own three files all the same.
        await Eventually.TrueAsync(() => OpenFiles.Count() <= files - 3, Eventually.Deadline, () => $"({OpenFiles.Count()} files open, {files} before)");
        client.Dispose();
        await node.EndAsync();
    }

    [Fact]
    public async Task Limits_of_connections_and_a_drain_are_told_with_a_status()
    {
        TestNode node = Start(limits: new Limits { MaxConnections = 1 });
        using WebSocketClient first = await ConnectAsync(node);
        Assert.Equal("PONG", await first.LineAsync());
        using WebSocketClient second = await ConnectAsync(node);
        Assert.Equal("-ERR 'maximum connections exceeded'", await second.LineAsync());
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await second.ClosedAsync());
        second.Dispose();

        await first.SendAsync("PUB a 1\r\na\r\n");
        Task drain = node.Bus.DrainAsync();

        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, await first.ClosedAsync());
        first.Dispose();
        await drain.WaitAsync(Eventually.Deadline, Token);
        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(node));
        await node.EndAsync();
    }

    private static Task<string> AskAsync(TestNode node, string bytes) => WebSocketClient.AskAsync(node.Bus.WebSocketAddress!, bytes);

    private static Task<WebSocketClient> ConnectAsync(TestNode node, bool secure = false, bool compression = false) =>
        WebSocketClient.ConnectAsync(node.Bus.WebSocketAddress!, secure, options => options.DangerousDeflateOptions = compression ? new WebSocketDeflateOptions() : null);

    private static TestNode Start(Func<WebSocketOptions, WebSocketOptions>? with = null, Limits? limits = null) => TestNode.Start(limits, configure: options =>
    {
        return options with { WebSocket = with?.Invoke(WebSocketClient.NodeOptions) ?? WebSocketClient.NodeOptions };
    });
}
