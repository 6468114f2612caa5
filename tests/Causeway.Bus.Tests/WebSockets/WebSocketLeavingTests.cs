using System.Net.WebSockets;
using System.Text.Json;
using Causeway.Bus.Nodes;
using Causeway.Bus.Tests.Support;
using Causeway.Core;
using Xunit;

namespace Causeway.Bus.Tests.WebSockets;

/// <summary>What clients over WebSockets are told of the nodes that they can connect to, and of one that goes.</summary>
public sealed class WebSocketLeavingTests
{
    private const string Connect = "{\"verbose\":false,\"protocol\":1}";

    [Fact]
    public async Task Clients_are_told_of_the_WebSockets_of_all_members_and_of_those_that_go()
    {
        await using TestDeployment deployment = new();
        await deployment.StartAsync("a0", "a", configureNode: WithWebSockets);
        await deployment.StartAsync("a1", "a", peers: ["a0"], configureNode: WithWebSockets);
        await deployment.StartAsync("a2", "a", peers: ["a0"]);
        TestNode first = deployment["a0"];
        string own = first.Bus.WebSocketAddress!.ToString();
        string other = deployment["a1"].Bus.WebSocketAddress!.ToString();
        await Eventually.TrueAsync(() => first.Bus.Info.ConnectUrls.Count == 3 && first.Bus.Info.WebSocket!.ConnectUrls.Count == 2);

        using WebSocketClient client = await WebSocketClient.ConnectAsync(first.Bus.WebSocketAddress!, connect: Connect);
        TestClient plain = await first.ConnectAsync();
        Assert.Equal([own, other], Urls(client.Info));
        Assert.Equal([.. new[] { "a0", "a1", "a2" }.Select(name => deployment[name].Address.ToString()).Order()], Urls(plain.Info).Order());
        Assert.Equal("PONG", await client.LineAsync());
        await deployment.StopAsync("a1");
        Assert.Empty(Urls(await client.LineAsync()));

        await deployment.StartAsync("a3", "a", peers: ["a0"], configureNode: WithWebSockets);
        string third = deployment["a3"].Bus.WebSocketAddress!.ToString();
        Assert.Equal([own, third], Urls(await client.LineAsync()));

        using CancellationTokenSource enough = new();
        Task leaving = first.Bus.LameDuckAsync(enough.Token);
        string last = await client.LineAsync();
        Assert.Contains("\"ldm\":true", last, StringComparison.Ordinal);
        Assert.Equal([third], Urls(last));
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        client.Dispose();
        await deployment.EndAsync();
    }

    [Fact]
    public async Task A_lame_duck_serves_its_clients_to_the_end_and_closes_them_as_going_away()
    {
        TestNode node = TestNode.Start(
            new Limits { LameDuckGrace = TimeSpan.FromSeconds(4), LameDuckDuration = TimeSpan.FromMilliseconds(4100) }, configure: WithWebSockets);
        using WebSocketClient client = await WebSocketClient.ConnectAsync(node.Bus.WebSocketAddress!, connect: Connect);
        Assert.Equal("PONG", await client.LineAsync());
        await client.SendAsync("SUB a 1\r\nPING\r\n");
        Assert.Equal("PONG", await client.LineAsync());

        Task leaving = node.Bus.LameDuckAsync(TestContext.Current.CancellationToken);

        Assert.Contains("\"ldm\":true", await client.LineAsync(), StringComparison.Ordinal);
        await client.SendAsync("PUB a 2\r\nhi\r\n");
        Assert.Equal("MSG a 1 2", await client.LineAsync());
        Assert.Equal("hi", await client.LineAsync());
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, await client.ClosedAsync());
        client.Dispose();
        await leaving.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<WebSocketException>(() => WebSocketClient.ConnectAsync(node.Bus.WebSocketAddress!));
        await node.EndAsync();
    }

    private static BusOptions WithWebSockets(BusOptions options) => options with { WebSocket = WebSocketClient.NodeOptions };

    private static string[] Urls(string line)
    {
        Assert.StartsWith("INFO ", line, StringComparison.Ordinal);
        using JsonDocument info = JsonDocument.Parse(line[5..]);
        return info.RootElement.TryGetProperty("connect_urls", out JsonElement urls) ? [.. urls.EnumerateArray().Select(url => url.GetString()!)] : [];
    }
}
