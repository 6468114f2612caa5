using System.Text;
using System.Text.Json;
using Causeway.Bus.Nodes;
using Causeway.Bus.Transport;
using Causeway.Core.Clients;
using Causeway.Core.Subscriptions;

namespace Causeway.Bus.Monitoring;

/// <summary><c>/connz</c>: the connections, in nats-server's names and types.</summary>
internal sealed class ConnzPage(BusNode node)
{
    private const int DefaultLimit = 1024;
    private const int MaxSubscriptionsListed = 10_000;

    public void Write(Utf8JsonWriter json, PageQuery query)
    {
        int limit = query.Number("limit", DefaultLimit);
        int offset = query.Number("offset", 0);
        int cid = query.Number("cid", 0);
        bool subscriptions = query.Flag("subs");
        bool auth = query.Flag("auth");
        string? account = query.Text("acc");
        string state = query.Choice("state", "open", "open", "closed", "any", "all");
        string sort = query.Choice(
            "sort", "cid", "cid", "start", "subs", "pending", "msgs_to", "msgs_from", "bytes_to", "bytes_from", "last", "idle", "uptime", "rtt", "stop", "reason");
        if (sort is "stop" or "reason" && state != "closed")
        {
            throw new PageQueryException($"sort: '{sort}' can't be with state '{state}'; it is for state=closed");
        }

        IEnumerable<ConnectionRow> rows = state == "closed" ? [] : node.Connections.Open.Select(connection => new ConnectionRow(connection));
        if (state != "open")
        {
            rows = rows.Concat(node.Connections.Closed().Select(closed => new ConnectionRow(closed)));
        }

        List<ConnectionRow> all = [.. Sort(rows.Where(row => (cid == 0 || row.Id == (ulong)cid) && (account is null || row.Account == account)), sort)];
        List<ConnectionRow> page = [.. all.Skip(offset).Take(limit == 0 ? DefaultLimit : limit)];
        json.WriteStartObject();
        json.WriteString("server_id", node.Info.ServerId);
        json.WriteString("now", DateTime.UtcNow);
        json.WriteNumber("num_connections", page.Count);
        json.WriteNumber("total", all.Count);
        json.WriteNumber("offset", offset);
        json.WriteNumber("limit", limit == 0 ? DefaultLimit : limit);
        json.WriteStartArray("connections");
        foreach (ConnectionRow row in page)
        {
            Write(json, row, subscriptions, auth);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static IEnumerable<ConnectionRow> Sort(IEnumerable<ConnectionRow> rows, string by) => by switch
    {
        "start" or "cid" => rows.OrderBy(row => row.Id),
        "subs" => rows.OrderByDescending(row => row.Subscriptions),
        "pending" => rows.OrderByDescending(row => row.Pending),
        "msgs_to" => rows.OrderByDescending(row => row.Traffic.OutMessages),
        "msgs_from" => rows.OrderByDescending(row => row.Traffic.InMessages),
        "bytes_to" => rows.OrderByDescending(row => row.Traffic.OutBytes),
        "bytes_from" => rows.OrderByDescending(row => row.Traffic.InBytes),
        "last" => rows.OrderByDescending(row => row.LastActivity),
        "idle" => rows.OrderBy(row => row.LastActivity),
        "uptime" => rows.OrderBy(row => row.Start),
        "rtt" => rows.OrderByDescending(row => row.RoundTripMilliseconds),
        "stop" => rows.OrderByDescending(row => row.Stop),
        _ => rows.OrderBy(row => row.Reason, StringComparer.Ordinal),
    };

    private static void Write(Utf8JsonWriter json, ConnectionRow row, bool subscriptions, bool auth)
    {
        DateTimeOffset until = row.Stop ?? DateTimeOffset.UtcNow;
        json.WriteStartObject();
        json.WriteNumber("cid", row.Id);
        json.WriteString("kind", "Client");
        json.WriteString("type", "nats");
        json.WriteString("ip", row.Address);
        json.WriteNumber("port", row.Port);
        json.WriteString("start", row.Start.UtcDateTime);
        json.WriteString("last_activity", row.LastActivity.UtcDateTime);
        if (row.Stop is { } stop)
        {
            json.WriteString("stop", stop.UtcDateTime);
            json.WriteString("reason", row.Reason);
        }

        // Before it is measured nats-server says 0s here, and its tools expect a duration.
        json.WriteString("rtt", row.RoundTripMilliseconds >= 0 ? JsonFormat.Milliseconds(row.RoundTripMilliseconds) : "0s");

        json.WriteString("uptime", JsonFormat.Uptime(until - row.Start));
        json.WriteString("idle", JsonFormat.Uptime(until > row.LastActivity ? until - row.LastActivity : TimeSpan.Zero));
        json.WriteNumber("pending_bytes", row.Pending);
        json.WriteNumber("in_msgs", row.Traffic.InMessages);
        json.WriteNumber("out_msgs", row.Traffic.OutMessages);
        json.WriteNumber("in_bytes", row.Traffic.InBytes);
        json.WriteNumber("out_bytes", row.Traffic.OutBytes);
        json.WriteNumber("subscriptions", row.Subscriptions);
        WriteIfSaid(json, "name", row.Name);
        WriteIfSaid(json, "lang", row.Lang);
        WriteIfSaid(json, "version", row.Version);
        if (auth)
        {
            WriteIfSaid(json, "authorized_user", row.User);
            WriteIfSaid(json, "account", row.Account);
        }

        json.WriteNumber("memory_bytes", row.MemoryBytes);
        if (subscriptions && row.Session is { } session)
        {
            json.WriteStartArray("subscriptions_list");
            foreach (Subscription subscription in session.Subscriptions.List(MaxSubscriptionsListed))
            {
                json.WriteStringValue(Encoding.UTF8.GetString(subscription.Subject));
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteIfSaid(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0)
        {
            json.WriteString(name, value);
        }
    }

    /// <summary>One connection, open or over.</summary>
    private sealed record ConnectionRow(
        ulong Id, string Address, int Port, DateTimeOffset Start, DateTimeOffset? Stop, DateTimeOffset LastActivity, string Reason,
        Traffic Traffic, long Pending, int Subscriptions, long RoundTripMilliseconds, long MemoryBytes,
        string Name, string Lang, string Version, string User, string Account, ClientSession? Session)
    {
        public ConnectionRow(ClientConnection open)
            : this(
                open.Session.Id, open.Session.Address, open.Session.Port, open.StartedAt, null, open.LastActivityAt, "",
                new Traffic(open.Session.InMessages, open.Session.InBytes, open.Session.OutMessages, open.Session.OutBytes),
                open.Session.Outbound.PendingBytes, open.Session.Subscriptions.Count, open.Session.Liveness.RoundTripMilliseconds,
                open.Session.Account.Bytes, open.Session.Options.Name, open.Session.Options.Lang, open.Session.Options.Version,
                open.Session.User?.Name ?? "", open.Session.Tenant.Name, open.Session)
        {
        }

        public ConnectionRow(ClosedConnection closed)
            : this(
                closed.Id, closed.Address, closed.Port, closed.Start, closed.Stop, closed.LastActivity, closed.Reason,
                closed.Traffic, 0, 0, -1, 0, closed.Name, closed.Lang, closed.Version, closed.User, closed.Account, null)
        {
        }
    }
}
