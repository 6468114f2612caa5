using System.Text.Json;
using Causeway.Cli.Inspect;

namespace Causeway.Cli.Top;

/// <summary>A node at one moment, read off its pages. Immutable.</summary>
internal sealed record TopSample
{
    /// <summary>When it was.</summary>
    public required DateTimeOffset At { get; init; }

    public required string Server { get; init; }

    public required string Uptime { get; init; }

    /// <summary>Percent of one processor.</summary>
    public required double Cpu { get; init; }

    /// <summary>Resident bytes of the process.</summary>
    public required long ResidentBytes { get; init; }

    public required long Connections { get; init; }

    public required long Subscriptions { get; init; }

    public required long SlowConsumers { get; init; }

    public required TopTraffic Traffic { get; init; }

    public required IReadOnlyList<TopClient> Clients { get; init; }

    public required long MemoryUsedBytes { get; init; }

    public required long MemoryLimitBytes { get; init; }

    public required string Governor { get; init; }

    public required IReadOnlyList<TopHolder> Holders { get; init; }

    /// <summary>Reads the pages. Throws KeyNotFoundException, InvalidOperationException or FormatException if they are not a node's.</summary>
    public static TopSample Read(JsonElement varz, JsonElement connz, JsonElement memz) => new()
    {
        At = varz.GetProperty("now").GetDateTimeOffset(),
        Server = varz.Text("server_name"),
        Uptime = varz.Text("uptime"),
        Cpu = varz.GetProperty("cpu").GetDouble(),
        ResidentBytes = varz.Whole("mem"),
        Connections = varz.Whole("connections"),
        Subscriptions = varz.Whole("subscriptions"),
        SlowConsumers = varz.Whole("slow_consumers"),
        Traffic = TrafficOf(varz),
        Clients = [.. connz.Rows("connections").Select(ClientOf)],
        MemoryUsedBytes = memz.GetProperty("budget").Whole("used_bytes"),
        MemoryLimitBytes = memz.GetProperty("budget").Whole("limit_bytes"),
        Governor = memz.GetProperty("governor").Text("step"),
        Holders =
        [
            .. memz.Rows("uses").Select(use => new TopHolder("use", use.Text("use"), use.Whole("bytes"), use.GetProperty("growth_bytes_per_second").GetDouble())),
            .. memz.Rows("tenants").Select(tenant => new TopHolder("tenant", tenant.Text("tenant"), tenant.Whole("bytes"), null)),
            .. memz.Rows("top_clients").Select(client => new TopHolder("client", $"{client.Whole("cid")} {client.Text("name")} {client.Text("ip")}", client.Whole("bytes"), null)),
            .. memz.Rows("node_accounts").Select(account => new TopHolder("node", account.Text("account"), account.Whole("bytes"), null)),
        ],
    };

    private static TopTraffic TrafficOf(JsonElement row) => new(row.Whole("in_msgs"), row.Whole("out_msgs"), row.Whole("in_bytes"), row.Whole("out_bytes"));

    private static TopClient ClientOf(JsonElement client) => new(
        client.Whole("cid"), Optional(client, "name"), $"{client.Text("ip")}:{client.Whole("port")}", Optional(client, "account"), client.Whole("subscriptions"),
        client.Whole("pending_bytes"), client.Has("memory_bytes") ? client.Whole("memory_bytes") : 0, Optional(client, "rtt"), TrafficOf(client));

    private static string Optional(JsonElement client, string name) => client.Has(name) ? client.Text(name) : "-";
}

/// <summary>Messages and bytes so far, or a second.</summary>
internal readonly record struct TopTraffic(double InMessages, double OutMessages, double InBytes, double OutBytes)
{
    /// <summary>What has come since <paramref name="before"/>, a second; nothing goes below zero, as after a restart.</summary>
    public TopTraffic Since(TopTraffic before, double seconds) => new(
        Math.Max(0, InMessages - before.InMessages) / seconds, Math.Max(0, OutMessages - before.OutMessages) / seconds,
        Math.Max(0, InBytes - before.InBytes) / seconds, Math.Max(0, OutBytes - before.OutBytes) / seconds);
}

/// <summary>A client at one moment.</summary>
internal sealed record TopClient(
    long Id, string Name, string Address, string Account, long Subscriptions, long PendingBytes, long MemoryBytes, string RoundTrip, TopTraffic Traffic);

/// <summary>Somebody who holds memory: a use, a tenant, a client or a part of the node.</summary>
internal sealed record TopHolder(string Kind, string Name, long Bytes, double? BytesPerSecond);
