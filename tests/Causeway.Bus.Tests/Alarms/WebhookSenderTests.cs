using System.Text.Json;
using Causeway.Alerting;
using Causeway.Core.Alarms;
using Causeway.Core.Alarms.Webhooks;
using Causeway.Core.Control;
using Xunit;

namespace Causeway.Bus.Tests.Alarms;

/// <summary>Receivers that answer well, badly, never, or are gone.</summary>
public sealed class WebhookSenderTests
{
    private static readonly WebhookLimits Quick = new()
    {
        MaxWaiting = 20,
        MaxAlertsPerDelivery = 5,
        DeliveryTimeout = TimeSpan.FromSeconds(1),
        FirstPause = TimeSpan.FromMilliseconds(10),
        MaxPause = TimeSpan.FromMilliseconds(40),
    };

    [Fact]
    public async Task What_a_receiver_fails_at_is_told_again_until_it_takes_it()
    {
        using WebhookReceiver receiver = new(500, 503, 0, 429);
        // One answer never comes; the others do in time.
        using WebhookSender sender = Sender(new Uri(receiver.Url.AbsoluteUri.Replace("http://", "http://ops:s%40cret@", StringComparison.Ordinal)), TimeSpan.FromSeconds(5));
        sender.Send([Change(1), Change(2)]);
        await Eventually.TrueAsync(() => sender.Counters.Delivered == 1);
        Assert.Equal(new WebhookCounters(1, 4, 0, 0, 0, 0), sender.Counters);
        Assert.Equal(5, receiver.Bodies.Count);
        Assert.All(receiver.Bodies, body => Assert.Equal(["k1", "k2"], Keys(body)));
        Assert.StartsWith("POST /alarms HTTP/1.1", receiver.Headers, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json", receiver.Headers, StringComparison.Ordinal);
        Assert.Contains("Authorization: Basic " + Convert.ToBase64String("ops:s@cret"u8), receiver.Headers, StringComparison.Ordinal);
        Assert.Equal((receiver.Url.GetLeftPart(UriPartial.Authority), "status 429"), (sender.Name, sender.LastFailure));
    }

    [Fact]
    public async Task What_a_receiver_refuses_is_counted_and_not_told_again_and_what_comes_later_is()
    {
        using WebhookReceiver receiver = new(400, 302);
        using WebhookSender sender = Sender(receiver.Url, Eventually.Deadline);
        sender.Send([Change(1)]);
        await Eventually.TrueAsync(() => sender.Counters.Refused == 1);
        sender.Send([Change(2)]);
        await Eventually.TrueAsync(() => sender.Counters.Refused == 2);
        sender.Send([Change(3)]);
        await Eventually.TrueAsync(() => sender.Counters.Delivered == 1);
        Assert.Equal(new WebhookCounters(1, 0, 2, 0, 2, 0), sender.Counters);
    }

    [Fact]
    public async Task One_that_hangs_and_one_that_is_gone_hurt_nobody_else_and_hold_a_bounded_number()
    {
        using WebhookReceiver hanging = new() { Then = 0 };
        WebhookReceiver gone = new();
        gone.Dispose();
        using WebhookReceiver good = new();
        AlertingOptions options = new() { Webhooks = [hanging.Url, gone.Url, good.Url], WebhookLimits = Quick };
        using AlarmOutlets outlets = new(options, "n1", "", "", TimeProvider.System);
        for (int i = 0; i < 100; i++)
        {
            outlets.Tell([Change(i)]);
            await Eventually.TrueAsync(() => outlets.Webhooks[2].Counters.Waiting == 0);
        }

        await Eventually.TrueAsync(() => outlets.Webhooks[0].Counters.Failed > 2 && outlets.Webhooks[1].Counters.Failed > 2);
        // One that was not answered in time, as on a busy machine, is told twice.
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"k{i}"), good.Bodies.SelectMany(Keys).Distinct());
        Assert.All(outlets.Webhooks.Take(2), webhook =>
        {
            WebhookCounters counters = webhook.Counters;
            Assert.Equal((0, 20, 80), (counters.Delivered, counters.Waiting, counters.Dropped));
        });
        Assert.Equal("no answer within 1 s", outlets.Webhooks[0].LastFailure);

        // The one that hung recovers and is told the latest of what it missed.
        outlets.Tell([Change(99, AlarmChangeKind.Closed)]);
        hanging.Then = 200;
        await Eventually.TrueAsync(() => outlets.Webhooks[0].Counters.Waiting == 0);
        Assert.Equal(80, outlets.Webhooks[0].Counters.Dropped);
        Assert.Equal(1, outlets.Webhooks[0].Counters.Coalesced);
    }

    [Fact]
    public async Task The_incident_file_has_a_line_for_each_change_and_is_bounded()
    {
        string path = Path.Combine(Path.GetTempPath(), $"causeway-incidents-{Guid.NewGuid():n}.jsonl");
        try
        {
            using (IncidentFile file = new(path, 4000))
            {
                for (int i = 0; i < 100; i++)
                {
                    file.Add([Change(i)]);
                }

                await Eventually.TrueAsync(() => file.Written == 100);
                Assert.Equal(0, file.Lost);
            }

            Assert.InRange(new FileInfo(path).Length, 1, 4000);
            Assert.InRange(new FileInfo(path + ".1").Length, 3000, 4000);
            string[] lines = [.. await File.ReadAllLinesAsync(path + ".1", TestContext.Current.CancellationToken), .. await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken)];
            string[] keys = [.. lines.Select(line => JsonSerializer.Deserialize(line, AlarmJson.Default.AlarmChange)!.Alarm.Key)];
            Assert.Equal(Enumerable.Range(100 - keys.Length, keys.Length).Select(i => $"k{i}"), keys);
        }
        finally
        {
            File.Delete(path);
            File.Delete(path + ".1");
        }
    }

    private static WebhookSender Sender(Uri url, TimeSpan timeout) => new(url, new AlertmanagerPayload("n1", "", ""), Quick with { DeliveryTimeout = timeout }, TimeProvider.System, new Random(1));

    private static IEnumerable<string> Keys(JsonElement body) => body.GetProperty("alerts").EnumerateArray().Select(alert => alert.GetProperty("labels").GetProperty("alarm").GetString()!);

    private static AlarmChange Change(int key, AlarmChangeKind kind = AlarmChangeKind.Opened) => new(kind, DateTimeOffset.UnixEpoch, new AlarmReport
    {
        Key = $"k{key}",
        Rule = "r",
        Severity = AlarmSeverity.Warning,
        Subject = "s",
        Summary = "",
        Cause = "",
        OpenedAt = DateTimeOffset.UnixEpoch,
    });
}
