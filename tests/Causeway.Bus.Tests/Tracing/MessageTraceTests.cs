using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Causeway.Bus.Nodes;
using Causeway.Bus.Tests.Support;
using Causeway.Bus.Tracing;
using Xunit;

namespace Causeway.Bus.Tests.Tracing;

/// <summary>Where sampled messages went, told by every node that they came by.</summary>
public sealed class MessageTraceTests
{
    private const string Span = "00f067aa0ba902b7";

    [Fact]
    public async Task Every_node_on_the_way_tells_its_part()
    {
        await using TestDeployment deployment = await StartAsync(perSecond: 100);
        TestClient near = await deployment["e1"].SubscriberAsync("orders.>");
        await deployment["e2"].SubscriberAsync("orders.new.eu");
        TestClient far = await deployment["w1"].SubscriberAsync("orders.*.eu");
        TestClient publisher = await deployment["e1"].ConnectAsync();
        string trace = "";
        await Eventually.TrueAsync(() =>
        {
            // Interest takes a moment to come round: one of these finds all three.
            trace = NewTrace();
            publisher.SendAsync(Message("orders.new.eu", trace, sampled: true)).GetAwaiter().GetResult();
            publisher.FlushAsync().GetAwaiter().GetResult();
            return new[] { "e1", "e2", "w1" }.All(node => SpansAsync(deployment, node, trace).GetAwaiter().GetResult().Length == 1);
        });

        JsonElement first = (await SpansAsync(deployment, "e1", trace))[0];
        Assert.Equal(("orders.new", 1, Span), (Text(first, "subject_prefix"), first.GetProperty("delivered").GetInt32(), Text(first, "parent_span_id")));
        Assert.True(first.GetProperty("cid").GetInt64() > 0);
        Assert.Equal("", Text(first, "from"));
        JsonElement second = (await SpansAsync(deployment, "e2", trace))[0];
        JsonElement third = (await SpansAsync(deployment, "w1", trace))[0];
        Assert.Equal(("e1", "east", 1), (Text(second, "from"), Text(second, "from_region"), second.GetProperty("delivered").GetInt32()));
        Assert.Equal(("east", 1, 0), (Text(third, "from_region"), third.GetProperty("delivered").GetInt32(), third.GetProperty("links").GetArrayLength()));

        // Either of the two may hold the link to the other region.
        string?[] sentOn = [.. Links(first), .. Links(second)];
        Assert.Equal(["e2", "w1"], sentOn.Order());
        Assert.Contains("w1", Text(third, "from") == "e1" ? Links(first) : Links(second));
        Assert.NotEqual(Text(first, "span_id"), Text((await SpansAsync(deployment, "w1", trace))[0], "span_id"));
        Assert.DoesNotContain("a secret payload", await deployment.TextAsync("e1", "/tracez"), StringComparison.Ordinal);
        near.Dispose();
        far.Dispose();
        await deployment.EndAsync();
    }

    [Fact]
    public async Task Others_are_not_traced_and_arrive_as_they_were()
    {
        await using TestDeployment deployment = await StartAsync(perSecond: 100);
        TestClient subscriber = await deployment["e1"].SubscriberAsync("a.b");
        TestClient publisher = await deployment["e1"].ConnectAsync();

        await publisher.SendAsync(Message("a.b", NewTrace(), sampled: false));
        await publisher.SendAsync("HPUB a.b 12 14\r\nNATS/1.0\r\n\r\nhi\r\nPUB a.b 2\r\nhi\r\n");
        await publisher.SendAsync(Message("a.b", NewTrace(), sampled: true));

        for (int i = 0; i < 3; i++)
        {
            await subscriber.MessageAsync();
        }

        Frame sampled = await subscriber.MessageAsync();
        Assert.Contains("traceparent", Encoding.ASCII.GetString(sampled.Headers), StringComparison.Ordinal);
        Assert.Equal("a secret payload", sampled.PayloadText);
        Assert.Equal(1, (await deployment.PageAsync("e1", "/tracez")).GetProperty("traced").GetInt32());
        await deployment.EndAsync();
    }

    [Fact]
    public async Task A_flood_of_sampled_messages_is_traced_at_the_rate_and_delivered_whole()
    {
        await using TestDeployment deployment = await StartAsync(perSecond: 5);
        TestClient subscriber = await deployment["e1"].SubscriberAsync("a.b");
        TestClient publisher = await deployment["e1"].ConnectAsync();
        byte[] messages = [.. Enumerable.Repeat(Message("a.b", NewTrace(), sampled: true), 2000).SelectMany(message => message)];

        await publisher.SendAsync(messages);

        for (int i = 0; i < 2000; i++)
        {
            await subscriber.MessageAsync();
        }

        JsonElement page = await deployment.PageAsync("e1", "/tracez?limit=10000");
        Assert.Equal(2000, page.GetProperty("traced").GetInt32() + page.GetProperty("skipped").GetInt32());
        Assert.InRange(page.GetProperty("traced").GetInt32(), 5, 300);
        await deployment.EndAsync();
    }

