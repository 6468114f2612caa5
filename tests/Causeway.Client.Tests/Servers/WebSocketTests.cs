using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Client.Tests.Servers;

/// <summary>WebSocket with and without TLS.</summary>
public sealed class WebSocketTests(SharedServers servers) : ServerTest(servers)
{
    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Messages_pass_and_the_client_comes_back_after_a_crash(string kind)
    {
        int port = FreePorts.Take();
        await using TestServer server = await TestServer.StartAsync(kind, $$"""websocket { listen: "127.0.0.1:{{port}}", no_tls: true, compression: true, handshake_timeout: "60s" }""");
        BusClient client = await ConnectToAsync(
            $"ws://127.0.0.1:{port}", options => options with { Reconnect = new() { DelayMin = TimeSpan.FromMilliseconds(5), DelayMax = TimeSpan.FromMilliseconds(50) } });
        await using Subscription subscription = await client.SubscribeAsync("a", cancellationToken: Cancelled);
        await using Subscription requests = await client.SubscribeAsync("double", cancellationToken: Cancelled);
        Task responder = RespondAsync(requests, text => text + text);
        byte[] large = new byte[500_000];
        await client.PublishAsync("a", large, cancellationToken: Cancelled);
        await client.PublishAsync("a", Bytes("1"), cancellationToken: Cancelled);

        Assert.Equal(500_000, (await TakeAsync(subscription, 2))[0].Length);
        Assert.Equal("xx", Text(await client.RequestAsync("double", Bytes("x"), timeout: Eventually.Deadline, cancellationToken: Cancelled)));

        await server.StopAsync();
        await Eventually.TrueAsync(() => client.State == ConnectionState.Reconnecting);
        await server.StartAsync();
        await client.PublishAsync("a", Bytes("2"), cancellationToken: Cancelled);
        Assert.Equal(["2"], await TakeAsync(subscription, 1));
        Assert.Equal(ServerScheme.WebSocket, client.Server.Scheme);
        await requests.DisposeAsync();
        await responder.InTimeAsync();
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_WebSocket_with_TLS_checks_the_certificate(string kind)
    {
        using Certificates certificates = new();
        (string certificate, string key) = certificates.Issue("bus.example");
        int port = FreePorts.Take();
        await using TestServer server = await TestServer.StartAsync(
            kind, $$"""websocket { listen: "127.0.0.1:{{port}}", tls { cert_file: "{{certificate}}", key_file: "{{key}}", timeout: 60 }, handshake_timeout: "60s" }""");
        string url = $"wss://127.0.0.1:{port}";

        BusClient client = await ConnectToAsync(url, options => options with { Tls = new() { CaFile = certificates.CaFile, ServerName = "bus.example" } });
        await client.FlushAsync(Cancelled);
        BusConnectionException untrusted = await Assert.ThrowsAsync<BusConnectionException>(() => ConnectToAsync(url));
        Assert.Equal($"can't connect to {url}: the server's certificate is not trusted (PartialChain)", untrusted.Message);
    }

    [Fact]
    public async Task What_is_no_WebSocket_is_told()
    {
        await using ScriptedServer server = new();
        string url = server.Url.Replace("nats://", "ws://", StringComparison.Ordinal);
        Task<BusClient> connecting = ConnectToAsync(url);
        ScriptedServer.Connection connection = await server.AcceptAsync(Cancelled);
        await connection.ReadUntilAsync("\r\n\r\n", Cancelled);
        await connection.SendAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        BusConnectionException failure = await Assert.ThrowsAsync<BusConnectionException>(() => connecting.InTimeAsync());
        Assert.Contains("404", failure.Message, StringComparison.Ordinal);

        string closed = $"ws://127.0.0.1:{FreePorts.Take()}";
        BusConnectionException refused = await Assert.ThrowsAsync<BusConnectionException>(() => ConnectToAsync(closed));
        Assert.Equal($"can't connect to {closed}: connection refused", refused.Message);
    }
}
