using System.Net;
using System.Text.Json;
using Causeway.Bus.Alarms;
using Causeway.Bus.Tests.Support;
using Xunit;

namespace Causeway.Bus.Tests.Monitoring;

/// <summary><c>/linkz</c>, <c>/interestz</c> and <c>/regionz</c> of nodes in two regions, and of one by itself.</summary>
public sealed class RegionPagesTests
{
    [Fact]
    public async Task Links_within_a_region_and_between_regions_are_told_with_what_they_carry()
    {
        await using TestDeployment deployment = await TwoRegionsAsync();

        JsonElement page = await deployment.PageAsync("a1", "/linkz");

        Assert.Equal(("a1", "east"), (Text(page, "node"), Text(page, "region")));
        Assert.True(page.GetProperty("links_opened").GetInt64() >= page.GetProperty("links").GetArrayLength());
        JsonElement lan = Row(page, "links", "peer", "a2");
        Assert.Equal(("east", "lan", "up"), (Text(lan, "region"), Text(lan, "kind"), Text(lan, "state")));
        Assert.Equal(JsonValueKind.Null, lan.GetProperty("owner").ValueKind);
        Assert.Equal(["node", "inboxes"], lan.GetProperty("exports").EnumerateArray().Select(stream => Text(stream, "kind")).Take(2));
        Assert.All(["rtt_ms", "bytes_per_second", "uptime_ms", "last_received_ms", "pending_bytes", "in_msgs", "out_bytes"], name => Assert.True(lan.GetProperty(name).GetDouble() >= 0, name));
        Assert.True(lan.GetProperty("stall_timeout_ms").GetInt64() >= 1500);
        Assert.True(lan.GetProperty("held_bytes").GetInt64() > 0);
        Assert.True(lan.GetProperty("control").GetProperty("out_bytes_by_frame").GetProperty("ping").GetInt64() > 0);
        Assert.Equal(0, lan.GetProperty("dropped").GetProperty("bulk").GetProperty("msgs").GetInt64());
        Assert.Equal(0, lan.GetProperty("dropped").GetProperty("rpc").GetProperty("bytes").GetInt64());
        await deployment.EndAsync();
    }

    [Fact]
    public async Task The_owner_of_a_region_has_the_link_and_says_so()
    {
        await using TestDeployment deployment = await TwoRegionsAsync();
        JsonElement regions = await deployment.PageAsync("a1", "/regionz");
        string owner = Text(Row(regions, "regions", "name", "west"), "owner")!;

        JsonElement page = await deployment.PageAsync(owner, "/linkz");
        JsonElement own = page.GetProperty("links").EnumerateArray().Single(link => Text(link, "kind") == "wan" && Text(link, "direction") == "out");

        Assert.Equal(("b1", "west", owner), (Text(own, "peer"), Text(own, "region"), Text(own, "owner")));
        Assert.Empty(page.GetProperty("wanted").EnumerateArray());
        Assert.Equal(1, (await deployment.PageAsync(owner, "/linkz?limit=1&offset=1")).GetProperty("links").GetArrayLength());
        await deployment.EndAsync();
    }

    [Fact]
    public async Task Wanted_links_say_why_they_are_not_up()
    {
        int nobody = FreePorts.Take();
        await using TestDeployment deployment = new();
        await deployment.StartAsync("a1", "east", peers: [$"127.0.0.1:{nobody}"], remotes: [("west", $"127.0.0.1:{nobody}")]);

        JsonElement page = await deployment.EventuallyAsync(
            "a1", "/linkz", page => page.GetProperty("wanted").EnumerateArray().All(row => Text(row, "last_failure") is not null) && page.GetProperty("dials_failed").GetInt64() > 0);

        Assert.Equal(["lan", "wan"], page.GetProperty("wanted").EnumerateArray().Select(row => Text(row, "kind")));
        Assert.Equal(["east", "west"], page.GetProperty("wanted").EnumerateArray().Select(row => Text(row, "region")));
        Assert.All(page.GetProperty("wanted").EnumerateArray(), row => Assert.Contains("refused", Text(row, "last_failure"), StringComparison.Ordinal));
        JsonElement regions = await deployment.PageAsync("a1", "/regionz");
        JsonElement west = Row(regions, "regions", "name", "west");
        Assert.Equal(("a1", true, false), (Text(west, "owner"), west.GetProperty("owned_here").GetBoolean(), west.GetProperty("reachable").GetBoolean()));
        await deployment.EndAsync();
    }

