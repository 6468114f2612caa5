using System.Diagnostics.Metrics;
using Causeway.Bus.Leafs;
using Causeway.Core.Leafs;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary>The instruments of a node's leaf-node connections.</summary>
internal sealed class LeafMetrics
{
    private readonly LeafNode _leafs;

    public LeafMetrics(LeafNode leafs, Meter meter)
    {
        _leafs = leafs;
        LeafTable table = leafs.Table;
        meter.CreateObservableGauge("causeway_leafs", ByRole, description: "Leaf-node connections that are up, by the role that this node has.");
        meter.CreateObservableGauge("causeway_leaf_hubs_wanted", () => leafs.Hubs.Count(hub => !hub.Hold.IsStandby), description: "Hubs that this node is to hold.");
        meter.CreateObservableGauge("causeway_leaf_pending_bytes", () => Sum(session => session.PendingBytes), description: "Bytes that wait for leafs and hubs.");
        meter.CreateObservableGauge("causeway_leaf_interest_bytes", () => table.InterestBytes, description: "Bytes of the tables from which leafs and hubs are told.");
        meter.CreateObservableGauge("causeway_leaf_subscriptions", () => Sum(session => session.Subscriptions?.Count ?? 0), description: "What leafs and hubs want.");
        meter.CreateObservableGauge("causeway_leaf_lag_entries", () => Sum(session => session.Lag), description: "Changes of interest that leafs and hubs may not know of.");
        meter.CreateObservableCounter("causeway_leaf_messages_in", () => table.Closed.InMessages + Sum(session => session.Counters.InMessages), description: "Messages from leafs and hubs.");
        meter.CreateObservableCounter("causeway_leaf_messages_out", () => table.Closed.OutMessages + Sum(session => session.Counters.OutMessages), description: "Messages to leafs and hubs.");
        meter.CreateObservableCounter("causeway_leaf_messages_dropped", Dropped, description: "Messages to leafs and hubs that were dropped, as too much waited, by class.");
        meter.CreateObservableCounter("causeway_leaf_messages_refused", () => table.Closed.RefusedMessages + Sum(session => session.Counters.RefusedMessages), description: "Messages that permissions kept from passing.");
        meter.CreateObservableCounter("causeway_leaf_subscriptions_refused", () => table.Closed.RefusedSubscriptions + Sum(session => session.Counters.RefusedSubscriptions), description: "What leafs and hubs wanted beyond what they may.");
        meter.CreateObservableCounter("causeway_leaf_slow_consumers", () => table.SlowConsumers, description: "Connections ended as the other side did not take what was sent.");
        meter.CreateObservableCounter("causeway_leaf_loops", () => table.Loops, description: "Loops found.");
        meter.CreateObservableCounter("causeway_leaf_failures", () => leafs.Hubs.Sum(hub => hub.Hold.Failures), description: "Dials of hubs, and connections, that came to nothing before they were in step.");
        meter.CreateObservableCounter("causeway_leaf_turned_away", () => leafs.TurnedAway, description: "Servers turned away before they could say who they are.");
    }

    private long Sum(Func<LeafSession, long> read) => _leafs.Up.Sum(leaf => read(leaf.Session));

    private IEnumerable<Measurement<long>> ByRole() => Enum.GetValues<LeafRole>().Select(role =>
        new Measurement<long>(_leafs.Up.Count(leaf => leaf.Session.Role == role), new KeyValuePair<string, object?>("role", role.ToString().ToLowerInvariant())));

    private IEnumerable<Measurement<long>> Dropped() =>
    [
        new(_leafs.Table.Closed.DroppedBulk + Sum(session => session.Counters.DroppedBulk), new KeyValuePair<string, object?>("class", "bulk")),
        new(_leafs.Table.Closed.DroppedRequests + Sum(session => session.Counters.DroppedRequests), new KeyValuePair<string, object?>("class", "rpc")),
    ];
}