    [Fact]
    public async Task What_is_kept_is_bounded()
    {
        await using TestDeployment deployment = await StartAsync(perSecond: 10_000);
        TestClient publisher = await deployment["e1"].ConnectAsync();
        await publisher.SendAsync((byte[])[.. Enumerable.Repeat(Message("a.b", NewTrace(), sampled: true), MessageTraces.MaxKeptTraces + 100).SelectMany(message => message)]);
        await publisher.FlushAsync();

        JsonElement page = await deployment.PageAsync("e1", "/tracez?limit=10000");

        Assert.Equal(MessageTraces.MaxKeptTraces, page.GetProperty("spans").GetArrayLength());
        Assert.Equal(MessageTraces.MaxKeptTraces + 100, page.GetProperty("traced").GetInt32());
        await deployment.EndAsync();
    }

    [Fact]
    public async Task A_traced_message_is_an_activity_in_the_publishers_trace()
    {
        await using TestDeployment deployment = await StartAsync(perSecond: 10);
        List<Activity> told = [];
        string trace = NewTrace();
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == MessageTraces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (told)
                {
                    told.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        TestClient publisher = await deployment["e1"].ConnectAsync();

        await publisher.SendAsync(Message("orders.new.eu", trace, sampled: true));
        await publisher.FlushAsync();

        Activity activity;
        lock (told)
        {
            activity = Assert.Single(told, one => one.TraceId.ToHexString() == trace);
        }

        Assert.Equal(("orders.new publish", Span, ActivityKind.Producer), (activity.DisplayName, activity.ParentSpanId.ToHexString(), activity.Kind));
        Assert.Equal("e1", activity.GetTagItem("causeway.node"));
        Assert.Equal(Text((await SpansAsync(deployment, "e1", trace))[0], "span_id"), activity.SpanId.ToHexString());
        await deployment.EndAsync();
    }

    [Fact]
    public async Task Where_it_is_off_nothing_is_traced()
    {
        await using TestDeployment deployment = await StartAsync(perSecond: 0);
        TestClient publisher = await deployment["e1"].ConnectAsync();
        await publisher.SendAsync(Message("a.b", NewTrace(), sampled: true));
        await publisher.FlushAsync();

        JsonElement page = await deployment.PageAsync("e1", "/tracez");

        Assert.Equal((0, 0, 0), (page.GetProperty("max_traced_messages_per_second").GetInt32(), page.GetProperty("traced").GetInt32(), page.GetProperty("spans").GetArrayLength()));
        await deployment.EndAsync();
    }

    private static string?[] Links(JsonElement span) => [.. span.GetProperty("links").EnumerateArray().Select(link => Text(link, "peer"))];

    private static string NewTrace() => ActivityTraceId.CreateRandom().ToHexString();

    private static byte[] Message(string subject, string trace, bool sampled)
    {
        string headers = $"NATS/1.0\r\ntraceparent: 00-{trace}-{Span}-0{(sampled ? 1 : 0)}\r\n\r\n";
        const string payload = "a secret payload";
        return Encoding.ASCII.GetBytes($"HPUB {subject} {headers.Length} {headers.Length + payload.Length}\r\n{headers}{payload}\r\n");
    }

    private static string? Text(JsonElement element, string field) => element.GetProperty(field).GetString();

    private static async Task<JsonElement[]> SpansAsync(TestDeployment deployment, string node, string trace) =>
        [.. (await deployment.PageAsync(node, $"/tracez?trace={trace}")).GetProperty("spans").EnumerateArray()];

    private static async Task<TestDeployment> StartAsync(int perSecond)
    {
        TestDeployment deployment = new();
        await deployment.StartAsync("e1", "east", configureNode: Traced);
        if (perSecond == 100)
        {
            await deployment.StartAsync("e2", "east", peers: ["e1"], configureNode: Traced);
            await deployment.StartAsync("w1", "west", remotes: [("east", "e1")], configureNode: Traced);
            await deployment.EventuallyAsync("e2", "/routez", page => page.GetProperty("num_routes").GetInt32() == 1);
        }

        return deployment;

        BusOptions Traced(BusOptions options) => options with { MaxTracedMessagesPerSecond = perSecond };
    }
}