    [Fact]
    public async Task Members_are_told_with_their_links_and_stay_when_they_are_lost()
    {
        await using TestDeployment deployment = await TwoRegionsAsync();

        JsonElement page = await deployment.PageAsync("a2", "/regionz");
        Assert.Equal([("a2", "self"), ("a1", "up")], page.GetProperty("members").EnumerateArray().Select(member => (Text(member, "name"), Text(member, "state"))));
        JsonElement other = Row(page, "members", "name", "a1");
        Assert.Equal(deployment["a1"].Address.ToString(), Text(other, "client_url"));
        Assert.Equal(deployment["a1"].Bus.LinkAddress!.ToString(), Text(other, "link_address"));
        JsonElement west = Row(page, "regions", "name", "west");
        Assert.Equal([deployment["b1"].Bus.LinkAddress!.ToString()], west.GetProperty("contacts").EnumerateArray().Select(contact => Text(contact, "link_address")));

        await deployment.StopAsync("a1");

        await deployment.EventuallyAsync("a2", "/regionz", page => Text(Row(page, "members", "name", "a1"), "state") == "down");
        await deployment.EventuallyAsync("a2", "/regionz", page => Text(Row(page, "regions", "name", "west"), "owner") == "a2");
        await deployment.EventuallyAsync("a2", "/linkz", page => page.GetProperty("wanted").EnumerateArray().Any(row => Text(row, "node") == "a1"));
        await deployment.EndAsync();
    }

    /// <summary>The seed is a name and the node's own address another text: one node, and one link that is wanted.</summary>
    [Fact]
    public async Task A_node_that_was_found_at_a_seed_is_wanted_once()
    {
        await using TestDeployment deployment = await ByNameAsync();

        await deployment.StopAsync("a1");

        JsonElement page = await deployment.EventuallyAsync("a2", "/linkz", page => page.GetProperty("wanted").GetArrayLength() > 0);
        Assert.Equal("a1", Text(Assert.Single(page.GetProperty("wanted").EnumerateArray()), "node"));
        await deployment.EndAsync();
    }

    [Fact]
    public async Task A_seed_that_has_left_as_it_was_told_is_no_trouble()
    {
        await using TestDeployment deployment = await ByNameAsync();

        await deployment["a1"].Bus.DrainAsync().InTimeAsync();
        await deployment.StopAsync("a1");

        JsonElement page = await deployment.EventuallyAsync("a2", "/linkz", page => page.GetProperty("wanted").GetArrayLength() > 0);
        Assert.Equal("the node there has left", Text(Assert.Single(page.GetProperty("wanted").EnumerateArray()), "last_failure"));
        using NodeReader reader = new(deployment["a2"].Bus, TimeProvider.System);
        Assert.Empty((await reader.ReadAsync()).Missing);
        await deployment.EndAsync();
    }

    [Fact]
    public async Task Own_interest_is_told_by_table_and_by_prefix()
    {
        await using TestDeployment deployment = await TwoRegionsAsync();
        TestClient client = await deployment["a1"].ConnectAsync();
        await client.SubscribeAsync("room.1.in", "1");
        await client.SubscribeAsync("room.1.out", "2");
        await client.SubscribeAsync("room.*.all", "3");
        await client.SubscribeAsync("jobs", "4", queue: "workers");
        await client.SubscribeAsync("_INBOX.abc.1", "5");

        JsonElement page = await deployment.PageAsync("a1", "/interestz?tokens=2");

        JsonElement own = page.GetProperty("own");
        Assert.Equal((2, 2), Entries(own.GetProperty("public")));
        Assert.Equal((1, 0), Entries(own.GetProperty("inboxes")));
        Assert.Equal((2, 2), Entries(own.GetProperty("region")));
        Assert.True(own.GetProperty("public").GetProperty("bytes").GetInt64() > 0);
        Assert.True(own.GetProperty("public").GetProperty("version").GetInt64() >= 4);
        JsonElement told = page.GetProperty("told");
        Assert.Equal((5, 5, 4), (Number(told, "subscriptions"), Number(told, "to_nodes"), Number(told, "to_regions")));
        Assert.True(Number(page, "interest_bytes") > 0);
        Assert.Contains(page.GetProperty("sources").EnumerateArray(), source => (Text(source, "kind"), Text(source, "name")) == ("node", "a2"));
        string[] prefixes = [.. page.GetProperty("top_prefixes").GetProperty("subscriptions").EnumerateArray().Select(row => Text(row, "prefix")!)];
        Assert.Contains("room.1", prefixes);
        Assert.DoesNotContain(prefixes, prefix => prefix.StartsWith("_INBOX", StringComparison.Ordinal));
        await deployment.EndAsync();
    }

