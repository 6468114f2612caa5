using System.Text.Json;
using Causeway.Core.Alarms;
using Causeway.Core.Alarms.Webhooks;
using Causeway.Core.Control;
using Xunit;

namespace Causeway.Core.Tests.Alarms.Webhooks;

public sealed class AlertmanagerPayloadTests
{
    private static readonly AlarmReport Alarm = new()
    {
        Key = "link_lag/us-west-1/w1/in",
        Rule = "link_lag",
        Severity = AlarmSeverity.Warning,
        Subject = "us-west-1 -> us-east-1",
        Summary = "behind",
        Cause = "the \"link\"",
        OpenedAt = new DateTimeOffset(2024, 3, 8, 7, 0, 0, 250, TimeSpan.FromHours(2)),
        Details = new Dictionary<string, string> { ["rtt_ms"] = "310.0" },
    };

    private readonly AlertmanagerPayload _payload = new("e1", "us-east-1", "http://e1:8222/alarmz");

    [Fact]
    public void One_alarm_is_written_with_all_fields_of_version_4()
    {
        JsonElement body = Write(new AlarmChange(AlarmChangeKind.Opened, Alarm.OpenedAt, Alarm));
        Assert.Equal(
            ["version", "groupKey", "truncatedAlerts", "status", "receiver", "groupLabels", "commonLabels", "commonAnnotations", "externalURL", "alerts"],
            body.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("4", "firing", "causeway"), (Text(body, "version"), Text(body, "status"), Text(body, "receiver")));
        JsonElement alert = Assert.Single(body.GetProperty("alerts").EnumerateArray());
        Assert.Equal(["status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint"], alert.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("firing", "2024-03-08T05:00:00.250Z", "0001-01-01T00:00:00Z"), (Text(alert, "status"), Text(alert, "startsAt"), Text(alert, "endsAt")));
        Assert.Equal(
            """{"alarm":"link_lag/us-west-1/w1/in","alertname":"link_lag","instance":"e1","region":"us-east-1","severity":"warning","subject":"us-west-1 -\u003E us-east-1"}""",
            alert.GetProperty("labels").GetRawText());
        Assert.Equal("""{"summary":"behind","cause":"the \u0022link\u0022","rtt_ms":"310.0"}""", alert.GetProperty("annotations").GetRawText());
        Assert.Equal(alert.GetProperty("labels").GetRawText(), body.GetProperty("commonLabels").GetRawText());
        Assert.Matches("^[0-9a-f]{16}$", Text(alert, "fingerprint"));
    }

    [Fact]
    public void It_keeps_its_fingerprint_from_opening_to_closing_and_another_has_another()
    {
        AlarmReport closed = Alarm with { Severity = AlarmSeverity.Critical, ClosedAt = Alarm.OpenedAt.AddMinutes(5), Summary = "worse" };
        JsonElement body = Write(
            new AlarmChange(AlarmChangeKind.Opened, Alarm.OpenedAt, Alarm),
            new AlarmChange(AlarmChangeKind.Closed, Alarm.OpenedAt, closed),
            new AlarmChange(AlarmChangeKind.Opened, Alarm.OpenedAt, Alarm with { Key = "link_lag/ap/s1/in" }));
        string[] prints = [.. body.GetProperty("alerts").EnumerateArray().Select(alert => Text(alert, "fingerprint"))];
        Assert.Equal(prints[0], prints[1]);
        Assert.NotEqual(prints[0], prints[2]);
        Assert.Equal(["firing", "resolved", "firing"], body.GetProperty("alerts").EnumerateArray().Select(alert => Text(alert, "status")));
        Assert.Equal("2024-03-08T05:05:00.250Z", Text(body.GetProperty("alerts")[1], "endsAt"));
        Assert.Equal("firing", Text(body, "status"));
        Assert.Equal(["alertname", "instance", "region", "subject"], body.GetProperty("commonLabels").EnumerateObject().Select(label => label.Name));
        Assert.Equal("resolved", Text(Write(new AlarmChange(AlarmChangeKind.Closed, Alarm.OpenedAt, closed)), "status"));
    }

    /// <summary>github.com/prometheus/common has 5799056148416392346 for these labels in its own tests.</summary>
    [Fact]
    public void The_fingerprint_is_the_one_of_Prometheus()
    {
        Assert.Equal("cbf29ce484222325", AlertmanagerPayload.Fingerprint([]));
        Assert.Equal("507a62d79ee76c9a", AlertmanagerPayload.Fingerprint([new("name", "garland, briggs"), new("fear", "love is not enough")]));
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private JsonElement Write(params AlarmChange[] changes)
    {
        using JsonDocument document = JsonDocument.Parse(_payload.Write(changes));
        return document.RootElement.Clone();
    }
}
