using System.Net;
using System.Text.Json;
using Causeway.Bus.Tests.Support;
using Xunit;
using static Causeway.Bus.Tests.Monitoring.RegionPagesTests;

namespace Causeway.Bus.Tests.Monitoring;

/// <summary><c>/explainz</c>: who would get a message, and why others would not.</summary>
public sealed class ExplainPageTests
{
    [Fact]
    public async Task Subscriptions_here_are_counted_and_the_first_are_named()
    {
        await using TestDeployment deployment = new();
        TestNode node = await deployment.StartAsync("alone", "");
        await node.SubscribersAsync(3, "orders.new");
        await node.SubscriberAsync("orders.>");
        await node.SubscriberAsync("other");
        await node.SubscriberAsync("orders.*", queue: "workers");

        JsonElement page = await deployment.PageAsync("alone", "/explainz?subject=orders.new&limit=4");

        Assert.Equal(JsonValueKind.Null, page.GetProperty("region").ValueKind);
        JsonElement local = page.GetProperty("local");
        Assert.Equal(4, local.GetProperty("subscriptions").GetInt32());
        Assert.Equal(["orders.>", "orders.new", "orders.new", "orders.new"], local.GetProperty("first").EnumerateArray().Select(row => Text(row, "subject")).Order(StringComparer.Ordinal));
        Assert.Equal(2, (await deployment.PageAsync("alone", "/explainz?subject=orders.new&limit=2")).GetProperty("local").GetProperty("first").GetArrayLength());
        JsonElement group = page.GetProperty("queue_groups").EnumerateArray().Single();
        Assert.Equal(("workers", 1, "local"), (Text(group, "queue"), group.GetProperty("local_members").GetInt32(), Text(group, "goes_to")));
        Assert.Equal(0, page.GetProperty("nodes").GetArrayLength() + page.GetProperty("regions").GetArrayLength());
        await deployment.EndAsync();
    }

    [Fact]
    public async Task Every_node_and_region_that_gets_nothing_has_a_reason()
    {
        await using TestDeployment deployment = await TwoRegionsAsync();

        JsonElement page = await deployment.PageAsync("a1", "/explainz?subject=nobody.wants");

        Assert.Equal(10, Text(page, "fingerprint")!.Length);
        JsonElement other = Row(page, "nodes", "name", "a2");
        Assert.Equal(("no", "a2", "up"), (Text(other, "verdict"), Text(other, "link"), Text(other, "link_state")));
        Assert.True(Text(other, "reason") is "no interest" or "what it wants is not known yet", Text(other, "reason"));
        JsonElement west = Row(page, "regions", "name", "west");
        Assert.Equal("no", Text(west, "verdict"));
        Assert.NotEmpty(Text(west, "reason")!);
        Assert.Equal(0, west.GetProperty("asked").GetArrayLength());
        await deployment.EndAsync();
    }

    [Fact]
    public async Task Who_asked_gets_it_and_what_was_asked_is_named()
    {
        await using TestDeployment deployment = await TwoRegionsAsync();
        await deployment.AskAsync("a1", "a2", "orders.new");
        await deployment.AskAsync("a1", "a2", "orders.>");
        await deployment.AskAsync("a1", "a2", "orders.new", "near");
        await deployment.AskAsync("a1", "west", "orders.*", "near");
        await deployment.AskAsync("a1", "west", "orders.*", "far");

        JsonElement page = await deployment.EventuallyAsync(
            "a1", "/explainz?subject=orders.new", page => Text(Row(page, "nodes", "name", "a2"), "verdict") == "gets" && Text(Row(page, "regions", "name", "west"), "verdict") == "may_get");

        Assert.Equal(
            [("fingerprint", null, null), ("pattern", "orders.>", null), ("queue", "orders.new", "near")],
            Row(page, "nodes", "name", "a2").GetProperty("asked").EnumerateArray().Select(asked => (Text(asked, "by"), Maybe(asked, "subject"), Maybe(asked, "queue"))));
        JsonElement near = Row(page, "queue_groups", "queue", "near");
        Assert.Equal(("node", "a2"), (Text(near, "goes_to"), near.GetProperty("candidates").EnumerateArray().Single().GetString()));
        JsonElement far = Row(page, "queue_groups", "queue", "far");
        Assert.Equal(("region", "west"), (Text(far, "goes_to"), far.GetProperty("candidates").EnumerateArray().Single().GetString()));
        JsonElement west = Row(page, "regions", "name", "west");
        Assert.Equal("for queue group far, as the nearest region that has a member", Text(west, "reason"));
        Assert.Equal(Text(Row(await deployment.PageAsync("a1", "/regionz"), "regions", "name", "west"), "carrier"), Text(west, "carrier"));

        await deployment["a1"].SubscriberAsync("orders.new", queue: "near");
        JsonElement closer = await deployment.PageAsync("a1", "/explainz?subject=orders.new");
        Assert.Equal("local", Text(Row(closer, "queue_groups", "queue", "near"), "goes_to"));
        await deployment.EndAsync();
    }

