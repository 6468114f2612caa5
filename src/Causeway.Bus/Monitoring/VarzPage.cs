using System.Text.Json;
using Causeway.Bus.Links;
using Causeway.Bus.Monitoring.Regions;
using Causeway.Bus.Nodes;
using Causeway.Core;
using Causeway.Core.Access;

namespace Causeway.Bus.Monitoring;

/// <summary><c>/varz</c>: the node at a glance, in nats-server's names and types, so that its tools can read it.</summary>
internal sealed class VarzPage(BusNode node, MeshView view, Func<IEnumerable<KeyValuePair<string, long>>> requests)
{
    private readonly CpuMeter _cpu = new();

    /// <summary>The process's use of processors, in percent of one.</summary>
    public double CpuPercent => Math.Round(_cpu.Percent(), 1);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WriteIdentity(json);
        WriteLimits(json);
        WriteNeighbours(json);
        WriteLoad(json);
        WriteOwn(json);
        json.WriteEndObject();
    }

    private void WriteIdentity(Utf8JsonWriter json)
    {
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

        if (node.Info.TlsRequired)
        {
            json.WriteBoolean("tls_required", true);
        }

        if (node.Info.TlsVerify)
        {
            json.WriteBoolean("tls_verify", true);
        }

        if (node.Info.ConnectUrls.Count > 0)
        {
            WriteTexts(json, "connect_urls", node.Info.ConnectUrls);
        }
    }

    private void WriteLimits(Utf8JsonWriter json)
    {
        Limits limits = node.Options.Limits;
        json.WriteNumber("max_connections", limits.MaxConnections);
        if (limits.MaxSubscriptions > 0)
        {
            json.WriteNumber("max_subscriptions", limits.MaxSubscriptions);
        }

        json.WriteNumber("ping_interval", JsonFormat.Nanoseconds(limits.PingInterval));
        json.WriteNumber("ping_max", limits.MaxPingsOut);
        Uri? pages = node.MonitoringUrl.Length > 0 ? new Uri(node.MonitoringUrl) : null;
        json.WriteString("http_host", pages?.Host ?? "");
        json.WriteNumber("http_port", pages?.Port ?? 0);
        json.WriteString("http_base_path", "");
        json.WriteNumber("https_port", 0);
        json.WriteNumber("auth_timeout", node.Context.Access.Settings.Timeout.TotalSeconds);
        json.WriteNumber("max_control_line", limits.MaxControlLineBytes);
        json.WriteNumber("max_payload", limits.MaxPayloadBytes);
        json.WriteNumber("max_pending", limits.MaxPendingBytes);
    }

    /// <summary>The region as nats-server's cluster and gateway; what there is none of is empty, as there.</summary>
    private void WriteNeighbours(Utf8JsonWriter json)
    {
        json.WriteStartObject("cluster");
        if (node.Options.Links is { } links && node.LinkAddress is { } address)
        {
            json.WriteString("name", links.Region);
            json.WriteString("addr", address.Address.ToString());
            json.WriteNumber("cluster_port", address.Port);
            json.WriteNumber("auth_timeout", links.Limits.HandshakeTimeout.TotalSeconds);
            WriteTexts(json, "urls", links.Peers);
            json.WriteNumber("tls_timeout", links.Limits.HandshakeTimeout.TotalSeconds);
            json.WriteEndObject();
            WriteGateway(json, links, address.Address.ToString(), address.Port);
        }
        else
        {
            json.WriteEndObject();
            json.WriteStartObject("gateway");
            json.WriteEndObject();
        }

        foreach (string absent in (string[])["leaf", "mqtt", "jetstream"])
        {
            json.WriteStartObject(absent);
            json.WriteEndObject();
        }

        WebSocketVarz.Write(json, node.WebSockets);

        json.WriteNumber("tls_timeout", node.Options.Tls?.Timeout.TotalSeconds ?? 0);
        json.WriteNumber("write_deadline", JsonFormat.Nanoseconds(node.Options.Limits.WriteStallTimeout));
    }

    private static void WriteGateway(Utf8JsonWriter json, LinkOptions links, string host, int port)
    {
        json.WriteStartObject("gateway");
        json.WriteString("name", links.Region);
        json.WriteString("host", host);
        json.WriteNumber("port", port);
        json.WriteNumber("auth_timeout", links.Limits.HandshakeTimeout.TotalSeconds);
        json.WriteNumber("tls_timeout", links.Limits.HandshakeTimeout.TotalSeconds);
        json.WriteStartArray("gateways");
        foreach (IGrouping<string, (string Region, string Address)> region in links.Remotes.GroupBy(remote => remote.Region))
        {
            json.WriteStartObject();
            json.WriteString("name", region.Key);
            WriteTexts(json, "urls", region.Select(remote => remote.Address));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteLoad(Utf8JsonWriter json)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        Traffic traffic = node.Connections.Traffic();
        IReadOnlyList<LinkRow> links = view.Recent()?.Links ?? [];
        json.WriteString("start", node.StartedAt.UtcDateTime);
        json.WriteString("now", now.UtcDateTime);
        json.WriteString("uptime", JsonFormat.Uptime(now - node.StartedAt));
        json.WriteNumber("mem", MemoryWatch.ProcessBytes);
        json.WriteNumber("cores", Environment.ProcessorCount);
        json.WriteNumber("gomaxprocs", node.Loops.Count);
        json.WriteNumber("cpu", CpuPercent);
        json.WriteNumber("connections", node.Connections.Count);
        json.WriteNumber("total_connections", node.Connections.Total);
        json.WriteNumber("routes", links.Count(link => !link.Link.IsWan));
        json.WriteNumber("remotes", links.Where(link => !link.Link.IsWan).DistinctBy(link => link.Peer.Id).Count());
        json.WriteNumber("leafnodes", node.LeafsUp.Count);
        json.WriteNumber("in_msgs", traffic.InMessages);
        json.WriteNumber("out_msgs", traffic.OutMessages);
        json.WriteNumber("in_bytes", traffic.InBytes);
        json.WriteNumber("out_bytes", traffic.OutBytes);
        json.WriteNumber("slow_consumers", node.Connections.SlowConsumers);
        json.WriteNumber("subscriptions", node.ClientSubscriptions);
        json.WriteStartObject("http_req_stats");
        foreach ((string path, long count) in requests().Where(request => request.Value > 0).OrderBy(request => request.Key, StringComparer.Ordinal))
        {
            json.WriteNumber(path, count);
        }

        json.WriteEndObject();
        json.WriteString("config_load_time", node.Access.LoadedAt.UtcDateTime);
        json.WriteString("system_account", node.Context.Access.SystemTenant);
        json.WriteStartObject("slow_consumer_stats");
        json.WriteNumber("clients", node.Connections.SlowConsumers);
        json.WriteNumber("routes", 0);
        json.WriteNumber("gateways", 0);
        json.WriteNumber("leafs", node.Leafs?.Table.SlowConsumers ?? 0);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
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
