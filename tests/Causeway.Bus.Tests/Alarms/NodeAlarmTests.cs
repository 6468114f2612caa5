using System.Text;
using System.Text.Json;
using Causeway.Alerting;
using Causeway.Bus.Monitoring;
using Causeway.Bus.Nodes;
using Causeway.Bus.Tests.Support;
using Causeway.Core.Alarms;
using Causeway.Core.Control;
using Xunit;

namespace Causeway.Bus.Tests.Alarms;

/// <summary>Alarms of nodes that run: what they say, to whom, and on which pages.</summary>
public sealed class NodeAlarmTests
{
    private const long Mi = 1024 * 1024;

    /// <summary>Growth over four seconds, so that a test need not grow for minutes.</summary>
    private static readonly AlarmLimits Quick = new()
    {
        WarmUp = TimeSpan.Zero,
        GrowthWindow = TimeSpan.FromSeconds(4),
        GrowthHold = TimeSpan.FromSeconds(1),
        SwingTime = TimeSpan.FromSeconds(40),
        OpenHold = TimeSpan.FromSeconds(1),
        CloseHold = TimeSpan.FromSeconds(1),
        LeastShare = 0.01,
        StallHold = TimeSpan.FromSeconds(1),
    };

    [Fact]
    public async Task A_flood_of_subscriptions_under_one_prefix_is_an_alarm_that_names_prefix_and_client()
    {
        using WebhookReceiver receiver = new();
        BusOptions options = new() { AlarmLimits = Quick, Alerting = new AlertingOptions { Webhooks = [receiver.Url] } };
        using TestNode node = TestNode.Start(memoryLimitBytes: 256 * Mi, configure: given => given with { AlarmLimits = options.AlarmLimits, Alerting = options.Alerting });
        await using MonitoringServer pages = MonitoringServer.Start(node.Bus, new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0), node.Log);
        TestClient other = await node.ConnectAsync(new ClientSettings { Name = "steady" });
        await SubscribeAsync(other, "user", 0, 3_000);
        using CancellationTokenSource enough = new();
        TestClient flood = await node.ConnectAsync(new ClientSettings { Name = "sfu-7" });
        Task growing = GrowAsync(flood, enough.Token);

        // On a small machine the memory of the process is an alarm of the same rule, with a key of its own.
        AlarmReport? alarm = null;
        await Eventually.TrueAsync(
            () => (alarm = node.Bus.OpenAlarms.FirstOrDefault(open => open.Key == "memory_growth")) is not null, 2 * Eventually.Deadline, () => string.Join('\n', node.Log.Lines));
        await enough.CancelAsync();
        await growing;
        Assert.Equal(("subscriptions", "room.>"), (alarm!.Details["account"], alarm.Details["top_prefix"]));
        Assert.Contains("'sfu-7'", alarm.Details["top_client"], StringComparison.Ordinal);
        Assert.Contains("room.>", alarm.Cause, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => node.Log.Count("alarm memory_growth opened") == 1);

        await Eventually.TrueAsync(() => receiver.Bodies.Any(body => body.GetRawText().Contains("memory_growth", StringComparison.Ordinal)));
        // It counts what has been answered, which is a moment later.
        await Eventually.TrueAsync(() => node.Bus.Alarms.Outlets.Webhooks[0].Counters.Delivered > 0);
        using HttpClient http = new() { BaseAddress = pages.Address };
        JsonElement page = JsonDocument.Parse(await http.GetStringAsync(new Uri("/alarmz", UriKind.Relative), TestContext.Current.CancellationToken)).RootElement;
        Assert.Contains(page.GetProperty("recent").EnumerateArray(), change => change.GetProperty("alarm").GetProperty("rule").GetString() == "memory_growth");
        Assert.Equal(30 * 60, page.GetProperty("limits").GetProperty("exhaustion_seconds").GetDouble());
        Assert.InRange(page.GetProperty("webhooks")[0].GetProperty("deliveries").GetInt64(), 1, 100);
        string metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Matches("(?m)^causeway_alarms_opened_total\\{.*rule=\"memory_growth\"\\} [1-9]", metrics);
        Assert.Matches("(?m)^causeway_alarm_webhook_deliveries_total\\{.*\\} [1-9]", metrics);

        await Eventually.TrueAsync(() => node.Bus.OpenAlarms.Count == 0, Eventually.Deadline, () => string.Join('\n', node.Bus.OpenAlarms));
        await Eventually.TrueAsync(() => node.Log.Count("alarm memory_growth closed") == 1);
    }

    [Fact]
    public async Task A_region_that_cannot_be_reached_is_an_alarm_until_it_is_there()
    {
        await using TestDeployment deployment = new();
        await deployment.StartAsync("e1", "east", alarms: Quick);
        await deployment.StartAsync("w1", "west", remotes: [("east", "e1")], alarms: Quick);
        await deployment.LinksAsync("w1", 2);
        // On a busy machine it may have taken long enough to be one.
        await deployment.EventuallyAsync("w1", "/alarmz", page => page.GetProperty("open").GetArrayLength() == 0);
        await deployment.StopAsync("e1");
        JsonElement page = await deployment.EventuallyAsync("w1", "/alarmz", page => Keys(page).Contains("region_unreachable/east"));
        JsonElement alarm = page.GetProperty("open").EnumerateArray().First(open => open.GetProperty("key").GetString() == "region_unreachable/east");
        Assert.Equal(("Critical", "west -> east"), (alarm.GetProperty("severity").GetString(), alarm.GetProperty("subject").GetString()));
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await deployment.AnswerAsync("w1", "/alarmz?limit=x")).Status);
    }

    /// <summary>A receiver that never answers and thousands of looks do not keep a node from ending at once.</summary>
    [Fact]
    public async Task A_node_ends_at_once_whatever_its_receivers_do()
    {
        using WebhookReceiver hanging = new() { Then = 0 };
        AlertingOptions alerting = new() { Webhooks = [hanging.Url] };
        using TestNode node = TestNode.Start(configure: given => given with { Alerting = alerting });
        node.Bus.Alarms.Outlets.Tell([new AlarmChange(AlarmChangeKind.Opened, DateTimeOffset.UnixEpoch, new AlarmReport
        {
            Key = "k", Rule = "r", Severity = AlarmSeverity.Warning, Subject = "s", Summary = "", Cause = "", OpenedAt = DateTimeOffset.UnixEpoch,
        })]);
        await Eventually.TrueAsync(() => !hanging.Bodies.IsEmpty);
        await Task.Run(node.Dispose, TestContext.Current.CancellationToken).WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        Assert.Equal(1, node.Bus.Alarms.Outlets.Webhooks[0].Counters.Waiting);
    }

    private static IEnumerable<string> Keys(JsonElement page) => page.GetProperty("open").EnumerateArray().Select(alarm => alarm.GetProperty("key").GetString()!);

    private static async Task GrowAsync(TestClient client, CancellationToken enough)
    {
        // Bounded: 900 x 400 subscriptions are less than the budget holds, and take about as long as the alarm is waited for. In a second
        // they are more than those that were there before, whose coming may be taken for a part of the growth.
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(50));
        for (int i = 0; i < 900 && !enough.IsCancellationRequested; i++)
        {
            await SubscribeAsync(client, "room", i * 400, 400);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private static async Task SubscribeAsync(TestClient client, string prefix, int from, int count)
    {
        StringBuilder text = new();
        for (int i = from; i < from + count; i++)
        {
            text.Append(null, $"SUB {prefix}.{i}.chat {i}\r\n");
        }

        await client.SendAsync(text.ToString());
        await client.FlushAsync();
    }
}
