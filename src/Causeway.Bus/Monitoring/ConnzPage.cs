using System.Text;
using System.Text.Json;
using Causeway.Bus.Nodes;
using Causeway.Core.Access;
using Causeway.Core.Subjects;
using Causeway.Core.Subscriptions;

namespace Causeway.Bus.Monitoring;

/// <summary><c>/connz</c>: the connections, in nats-server's names and types.</summary>
internal sealed class ConnzPage(BusNode node)
{
    /// <summary>Connections shown unless more are asked for.</summary>
    public const int DefaultLimit = 1024;

    /// <summary>Most subscriptions of one connection that are listed.</summary>
    public const int MaxSubscriptionsListed = 10_000;

    public void Write(Utf8JsonWriter json, PageQuery query)
    {
        string sort = query.Text("sort") ?? "cid";
        bool auth = query.Boolean("auth");
        SubscriptionListing subscriptions = query.Subscriptions();
        (int offset, int limit) = query.Window(DefaultLimit);
        ulong cid = query.Unsigned("cid");
        string state = State(query.Text("state"));
        CheckSort(sort, state);
        Func<ConnectionRow, bool> isWanted = Filter(query, cid);
        IEnumerable<ConnectionRow> rows = state == "closed" ? [] : node.Connections.Open.Select(connection => new ConnectionRow(connection));
        if (state != "open")
        {
            rows = rows.Concat(node.Connections.Closed().Select(closed => new ConnectionRow(closed)));
        }

        List<ConnectionRow> all = [.. Sort(rows.Where(isWanted), sort)];
        List<ConnectionRow> page = [.. all.Skip(offset).Take(limit)];
        json.WriteStartObject();
        json.WriteString("server_id", node.Info.ServerId);
        json.WriteString("now", DateTime.UtcNow);
        json.WriteNumber("num_connections", page.Count);
        json.WriteNumber("total", all.Count);
        json.WriteNumber("offset", offset);
        json.WriteNumber("limit", limit);
        json.WriteStartArray("connections");
        foreach (ConnectionRow row in page)
        {
            Write(json, row, subscriptions, auth);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>One subscription in detail.</summary>
    public static void WriteDetail(Utf8JsonWriter json, string account, Subscription subscription)
    {
        json.WriteStartObject();
        json.WriteString("account", account);
        json.WriteString("subject", Encoding.UTF8.GetString(subscription.Subject));
        if (subscription.Queue is { } queue)
        {
            json.WriteString("qgroup", queue.ToString());
        }

        json.WriteString("sid", Encoding.UTF8.GetString(subscription.Sid));
        json.WriteNumber("msgs", subscription.Delivered);
        if (subscription.MaxMessages > 0)
        {
            json.WriteNumber("max", subscription.MaxMessages);
        }

        json.WriteNumber("cid", subscription.Client.Id);
        json.WriteEndObject();
    }

    private static string State(string? text) => text?.ToLowerInvariant() switch
    {
        null or "open" => "open",
        "closed" => "closed",
        "any" or "all" => "any",
        _ => throw new PageQueryException($"Error decoding state for {text}"),
    };

    private static void CheckSort(string sort, string state)
    {
        if (sort is not ("cid" or "start" or "subs" or "pending" or "msgs_to" or "msgs_from" or "bytes_to" or "bytes_from" or "last" or "idle" or "uptime" or "rtt" or "stop" or "reason"))
        {
            throw new PageQueryException($"invalid sorting option: {sort}");
        }

        if (sort is "stop" or "reason" && state != "closed")
        {
            throw new PageQueryException($"sort by {sort} only valid on closed connections");
        }
    }

    /// <summary>Who is wanted: by number, tenant, user, and a subject that some subscription within the tenant has in common.</summary>
    private static Func<ConnectionRow, bool> Filter(PageQuery query, ulong cid)
    {
        string? account = query.Text("acc");
        string? user = query.Text("user");
        byte[]? subject = account is not null && query.Text("filter_subject") is { } text ? Encoding.UTF8.GetBytes(text) : null;
        if (subject is not null && !Subject.Check(subject, out _))
        {
            throw new PageQueryException("Filter subject is not a valid subject");
        }

        return row => (cid == 0 || row.Id == cid) && (account is null || row.Account == account) && (user is null || row.User == user)
            && (subject is null || (row.Session is { } session
                && session.Subscriptions.List(MaxSubscriptionsListed).Any(subscription => PatternRelation.Overlap(subscription.Subject, subject))));
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

    private static void Write(Utf8JsonWriter json, ConnectionRow row, SubscriptionListing subscriptions, bool auth)
    {
        DateTimeOffset until = row.Stop ?? DateTimeOffset.UtcNow;
        json.WriteStartObject();
        json.WriteNumber("cid", row.Id);
        json.WriteString("kind", "Client");
        json.WriteString("type", row.IsWebSocket ? "websocket" : "nats");
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
        json.WriteIfSaid("name", row.Name);
        json.WriteIfSaid("lang", row.Lang);
        json.WriteIfSaid("version", row.Version);
        json.WriteIfSaid("tls_version", row.Session?.Channel?.Version ?? "");
        json.WriteIfSaid("tls_cipher_suite", row.Session?.Channel?.CipherSuite ?? "");
        if (auth)
        {
            json.WriteIfSaid("authorized_user", row.User);
            json.WriteIfSaid("account", row.Account);
        }

        json.WriteNumber("memory_bytes", row.MemoryBytes);
        WriteSubscriptions(json, row, subscriptions);
        json.WriteEndObject();
    }

    private static void WriteSubscriptions(Utf8JsonWriter json, ConnectionRow row, SubscriptionListing listing)
    {
        // Left out where there are none, as by nats-server.
        if (listing == SubscriptionListing.None || row.Session?.Subscriptions.List(MaxSubscriptionsListed) is not { Count: > 0 } subscriptions)
        {
            return;
        }

        json.WriteStartArray(listing == SubscriptionListing.Detail ? "subscriptions_list_detail" : "subscriptions_list");
        foreach (Subscription subscription in subscriptions)
        {
            if (listing == SubscriptionListing.Detail)
            {
                WriteDetail(json, row.Account, subscription);
            }
            else
            {
                json.WriteStringValue(Encoding.UTF8.GetString(subscription.Subject));
            }
        }

        json.WriteEndArray();
    }
}
