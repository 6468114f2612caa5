using System.Diagnostics.Metrics;
using Causeway.Bus.Alarms;
using Causeway.Bus.Health;
using Causeway.Bus.Monitoring.Regions;
using Causeway.Bus.Nodes;
using Causeway.Core.Clients;
using Causeway.Core.Memory;
using Causeway.Core.Routing;

namespace Causeway.Bus.Monitoring;

/// <summary>The node's instruments, which <c>/metrics</c> exports. Read when asked; nothing is counted twice for them.</summary>
internal sealed class NodeMetrics : IDisposable
{
    public const string MeterName = "Causeway.Bus";

    private readonly Meter _meter = new(MeterName, NodeIdentity.SoftwareVersion);
    private readonly BusNode _node;

    public NodeMetrics(BusNode node)
    {
        _node = node;
        Counter("causeway_messages_in", "Messages received from clients.", () => node.Connections.Traffic().InMessages);
        Counter("causeway_messages_out", "Messages delivered to clients.", () => node.Connections.Traffic().OutMessages);
        Counter("causeway_payload_in_bytes", "Bytes of headers and payload received.", () => node.Connections.Traffic().InBytes);
        Counter("causeway_payload_out_bytes", "Bytes of headers and payload delivered.", () => node.Connections.Traffic().OutBytes);
        Counter("causeway_connections_opened", "Connections ever taken in.", () => node.Connections.Total);
        Counter("causeway_connections_refused", "Connections refused.", () => node.Reception.Refused);
        Counter("causeway_accept_errors", "Connections that could not be accepted.", () => node.AcceptErrors);
        Counter("causeway_internal_errors", "Clients closed for a defect in Causeway.", () => node.InternalErrors);
        Counter("causeway_publisher_pauses", "Times a publisher was paused for a lagging subscriber.", () => node.Loops.Sum(loop => loop.PublisherPauses));
        Counter("causeway_route_cache_hits", "Routes answered from a cache.", () => node.Loops.Sum(loop => loop.Batch.Routes.Hits));
        Counter("causeway_route_cache_misses", "Routes looked up in the index.", () => node.Loops.Sum(loop => loop.Batch.Routes.Misses));
        Counter("causeway_governor_shed_clients", "Clients closed to win memory.", () => node.Context.Governor.ShedClients);
        Counter("causeway_governor_shed_bytes", "Bytes that waited for clients closed to win memory.", () => node.Context.Governor.ShedBytes);
        Counter("causeway_governor_refused_connections", "Connections refused to save memory.", () => node.Context.Governor.RefusedConnections);
        Counter("causeway_governor_refused_subscriptions", "Subscriptions refused to save memory.", () => node.Context.Governor.RefusedSubscriptions);
        Counter("causeway_memory_refused_leases", "Leases refused for want of room in the budget.", () => node.Context.Budget.Refusals);
        Counter("causeway_memory_leaked_bytes", "Bytes that accounts still held when closed; not zero is a defect.", () => node.Context.Budget.LeakedBytes);
        Counter("causeway_logins_refused", "Logins refused.", () => node.Context.AccessCounters.RefusedLogins);
        Counter("causeway_logins_turned_away", "Logins turned away, too many waiting to be checked.", () => node.Access.Logins.Refused);
        Gauge("causeway_logins_waiting", "Logins that wait to be checked.", () => node.Access.Logins.Waiting);
        Counter("causeway_client_error_lines_left_out", "Log lines about errors of clients left out, too many coming in a second.", () => node.Errors.LeftOut);
        Counter("causeway_publishes_refused", "Messages refused for want of permission.", () => node.Context.AccessCounters.RefusedPublishes);
        Counter("causeway_subscriptions_refused", "Subscriptions refused for want of permission.", () => node.Context.AccessCounters.RefusedSubscriptions);
        Counter("causeway_forgotten_replies", "Requests that a client might have replied to, forgotten for want of room.", () => node.Context.AccessCounters.ForgottenReplies);
        Counter("causeway_tenant_share_closed_clients", "Clients closed as their tenant held more memory than its share.", () => node.Memory.Shares.ClosedClients);
        Counter("causeway_tenants_refused", "Times a tenant was not made, too many being there.", () => node.Context.Tenants.Refused);
        Gauge("causeway_connections", "Connections open.", () => node.Connections.Count);
        Gauge("causeway_subscriptions", "Subscriptions.", () => node.ClientSubscriptions);
        Gauge("causeway_memory_limit_bytes", "The memory budget.", () => node.Context.Budget.LimitBytes);
        Gauge("causeway_memory_peak_bytes", "The most that all accounts held together.", () => node.Context.Budget.Peak);
        Gauge("causeway_memory_growth_bytes_per_second", "Growth of all accounts together.", () => (long)node.Memory.Total.BytesPerSecond);
        Gauge("causeway_governor_step", "The governor's rung: 0 calm, 1 warn, 2 close slowest, 3 widen interest, 4 drop bulk to other regions, 5 drop all to other regions, 6 refuse new.", () => (long)node.Context.Governor.Step);
        Gauge("causeway_process_resident_bytes", "Resident memory of the process.", () => MemoryWatch.ProcessBytes);
        _meter.CreateObservableGauge("causeway_memory_used_bytes", MemoryByUse, description: "Bytes held, by use.");
        _meter.CreateObservableGauge("causeway_tenant_connections", () => ByTenant(tenant => tenant.Connections), description: "Connections open, by tenant.");
        _meter.CreateObservableGauge("causeway_tenant_subscriptions", () => ByTenant(tenant => tenant.Subscriptions.Count), description: "Subscriptions, by tenant.");
        _meter.CreateObservableCounter("causeway_tenant_connections_refused", () => ByTenant(tenant => tenant.RefusedConnections), description: "Connections refused, the tenant having all it may have.");
        _meter.CreateObservableCounter("causeway_connections_closed", ClosedByReason, description: "Connections closed, by reason.");
        AddParts(node);
    }

