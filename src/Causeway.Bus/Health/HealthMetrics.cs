using System.Diagnostics.Metrics;
using Causeway.Bus.Monitoring;
using Causeway.Bus.Nodes;
using Causeway.Core.Control;

namespace Causeway.Bus.Health;

/// <summary>The instruments of health: what the last look found and judged. A node that does not watch itself has headroom alone.</summary>
internal sealed class HealthMetrics
{
    private readonly BusNode _node;

    public HealthMetrics(BusNode node, Meter meter)
    {
        _node = node;
        meter.CreateObservableGauge("causeway_headroom", () => NodeReporter.HeadroomOf(node), description: "Room for new clients, 0 to 1, of what the governor gives before it refuses.");
        if (!node.Health.IsWatching)
        {
            return;
        }

        meter.CreateObservableGauge("causeway_ready", () => node.Health.Verdict.IsReady ? 1 : 0, description: "1 if new clients are welcome, else 0.");
        meter.CreateObservableGauge("causeway_bus_round_trip_milliseconds", () => node.Health.Evidence.BusRoundTripMilliseconds ?? -1, description: "Time of a message through the node's own client port and back; negative if it did not come back.");
        meter.CreateObservableGauge("causeway_loop_delay_milliseconds", () => node.Health.Evidence.LoopDelayMilliseconds, description: "Time that the slowest event loop took to take a task.");
        if (node.Options.Links is not null)
        {
            meter.CreateObservableCounter("causeway_commands", Commands, description: "Messages on the node's command subject, by what became of them.");
        }
    }

    private IEnumerable<Measurement<long>> Commands() => Enum.GetValues<CommandResult>().Select(result =>
        new Measurement<long>(_node.Health.Commands(result), new KeyValuePair<string, object?>("result", JsonFormat.Name(result))));
}