    /// <summary>
    /// Ten servers offer twenty methods each in a queue group, a hundred callers have ten calls under way with an inbox for each, as
    /// older clients do it: what would be told if every subscription were, and what is.
    /// </summary>
    [Fact]
    public async Task Of_a_load_of_calls_less_than_a_tenth_of_the_subscriptions_is_told_to_other_regions()
    {
        await using TestDeployment deployment = await TwoRegionsAsync();
        for (int server = 0; server < 10; server++)
        {
            await SubscribeAllAsync(deployment["a1"], 20, method => $"SUB rpc.rooms.{method} servers {method + 1}\r\n");
        }

        for (int caller = 0; caller < 100; caller++)
        {
            await SubscribeAllAsync(deployment["a1"], 10, call => $"SUB _INBOX.{caller}.{call} {call + 1}\r\n");
        }

        JsonElement told = (await deployment.PageAsync("a1", "/interestz")).GetProperty("told");
        Assert.Equal((1200, 1020, 20), (Number(told, "subscriptions"), Number(told, "to_nodes"), Number(told, "to_regions")));
        await deployment.EndAsync();
    }

    [Theory]
    [InlineData("/linkz", "links", "wanted")]
    [InlineData("/interestz", "sources", "widened")]
    [InlineData("/regionz", "members", "regions")]
    public async Task A_node_by_itself_has_the_pages_with_nothing_on_them(string path, params string[] lists)
    {
        await using TestDeployment deployment = new();
        await deployment.StartAsync("alone", "");

        JsonElement page = await deployment.PageAsync("alone", path);

        Assert.Equal(JsonValueKind.Null, page.GetProperty("region").ValueKind);
        Assert.All(lists, list => Assert.Equal(0, page.GetProperty(list).GetArrayLength()));
        Assert.Contains(path, await deployment.TextAsync("alone", "/"), StringComparison.Ordinal);
        await deployment.EndAsync();
    }

    [Theory]
    [InlineData("/linkz?limit=x", "limit: 'x' is no number; accepted is a whole number from 0 up\n")]
    [InlineData("/interestz?tokens=-1", "tokens: '-1' is no number; accepted is a whole number from 0 up\n")]
    public async Task A_parameter_that_cannot_be_is_answered_with_one_line(string path, string expected)
    {
        await using TestDeployment deployment = new();
        await deployment.StartAsync("alone", "");

        Assert.Equal((HttpStatusCode.BadRequest, expected), await deployment.AnswerAsync("alone", path));
        await deployment.EndAsync();
    }

    /// <summary>A region of two nodes, of which the second knows the first by name.</summary>
    private static async Task<TestDeployment> ByNameAsync()
    {
        TestDeployment deployment = new();
        TestNode first = await deployment.StartAsync("a1", "east");
        await deployment.StartAsync("a2", "east", peers: [$"localhost:{first.Bus.LinkAddress!.Port}"]);
        await deployment.LinksAsync("a2", 1);
        return deployment;
    }

    /// <summary>Two nodes in the region east and one in west, all links up.</summary>
    internal static async Task<TestDeployment> TwoRegionsAsync()
    {
        TestDeployment deployment = new();
        try
        {
            await deployment.StartAsync("b1", "west");
            await deployment.StartAsync("a1", "east", remotes: [("west", "b1")]);
            await deployment.StartAsync("a2", "east", peers: ["a1"], remotes: [("west", "b1")]);

            // One link from the region's owner, one back from b1, which may end at any of them, and the one within the region.
            await Eventually.TrueAsync(() => Settled(deployment, "a1") && Settled(deployment, "a2") && Settled(deployment, "b1"));
            return deployment;
        }
        catch
        {
            await deployment.DisposeAsync();
            throw;
        }
    }

    internal static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();

    internal static JsonElement Row(JsonElement page, string list, string key, string value) =>
        page.GetProperty(list).EnumerateArray().First(row => Text(row, key) == value);

    private static bool Settled(TestDeployment deployment, string name)
    {
        JsonElement links = deployment.PageAsync(name, "/linkz").GetAwaiter().GetResult();
        JsonElement regions = deployment.PageAsync(name, "/regionz").GetAwaiter().GetResult();
        bool isEast = Text(links, "region") == "east";
        return links.GetProperty("wanted").GetArrayLength() == 0
            && links.GetProperty("links").EnumerateArray().All(link => Text(link, "state") == "up" && link.GetProperty("control").GetProperty("out_bytes_by_frame").GetProperty("ping").GetInt64() > 0)
            && regions.GetProperty("regions").GetArrayLength() == 1
            && regions.GetProperty("members").GetArrayLength() == (isEast ? 2 : 1)
            && regions.GetProperty("members").EnumerateArray().All(member => Text(member, "state") is "self" or "up");
    }

    private static (long Literals, long Texts) Entries(JsonElement table) => (Number(table, "literals"), Number(table, "texts"));

    private static async Task SubscribeAllAsync(TestNode node, int count, Func<int, string> line)
    {
        TestClient client = await node.ConnectAsync();
        await client.SendAsync(string.Concat(Enumerable.Range(0, count).Select(line)));
        await client.FlushAsync();
    }

    private static long Number(JsonElement row, string name) => row.GetProperty(name).GetInt64();
}
