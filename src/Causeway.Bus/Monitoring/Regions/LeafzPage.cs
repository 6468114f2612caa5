using System.Net;
using System.Text;
using System.Text.Json;
using Causeway.Bus.Leafs;
using Causeway.Bus.Nodes;
using Causeway.Core.Leafs;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary>
/// <c>/leafz</c>: the leaf-node connections, in nats-server's names and types, and what it has no names for under <c>causeway</c>. <c>acc</c>
/// picks one tenant, <c>subs</c> lists what each asks for.
/// </summary>
internal sealed class LeafzPage(BusNode node)
{
    public async Task WriteAsync(Utf8JsonWriter json, PageQuery query)
    {
        bool subscriptions = query.Boolean("subs");
        string? account = query.Text("acc");
        LeafUp[] leafs = [.. node.LeafsUp.Where(leaf => account is null || leaf.Session.Tenant!.Tenant.Name == account)];
        Dictionary<ulong, string[]> listed = subscriptions && node.Leafs is { } all
            ? await all.AskAsync(loop => leafs.ToDictionary(leaf => leaf.Session.Id, leaf => List(leaf.Session))).ConfigureAwait(false)
            : [];
        json.WriteStartObject();
        json.WriteString("server_id", node.Info.ServerId);
        json.WriteString("now", DateTime.UtcNow);
        json.WriteNumber("leafnodes", leafs.Length);
        json.WriteStartArray("leafs");
        foreach (LeafUp leaf in leafs)
        {
            Write(json, leaf, listed.GetValueOrDefault(leaf.Session.Id) ?? []);
        }

        json.WriteEndArray();
        if (node.Leafs is { } own)
        {
            WriteOwn(json, own);
        }

        json.WriteEndObject();
    }

    private static string[] List(LeafSession session) =>
        [.. session.Subscriptions!.List(ConnzPage.MaxSubscriptionsListed).Select(subscription => Encoding.UTF8.GetString(subscription.Subject))];

    private static void Write(Utf8JsonWriter json, LeafUp leaf, string[] subscriptions)
    {
        LeafSession session = leaf.Session;
        LeafCounters counters = session.Counters;
        bool known = IPEndPoint.TryParse(session.Address, out IPEndPoint? address);
        json.WriteStartObject();
        json.WriteString("name", session.Other.Name);
        json.WriteBoolean("is_spoke", session.Role == LeafRole.Spoke);
        json.WriteString("account", session.Tenant!.Tenant.Name);
        json.WriteString("ip", known ? address!.Address.ToString() : session.Address);
        json.WriteNumber("port", known ? address!.Port : 0);
        json.WriteString("rtt", JsonFormat.Duration(Math.Max(0, session.RoundTripMilliseconds)));
        json.WriteNumber("in_msgs", counters.InMessages);
        json.WriteNumber("out_msgs", counters.OutMessages);
        json.WriteNumber("in_bytes", counters.InBytes);
        json.WriteNumber("out_bytes", counters.OutBytes);
        json.WriteNumber("subscriptions", session.Subscriptions!.Count);
        if (subscriptions.Length > 0)
        {
            json.WriteStartArray("subscriptions_list");
            Array.ForEach(subscriptions, json.WriteStringValue);
            json.WriteEndArray();
        }

        json.WriteStartObject("causeway");
        json.WriteBoolean("in_step", session.IsInStep);
        json.WriteNumber("lag_entries", session.Lag);
        json.WriteNumber("told_lines", counters.ToldLines);
        json.WriteNumber("pending_bytes", session.PendingBytes);
        json.WriteNumber("memory_bytes", session.Account.Bytes + leaf.Buffers.Bytes);
        json.WriteNumber("dropped_bulk", counters.DroppedBulk);
        json.WriteNumber("dropped_rpc", counters.DroppedRequests);
        json.WriteNumber("refused_messages", counters.RefusedMessages);
        json.WriteNumber("refused_subscriptions", counters.RefusedSubscriptions);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteOwn(Utf8JsonWriter json, LeafNode leafs)
    {
        json.WriteStartObject("causeway");
        json.WriteNumber("slow_consumers", leafs.Table.SlowConsumers);
        json.WriteNumber("loops", leafs.Table.Loops);
        json.WriteNumber("turned_away", leafs.TurnedAway);
        json.WriteNumber("interest_bytes", leafs.Table.InterestBytes);
        json.WriteStartArray("hubs");
        foreach (LeafHub hub in leafs.Hubs)
        {
            json.WriteStartObject();
            json.WriteString("name", hub.Hold.Remote.Name);
            json.WriteString("state", hub.Hold.Holds ? "up" : hub.Hold.IsStandby ? "standby" : "down");
            json.WriteNumber("failures", hub.Hold.Failures);
            json.WriteString("last_failure", hub.Hold.LastFailure);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
