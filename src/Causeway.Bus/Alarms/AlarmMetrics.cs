using System.Diagnostics.Metrics;
using Causeway.Bus.Nodes;
using Causeway.Core.Alarms.Webhooks;
using Causeway.Core.Control;

namespace Causeway.Bus.Alarms;

/// <summary>The instruments of alarms. A rule is named from the first alarm of it on; once none is open it reads 0.</summary>
internal sealed class AlarmMetrics
{
    private readonly AlarmWatch _alarms;

    public AlarmMetrics(BusNode node, Meter meter)
    {
        _alarms = node.Alarms;
        meter.CreateObservableGauge("causeway_alarms_open", Open, description: "Alarms that are open, by rule and severity.");
        meter.CreateObservableCounter(
            "causeway_alarms_opened",
            () => _alarms.Engine.OpenedByRule.Select(rule => new Measurement<long>(rule.Value, new KeyValuePair<string, object?>("rule", rule.Key))),
            description: "Alarms that opened, by rule.");
        meter.CreateObservableCounter("causeway_alarms_suppressed", () => _alarms.Engine.Suppressed, description: "Looks at which an alarm was not followed or opened for want of room.");
        Webhook(meter, "deliveries", "Deliveries that a receiver of alarms took.", counters => counters.Delivered);
        Webhook(meter, "failures", "Deliveries of alarms that failed and are tried again.", counters => counters.Failed);
        Webhook(meter, "refused", "Deliveries of alarms that a receiver will not have.", counters => counters.Refused);
        Webhook(meter, "coalesced_alarms", "Alarms of which only later news was told.", counters => counters.Coalesced);
        Webhook(meter, "dropped_alarms", "Alarms that a receiver was never told.", counters => counters.Dropped);
        meter.CreateObservableGauge("causeway_alarm_webhook_waiting", () => ByWebhook(counters => counters.Waiting), description: "Alarms that wait to be told to a receiver.");
        meter.CreateObservableCounter("causeway_alarm_incident_lines", () => _alarms.Outlets.File?.Written ?? 0, description: "Lines written to the incident log.");
        meter.CreateObservableCounter("causeway_alarm_incident_lines_lost", () => _alarms.Outlets.File?.Lost ?? 0, description: "Lines that could not be written to the incident log.");
    }

    private void Webhook(Meter meter, string name, string description, Func<WebhookCounters, long> read) =>
        meter.CreateObservableCounter($"causeway_alarm_webhook_{name}", () => ByWebhook(read), description: description);

    private IEnumerable<Measurement<long>> ByWebhook(Func<WebhookCounters, long> read) => _alarms.Outlets.Webhooks
        .GroupBy(webhook => webhook.Name)
        .Select(webhooks => new Measurement<long>(webhooks.Sum(webhook => read(webhook.Counters)), new KeyValuePair<string, object?>("webhook", webhooks.Key)));

    private IEnumerable<Measurement<long>> Open()
    {
        IReadOnlyList<AlarmReport> open = _alarms.Engine.Open;
        return
            from rule in _alarms.Engine.OpenedByRule.Keys
            from severity in Enum.GetValues<AlarmSeverity>()
            select new Measurement<long>(
                open.Count(alarm => alarm.Rule == rule && alarm.Severity == severity),
                new KeyValuePair<string, object?>("rule", rule),
                new KeyValuePair<string, object?>("severity", Monitoring.JsonFormat.Name(severity)));
    }
}
