using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Causeway.Core.Control;

namespace Causeway.Core.Alarms.Webhooks;

/// <summary>
/// Writes alarms as Prometheus' Alertmanager writes them to its webhook receivers, version "4" of its format
/// (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config), so that whatever takes alerts from there takes these.
/// </summary>
/// <param name="source">The node, or the director, that tells of them: the label <c>instance</c>.</param>
/// <param name="region">Its region: the label <c>region</c>; left out if empty.</param>
/// <param name="url">A page where people can look, as <c>externalURL</c> and <c>generatorURL</c>; may be empty.</param>
public sealed class AlertmanagerPayload(string source, string region, string url)
{
    private const string Receiver = "causeway";
    private const string ZeroTime = "0001-01-01T00:00:00Z";
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;
    private const byte Separator = 255;

    /// <summary>The body of a delivery of <paramref name="changes"/>.</summary>
    public byte[] Write(IReadOnlyList<AlarmChange> changes)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            List<SortedDictionary<string, string>> labels = [.. changes.Select(change => Labels(change.Alarm))];
            json.WriteStartObject();
            json.WriteString("version", "4");
            json.WriteString("groupKey", $"{{}}:{{instance=\"{source}\"}}");
            json.WriteNumber("truncatedAlerts", 0);
            json.WriteString("status", changes.Any(change => change.Kind != AlarmChangeKind.Closed) ? "firing" : "resolved");
            json.WriteString("receiver", Receiver);
            WriteTexts(json, "groupLabels", [new("instance", source)]);
            WriteTexts(json, "commonLabels", labels.Aggregate(labels[0].AsEnumerable(), (common, other) => common.Intersect(other)));
            WriteTexts(json, "commonAnnotations", changes.Count == 1 ? Annotations(changes[0].Alarm) : []);
            json.WriteString("externalURL", url);
            json.WriteStartArray("alerts");
            for (int i = 0; i < changes.Count; i++)
            {
                WriteAlert(json, changes[i], labels[i]);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Tells an alarm from others, the same from its opening to its closing: reckoned over the labels as Prometheus does (FNV-1a), but
    /// without the severity, which may change meanwhile.
    /// </summary>
    internal static string Fingerprint(IEnumerable<KeyValuePair<string, string>> labels)
    {
        ulong hash = FnvOffset;
        foreach ((string name, string value) in labels.Where(label => label.Key != "severity").OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            Add(ref hash, name);
            Add(ref hash, value);
        }

        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    private static void Add(ref ulong hash, string text)
    {
        foreach (byte value in Encoding.UTF8.GetBytes(text).Append(Separator))
        {
            hash = (hash ^ value) * FnvPrime;
        }
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, string>> texts)
    {
        json.WriteStartObject(name);
        foreach ((string key, string text) in texts)
        {
            json.WriteString(key, text);
        }

        json.WriteEndObject();
    }

    private static IEnumerable<KeyValuePair<string, string>> Annotations(AlarmReport alarm) =>
        [new("summary", alarm.Summary), new("cause", alarm.Cause), .. alarm.Details.Where(detail => detail.Key is not ("summary" or "cause"))];

    private SortedDictionary<string, string> Labels(AlarmReport alarm)
    {
        SortedDictionary<string, string> labels = new(StringComparer.Ordinal)
        {
            ["alertname"] = alarm.Rule,
            ["alarm"] = alarm.Key,
            ["instance"] = source,
            ["severity"] = alarm.Severity == AlarmSeverity.Critical ? "critical" : "warning",
            ["subject"] = alarm.Subject,
        };
        if (region.Length > 0)
        {
            labels["region"] = region;
        }

        return labels;
    }

    private void WriteAlert(Utf8JsonWriter json, AlarmChange change, SortedDictionary<string, string> labels)
    {
        json.WriteStartObject();
        json.WriteString("status", change.Kind == AlarmChangeKind.Closed ? "resolved" : "firing");
        WriteTexts(json, "labels", labels);
        WriteTexts(json, "annotations", Annotations(change.Alarm));
        json.WriteString("startsAt", Time(change.Alarm.OpenedAt));
        json.WriteString("endsAt", change.Alarm.ClosedAt is { } closed ? Time(closed) : ZeroTime);
        json.WriteString("generatorURL", url);
        json.WriteString("fingerprint", Fingerprint(labels));
        json.WriteEndObject();
    }
}
