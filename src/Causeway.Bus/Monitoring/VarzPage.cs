using System.Text.Json;
using Causeway.Bus.Nodes;
using Causeway.Core;
using Causeway.Core.Access;

namespace Causeway.Bus.Monitoring;

/// <summary><c>/varz</c>: the node at a glance, in nats-server's names and types, so that its tools can read it.</summary>
internal sealed class VarzPage(BusNode node)
{
    private readonly CpuMeter _cpu = new();

    public void Write(Utf8JsonWriter json)
    {
        Limits limits = node.Options.Limits;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        Traffic traffic = node.Connections.Traffic();
        json.WriteStartObject();
        json.WriteString("server_id", node.Info.ServerId);
        json.WriteString("server_name", node.Info.ServerName);
        json.WriteString("version", node.Info.Version);
        json.WriteNumber("proto", 1);
        json.WriteString("go", "");
        json.WriteString("host", node.ClientAddress.Address.ToString());
        json.WriteNumber("port", node.ClientAddress.Port);
        if (node.Info.AuthRequired)
        {
            json.WriteBoolean("auth_required", true);
        }

        json.WriteNumber("auth_timeout", node.Context.Access.Settings.Timeout.TotalSeconds);
        json.WriteNumber("max_connections", limits.MaxConnections);
        json.WriteNumber("ping_interval", JsonFormat.Nanoseconds(limits.PingInterval));
        json.WriteNumber("ping_max", limits.MaxPingsOut);
        json.WriteNumber("max_control_line", limits.MaxControlLineBytes);
        json.WriteNumber("max_payload", limits.MaxPayloadBytes);
        json.WriteNumber("max_pending", limits.MaxPendingBytes);
        json.WriteNumber("write_deadline", JsonFormat.Nanoseconds(limits.WriteStallTimeout));
        json.WriteString("start", node.StartedAt.UtcDateTime);
        json.WriteString("now", now.UtcDateTime);
        json.WriteString("uptime", JsonFormat.Uptime(now - node.StartedAt));
        json.WriteNumber("mem", MemoryWatch.ProcessBytes);
        json.WriteNumber("cores", Environment.ProcessorCount);
        json.WriteNumber("gomaxprocs", node.Loops.Count);
        json.WriteNumber("cpu", Math.Round(_cpu.Percent(), 1));
        json.WriteNumber("connections", node.Connections.Count);
        json.WriteNumber("total_connections", node.Connections.Total);
        json.WriteNumber("routes", 0);
        json.WriteNumber("remotes", 0);
        json.WriteNumber("leafnodes", 0);
        json.WriteNumber("in_msgs", traffic.InMessages);
        json.WriteNumber("out_msgs", traffic.OutMessages);
        json.WriteNumber("in_bytes", traffic.InBytes);
        json.WriteNumber("out_bytes", traffic.OutBytes);
        json.WriteNumber("slow_consumers", node.Connections.SlowConsumers);
        json.WriteNumber("subscriptions", node.ClientSubscriptions);
        json.WriteStartObject("slow_consumer_stats");
        json.WriteNumber("clients", node.Connections.SlowConsumers);
        json.WriteNumber("routes", 0);
        json.WriteNumber("gateways", 0);
        json.WriteNumber("leafs", 0);
        json.WriteEndObject();
        WriteOwn(json);
        json.WriteEndObject();
    }

    /// <summary>What nats-server has no names for.</summary>
    private void WriteOwn(Utf8JsonWriter json)
    {
        json.WriteStartObject("causeway");
        json.WriteString("version", NodeIdentity.SoftwareVersion);
        json.WriteNumber("event_loops", node.Loops.Count);
        json.WriteBoolean("leaving", node.IsLeaving);
        json.WriteNumber("refused_connections", node.Reception.Refused);
        json.WriteNumber("accept_errors", node.AcceptErrors);
        json.WriteNumber("internal_errors", node.InternalErrors);
        json.WriteNumber("publisher_pauses", node.Loops.Sum(loop => loop.PublisherPauses));
        json.WriteNumber("route_cache_hits", node.Loops.Sum(loop => loop.Batch.Routes.Hits));
        json.WriteNumber("route_cache_misses", node.Loops.Sum(loop => loop.Batch.Routes.Misses));
        AccessCounters access = node.Context.AccessCounters;
        json.WriteNumber("tenants", node.Context.Tenants.All.Count);
        json.WriteNumber("refused_tenants", node.Context.Tenants.Refused);
        json.WriteNumber("tenant_share_closed_clients", node.Memory.Shares.ClosedClients);
        json.WriteNumber("refused_logins", access.RefusedLogins);
        json.WriteNumber("waiting_logins", node.Access.Logins.Waiting);
        json.WriteNumber("turned_away_logins", node.Access.Logins.Refused);
        json.WriteNumber("refused_publishes", access.RefusedPublishes);
        json.WriteNumber("refused_subscriptions", access.RefusedSubscriptions);
        json.WriteNumber("forgotten_replies", access.ForgottenReplies);
        json.WriteString("governor_step", node.Context.Governor.Step.ToString());
        json.WriteNumber("memory_limit_bytes", node.Context.Budget.LimitBytes);
        json.WriteNumber("memory_used_bytes", node.Context.Budget.Total);
        json.WriteEndObject();
    }
}
