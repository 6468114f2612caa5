using System.Diagnostics.Metrics;
using Causeway.Core.Alarms.Webhooks;

namespace Causeway.Alerting;

/// <summary>The instruments of what alarms are told to: receivers by name, and the incident log.</summary>
public static class OutletMetrics
{
    /// <summary>Adds them to <paramref name="meter"/>.</summary>
    public static void AddTo(Meter meter, AlarmOutlets outlets)
    {
        Webhook(meter, outlets, "deliveries", "Deliveries that a receiver of alarms took.", counters => counters.Delivered);
        Webhook(meter, outlets, "failures", "Deliveries of alarms that failed and are tried again.", counters => counters.Failed);
        Webhook(meter, outlets, "refused", "Deliveries of alarms that a receiver will not have.", counters => counters.Refused);
        Webhook(meter, outlets, "coalesced_alarms", "Alarms of which only later news was told.", counters => counters.Coalesced);
        Webhook(meter, outlets, "dropped_alarms", "Alarms that a receiver was never told.", counters => counters.Dropped);
        meter.CreateObservableGauge("causeway_alarm_webhook_waiting", () => ByWebhook(outlets, counters => counters.Waiting), description: "Alarms that wait to be told to a receiver.");
        meter.CreateObservableCounter("causeway_alarm_incident_lines", () => outlets.File?.Written ?? 0, description: "Lines written to the incident log.");
        meter.CreateObservableCounter("causeway_alarm_incident_lines_lost", () => outlets.File?.Lost ?? 0, description: "Lines that could not be written to the incident log.");
    }

    private static void Webhook(Meter meter, AlarmOutlets outlets, string name, string description, Func<WebhookCounters, long> read) =>
        meter.CreateObservableCounter($"causeway_alarm_webhook_{name}", () => ByWebhook(outlets, read), description: description);

    private static IEnumerable<Measurement<long>> ByWebhook(AlarmOutlets outlets, Func<WebhookCounters, long> read) => outlets.Webhooks
        .GroupBy(webhook => webhook.Name)
        .Select(webhooks => new Measurement<long>(webhooks.Sum(webhook => read(webhook.Counters)), new KeyValuePair<string, object?>("webhook", webhooks.Key)));
}