    [Fact]
    public async Task Messages_that_the_governor_drops_are_not_said_to_arrive()
    {
        await using TestDeployment deployment = await TwoRegionsAsync();
        string owner = Text(Row(await deployment.PageAsync("a1", "/regionz"), "regions", "name", "west"), "owner")!;
        await deployment.AskAsync(owner, "west", "orders.new");
        await deployment.EventuallyAsync(owner, "/explainz?subject=orders.new", page => Text(Row(page, "regions", "name", "west"), "verdict") == "gets");

        deployment[owner].Bus.SetMemoryLimit(deployment[owner].Budget.Held);

        JsonElement page = await deployment.EventuallyAsync(owner, "/explainz?subject=orders.new", page => Text(Row(page, "regions", "name", "west"), "verdict") == "no");
        Assert.StartsWith("the memory governor drops messages to other regions", Text(Row(page, "regions", "name", "west"), "reason"), StringComparison.Ordinal);
        await deployment.EndAsync();
    }

    [Fact]
    public async Task A_lost_node_and_a_region_out_of_reach_are_named_with_the_cause()
    {
        await using TestDeployment deployment = new();
        await deployment.StartAsync("a1", "east", remotes: [("west", $"127.0.0.1:{FreePorts.Take()}")]);
        await deployment.StartAsync("a2", "east", peers: ["a1"]);
        await deployment.LinksAsync("a1", 1);
        await deployment.StopAsync("a2");

        await deployment.EventuallyAsync(
            "a1",
            "/explainz?subject=a",
            page => Text(Row(page, "nodes", "name", "a2"), "reason") == "the link is down"
                && Text(Row(page, "regions", "name", "west"), "reason") is { } reason
                && reason.StartsWith("no node carries messages there; 'a1' should: ", StringComparison.Ordinal)
                && reason.Contains("refused", StringComparison.Ordinal));
        await deployment.EndAsync();
    }

    [Fact]
    public async Task A_reply_goes_where_its_return_path_says()
    {
        await using TestDeployment deployment = await TwoRegionsAsync();
        ulong requester = deployment["a2"].Bus.Mesh!.Mesh.Self.Id;

        JsonElement page = await deployment.PageAsync("a1", $"/explainz?subject=_CW_.east.{requester:x16}._INBOX.x.1");

        Assert.Equal(("east", "a2", "_INBOX.x.1"), (Text(page.GetProperty("return_path"), "region"), Text(page.GetProperty("return_path"), "node"), Text(page.GetProperty("return_path"), "reply")));
        Assert.Equal("gets", Text(Row(page, "nodes", "name", "a2"), "verdict"));
        Assert.Equal("a reply goes back to the requester's node alone", Text(Row(page, "regions", "name", "west"), "reason"));
        await deployment.EndAsync();
    }

    [Theory]
    [InlineData("/explainz", "subject: it is missing; accepted is a literal subject, such as ?subject=orders.new\n")]
    [InlineData("/explainz?subject=a..b", "subject: 'a..b' is no subject to publish to; accepted is a literal subject\n")]
    [InlineData("/explainz?subject=a.*", "subject: 'a.*' is no subject to publish to; accepted is a literal subject\n")]
    [InlineData("/explainz?subject=a%0Ab", "subject: 'a b' is no subject to publish to; accepted is a literal subject\n")]
    [InlineData("/explainz?subject=a&tenant=other", "tenant: 'other' is not known; accepted is $G\n")]
    [InlineData("/explainz?subject=a&limit=-1", "limit: '-1' is no number; accepted is a whole number from 0 up\n")]
    public async Task What_is_no_subject_is_answered_with_one_line(string path, string expected)
    {
        await using TestDeployment deployment = new();
        await deployment.StartAsync("alone", "");

        Assert.Equal((HttpStatusCode.BadRequest, expected), await deployment.AnswerAsync("alone", path));
        await deployment.EndAsync();
    }

    private static string? Maybe(JsonElement row, string name) => row.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
