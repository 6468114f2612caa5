using System.Text.Json;
using Causeway.Bus.Tests.Support;
using Xunit;

namespace Causeway.Bus.Tests.Monitoring;

/// <summary>Links as nats-server's routes and gateways: the fields of its Go types, with their types.</summary>
public sealed class NeighbourPagesTests
{
    private static readonly Dictionary<string, JsonValueKind> Connection = new()
    {
        ["ip"] = JsonValueKind.String,
        ["port"] = JsonValueKind.Number,
        ["start"] = JsonValueKind.String,
        ["last_activity"] = JsonValueKind.String,
        ["rtt"] = JsonValueKind.String,
        ["uptime"] = JsonValueKind.String,
        ["idle"] = JsonValueKind.String,
        ["in_msgs"] = JsonValueKind.Number,
        ["out_msgs"] = JsonValueKind.Number,
        ["in_bytes"] = JsonValueKind.Number,
        ["out_bytes"] = JsonValueKind.Number,
        ["subscriptions"] = JsonValueKind.Number,
    };

    [Fact]
    public async Task Nodes_of_the_region_are_routes_and_other_regions_gateways()
    {
        await using TestDeployment deployment = new();
        await deployment.StartAsync("a1", "east");
        await deployment.StartAsync("a2", "east", peers: ["a1"]);
        await deployment.StartAsync("b1", "west", remotes: [("east", "a1")]);
        // A link is up at one of its ends first.
        await deployment.EventuallyAsync("a2", "/routez", page => page.GetProperty("num_routes").GetInt32() == 1);
        await deployment.EventuallyAsync("b1", "/gatewayz", page => page.GetProperty("outbound_gateways").TryGetProperty("east", out _));
        await deployment.EventuallyAsync("a1", "/varz", page => (page.GetProperty("routes").GetInt32(), page.GetProperty("remotes").GetInt32()) == (1, 1));

        JsonElement route = (await deployment.PageAsync("a2", "/routez?subs=detail")).GetProperty("routes")[0];
        JsonElement gateways = await deployment.PageAsync("b1", "/gatewayz?accs=1");
        JsonElement east = gateways.GetProperty("outbound_gateways").GetProperty("east");
        JsonElement varz = await deployment.PageAsync("a1", "/varz");

        Has(route, Connection);
        Has(route, new() { ["rid"] = JsonValueKind.Number, ["remote_id"] = JsonValueKind.String, ["is_configured"] = JsonValueKind.True, ["pending_size"] = JsonValueKind.Number });
        Assert.Equal("a1", route.GetProperty("remote_name").GetString());
        Has(east, new() { ["configured"] = JsonValueKind.True });
        Has(east.GetProperty("connection"), Connection);
        Has(east.GetProperty("connection"), new() { ["cid"] = JsonValueKind.Number, ["kind"] = JsonValueKind.String, ["pending_bytes"] = JsonValueKind.Number, ["name"] = JsonValueKind.String });
        Assert.Equal("west", gateways.GetProperty("name").GetString());
        Assert.Empty((await deployment.PageAsync("b1", "/gatewayz?gw_name=north")).GetProperty("outbound_gateways").EnumerateObject());
        Assert.Equal((1, 1, "east"), (varz.GetProperty("routes").GetInt32(), varz.GetProperty("remotes").GetInt32(), varz.GetProperty("cluster").GetProperty("name").GetString()));
        Assert.Equal("east", (await deployment.PageAsync("b1", "/varz")).GetProperty("gateway").GetProperty("gateways")[0].GetProperty("name").GetString());
        await deployment.EndAsync();
    }

    [Fact]
    public async Task A_node_by_itself_has_neither()
    {
        await using TestDeployment deployment = new();
        await deployment.StartAsync("n", "");

        JsonElement gateways = await deployment.PageAsync("n", "/gatewayz");
        JsonElement leafs = await deployment.PageAsync("n", "/leafz");

        Assert.Equal(0, (await deployment.PageAsync("n", "/routez")).GetProperty("routes").GetArrayLength());
        Assert.Empty(gateways.GetProperty("outbound_gateways").EnumerateObject());
        Assert.False(gateways.TryGetProperty("name", out _));
        Assert.Equal((0, 0), (leafs.GetProperty("leafnodes").GetInt32(), leafs.GetProperty("leafs").GetArrayLength()));
        await deployment.EndAsync();
    }

    [Fact]
    public async Task Requests_are_counted_by_page_and_the_index_links_to_all()
    {
        await using TestDeployment deployment = new();
        await deployment.StartAsync("n", "");
        string index = await deployment.TextAsync("n", "/");

        await deployment.TextAsync("n", "/connz");
        await deployment.TextAsync("n", "/connz");
        JsonElement requests = (await deployment.PageAsync("n", "/varz")).GetProperty("http_req_stats");

        Assert.Equal((2, 1, 1), (requests.GetProperty("/connz").GetInt32(), requests.GetProperty("/").GetInt32(), requests.GetProperty("/varz").GetInt32()));
        foreach (string page in (string[])["/varz", "/accstatz", "/tracez", "/healthz", "/metrics"])
        {
            Assert.Contains($"href=\".{page}\"", index, StringComparison.Ordinal);
        }

        (System.Net.HttpStatusCode status, string text) = await deployment.AnswerAsync("n", "/varz?callback=alert(1)");
        Assert.Equal((System.Net.HttpStatusCode.BadRequest, true), (status, text.StartsWith("callback: 'alert(1)' is no name", StringComparison.Ordinal)));
        await deployment.EndAsync();
    }

    [Fact]
    public async Task Accounts_are_told_what_their_clients_that_are_gone_sent_too()
    {
        await using TestDeployment deployment = new();
        TestNode node = await deployment.StartAsync("n", "");
        TestClient subscriber = await node.SubscriberAsync("a");
        TestClient publisher = await node.ConnectAsync();
        await publisher.PublishAsync("a", "12345");
        await publisher.FlushAsync();
        publisher.Dispose();
        await node.ConnectionsAsync(1);

        JsonElement account = (await deployment.PageAsync("n", "/accstatz")).GetProperty("account_statz")[0];

        Assert.Equal(("$G", 1), (account.GetProperty("acc").GetString(), account.GetProperty("conns").GetInt32()));
        Assert.Equal((1, 5), (account.GetProperty("received").GetProperty("msgs").GetInt32(), account.GetProperty("received").GetProperty("bytes").GetInt32()));
        Assert.Equal((1, 5), (account.GetProperty("sent").GetProperty("msgs").GetInt32(), account.GetProperty("sent").GetProperty("bytes").GetInt32()));
        Assert.Equal(1, (await deployment.PageAsync("n", "/connz?state=closed&sort=stop")).GetProperty("total").GetInt32());
        subscriber.Dispose();
        await deployment.EndAsync();
    }

    private static void Has(JsonElement element, Dictionary<string, JsonValueKind> fields) =>
        Assert.All(fields, field => Assert.Equal((field.Key, field.Value), (field.Key, element.GetProperty(field.Key).ValueKind)));
}
