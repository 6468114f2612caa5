using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Causeway.Bus.Monitoring;
using Causeway.Bus.Monitoring.Regions;
using Causeway.Bus.Monitoring.Tenants;
using Causeway.Bus.Nodes;
using Causeway.Core.Routing;

namespace Causeway.Bus.SystemBus;

/// <summary>Writes events and answers in nats-server's names and types. Any thread.</summary>
internal sealed class SystemJson(BusNode node, NodePages pages)
{
    public const string ConnectType = "io.nats.server.advisory.v1.client_connect";
    public const string DisconnectType = "io.nats.server.advisory.v1.client_disconnect";
    public const string ConnectionsType = "io.nats.server.advisory.v1.account_connections";

    private const string IdAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int IdLength = 22;

    private readonly MeshView _view = new(node);
    private long _sequence;

    /// <summary>Writes a whole message.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using (Utf8JsonWriter json = new(buffer))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>An event of a <paramref name="type"/>, with what <paramref name="rest"/> writes behind its head.</summary>
    public byte[] Event(string type, DateTimeOffset at, Action<Utf8JsonWriter> rest) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("id", RandomNumberGenerator.GetString(IdAlphabet, IdLength));
        json.WriteString("timestamp", at.UtcDateTime);
        WriteServer(json, "server");
        rest(json);
        json.WriteEndObject();
    });

    /// <summary>What is told when the node goes away: who it is.</summary>
    public byte[] Server() => Write(json => WriteServer(json, null));

    /// <summary>The number of a tenant's connections.</summary>
    public byte[] Connections(Tenant tenant, DateTimeOffset at) => Event(ConnectionsType, at, json => TenantStat.Of(node, tenant).Write(json));

    /// <summary>The node in numbers.</summary>
    public async Task<byte[]> StatsAsync()
    {
        IReadOnlyList<LinkRow> links = [];
        try
        {
            links = (await _view.TakeAsync().ConfigureAwait(false))?.Links ?? [];
        }
        catch (TimeoutException)
        {
            // The delay of the loop of links tells of it elsewhere; the other numbers are right.
        }

        return Write(json =>
        {
            json.WriteStartObject();
            WriteServer(json, "server");
            WriteStats(json, links);
            json.WriteEndObject();
        });
    }

    /// <summary>Who answers or tells; the name is null for an object that stands by itself.</summary>
    public void WriteServer(Utf8JsonWriter json, string? name)
    {
        if (name is null)
        {
            json.WriteStartObject();
        }
        else
        {
            json.WriteStartObject(name);
        }

        json.WriteString("name", node.Info.ServerName);
        json.WriteString("host", node.Info.Host);
        json.WriteString("id", node.Info.ServerId);
        json.WriteIfSaid("cluster", node.Options.Links?.Region ?? "");
        json.WriteString("ver", node.Info.Version);
        json.WriteNumber("seq", Interlocked.Increment(ref _sequence));
        json.WriteBoolean("jetstream", false);
        json.WriteString("time", DateTime.UtcNow);
        json.WriteEndObject();
    }

    private void WriteStats(Utf8JsonWriter json, IReadOnlyList<LinkRow> links)
    {
        Traffic traffic = node.Connections.Traffic();
        json.WriteStartObject("statsz");
        json.WriteString("start", node.StartedAt.UtcDateTime);
        json.WriteNumber("mem", MemoryWatch.ProcessBytes);
        json.WriteNumber("cores", Environment.ProcessorCount);
        json.WriteNumber("cpu", pages.Varz.CpuPercent);
        json.WriteNumber("connections", node.Connections.Count);
        json.WriteNumber("total_connections", node.Connections.Total);
        json.WriteNumber("active_accounts", node.Context.Tenants.All.Count(tenant => tenant.Connections > 0));
        json.WriteNumber("subscriptions", node.ClientSubscriptions);
        json.WriteData("sent", traffic.OutMessages, traffic.OutBytes);
        json.WriteData("received", traffic.InMessages, traffic.InBytes);
        json.WriteNumber("slow_consumers", node.Connections.SlowConsumers);
        LinkRow[] lan = [.. links.Where(link => !link.Link.IsWan)];
        LinkRow[] wan = [.. links.Where(link => link.Link.IsWan && link.Link.IsOutgoing)];
        WriteLinks(json, "routes", "rid", lan, null);
        WriteLinks(json, "gateways", "gwid", wan, region => links.Count(link => link.Link.IsWan && !link.Link.IsOutgoing && link.Peer.Region == region));
        json.WriteNumber("active_servers", 1 + links.DistinctBy(link => link.Peer.Id).Count());
        json.WriteEndObject();
    }

    private static void WriteLinks(Utf8JsonWriter json, string name, string number, LinkRow[] links, Func<string, int>? inbound)
    {
        if (links.Length == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (LinkRow link in links)
        {
            LinkFace face = new(link, DateTime.UtcNow);
            json.WriteStartObject();
            json.WriteNumber(number, face.Number);
            json.WriteString("name", inbound is null ? link.Peer.Name : link.Peer.Region);
            json.WriteData("sent", face.OutMessages, face.OutBytes);
            json.WriteData("received", face.InMessages, face.InBytes);
            if (inbound is null)
            {
                json.WriteNumber("pending", face.PendingBytes);
            }
            else
            {
                json.WriteNumber("inbound_connections", inbound(link.Peer.Region));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
