using System.Diagnostics.Metrics;
using Causeway.Alerting;
using Causeway.Bus.Nodes;

namespace Causeway.Bus.Alarms;

/// <summary>The instruments of alarms. A rule is named from the first alarm of it on; once none is open it reads 0.</summary>
internal sealed class AlarmMetrics
{
    private readonly AlarmWatch _alarms;

    public AlarmMetrics(BusNode node, Meter meter)
    {
        _alarms = node.Alarms;
        meter.CreateObservableGauge("causeway_alarms_open", () => OpenAlarms.Count(_alarms.Engine.Open, _alarms.Engine.OpenedByRule.Keys), description: "Alarms that are open, by rule and severity.");
        meter.CreateObservableCounter(
            "causeway_alarms_opened",
            () => _alarms.Engine.OpenedByRule.Select(rule => new Measurement<long>(rule.Value, new KeyValuePair<string, object?>("rule", rule.Key))),
            description: "Alarms that opened, by rule.");
        meter.CreateObservableCounter("causeway_alarms_suppressed", () => _alarms.Engine.Suppressed, description: "Looks at which an alarm was not followed or opened for want of room.");
        OutletMetrics.AddTo(meter, _alarms.Outlets);
    }
}