    /// <summary>The name of the meter that has the instruments.</summary>
    public string Name => _meter.Name;

    public void Dispose() => _meter.Dispose();

    /// <summary>What belongs to parts that not every node has.</summary>
    private void AddParts(BusNode node)
    {
        AddHandshakes(node);
        if (node.SystemTenant is { } system)
        {
            Counter("causeway_system_requests", "Questions in the system tenant, and of clients about their own tenants, that were answered.", () => system.Answered);
            Counter("causeway_system_requests_turned_away", "Questions of clients about their own tenants not taken, too many waiting.", () => system.Questions.TurnedAway);
            Counter("causeway_system_events", "Events published in the system tenant.", () => system.Published);
            Counter("causeway_system_events_dropped", "Events of the system tenant dropped, too many waiting or the node not taking them.", () => system.Events.Dropped);
        }

        if (node.Traces is { } traces)
        {
            Counter("causeway_traced_messages", "Sampled messages that were traced.", () => traces.Rate.Taken);
            Counter("causeway_trace_skipped_messages", "Sampled messages that were not traced, too many coming in a second.", () => traces.Rate.Skipped);
        }

        _ = new AlarmMetrics(node, _meter);
        _ = new HealthMetrics(node, _meter);
        if (node.Leafs is { } leafs)
        {
            _ = new LeafMetrics(leafs, _meter);
        }

        if (node.Mesh is not null)
        {
            _ = new LinkMetrics(node, _meter);
        }
    }

    private void AddHandshakes(BusNode node)
    {
        if (node.Tls is { } tls)
        {
            Counter("causeway_tls_handshakes", "TLS handshakes of clients that went well.", () => tls.Done);
            Counter("causeway_tls_handshakes_failed", "TLS handshakes of clients that failed or took too long.", () => tls.Failed);
            Counter("causeway_tls_handshakes_refused", "TLS handshakes of clients not begun, too many being under way.", () => tls.Refused);
            Gauge("causeway_tls_handshakes_under_way", "TLS handshakes of clients under way.", () => tls.UnderWay);
        }

        if (node.WebSockets is { } webSockets)
        {
            Counter("causeway_websocket_handshakes", "WebSocket handshakes of clients that went well.", () => webSockets.Done);
            Counter("causeway_websocket_handshakes_failed", "WebSocket handshakes of clients that failed, were answered with an error, or took too long.", () => webSockets.Failed);
            Counter("causeway_websocket_handshakes_refused", "Connections closed at once, too many WebSocket handshakes being under way or memory short.", () => webSockets.Refused);
            Gauge("causeway_websocket_handshakes_under_way", "WebSocket handshakes of clients under way.", () => webSockets.UnderWay);
        }
    }

    private void Counter(string name, string description, Func<long> read) => _meter.CreateObservableCounter(name, read, description: description);

    private void Gauge(string name, string description, Func<long> read) => _meter.CreateObservableGauge(name, read, description: description);

    private IEnumerable<Measurement<long>> MemoryByUse() => Enum.GetValues<MemoryUse>().Select(use =>
        new Measurement<long>(_node.Context.Budget.TotalOf(use), new KeyValuePair<string, object?>("use", use.ToString().ToLowerInvariant())));

    private IEnumerable<Measurement<long>> ByTenant(Func<Tenant, long> read) => _node.Context.Tenants.All.Select(tenant =>
        new Measurement<long>(read(tenant), new KeyValuePair<string, object?>("tenant", tenant.Name)));

    private IEnumerable<Measurement<long>> ClosedByReason() => Enum.GetValues<CloseReason>().Where(reason => reason != CloseReason.None).Select(reason =>
        new Measurement<long>(_node.Connections.ClosedFor(reason), new KeyValuePair<string, object?>("reason", reason.Text())));
}
