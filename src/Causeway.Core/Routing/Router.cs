using System.Text;
using Causeway.Core.Clients;
using Causeway.Core.Delivery;
using Causeway.Core.Leafs;
using Causeway.Core.Links;
using Causeway.Core.Regions;
using Causeway.Core.Subscriptions;

namespace Causeway.Core.Routing;

/// <summary>Takes a message to everybody it is for: all plain subscriptions, and one member of each queue group.</summary>
public static class Router
{
    private const int MostGroupsInMask = 64;

    /// <summary>Routes <paramref name="message"/> of <paramref name="publisher"/> and returns how many got it.</summary>
    public static int Publish(ClientSession publisher, in Message message, DeliveryBatch batch)
    {
        Tenant tenant = publisher.Tenant;
        if (tenant.Directory is not null && ReturnPath.IsOn(message.Subject))
        {
            return Forwarder.Reply(tenant, message, ForwardScope.Deployment, batch);
        }

        Route route = batch.Routes.Find(tenant, message.Subject);
        int delivered = DeliverPlain(route, publisher, message, batch);
        ulong served = 0;
        for (int i = 0; i < route.Groups.Length; i++)
        {
            if (DeliverToOne(route.Groups[i].Members, publisher, message, batch))
            {
                delivered++;
                served |= i < MostGroupsInMask ? 1ul << i : 0;
            }
        }

        if (route.LeadsToLeafs)
        {
            LeafSends leafs = batch.LeafSends;
            leafs.Begin(route, null, fromHub: false);
            leafs.AddMembers(route, LeafQueues.All, ref served, batch.Random);
            delivered += leafs.SendAll(message, batch);
        }

        return route.Remote is { IsEmpty: false } remote
            ? delivered + Forwarder.Forward(tenant, remote, message, served, LeafQueues.All, DataFrameFlags.None, batch)
            : delivered;
    }

    /// <summary>
    /// Routes a message that came from <paramref name="leaf"/>, to plain subscriptions and those of the groups in <paramref name="queues"/>,
    /// and returns how many got it.
    /// </summary>
    public static int Publish(LeafSession leaf, in Message message, LeafQueues queues, DeliveryBatch batch)
    {
        Tenant tenant = leaf.Tenant!.Tenant;
        if (ReturnPath.IsOn(message.Subject))
        {
            return Forwarder.Reply(tenant, message, ForwardScope.Deployment, batch);
        }

        Route route = batch.Routes.Find(tenant, message.Subject);
        int delivered = DeliverPlain(route, null, message, batch);
        ulong served = 0;
        for (int i = 0; i < route.Groups.Length; i++)
        {
            if (queues.Has(route.Groups[i].Name!.Name.Span) && DeliverToOne(route.Groups[i].Members, null, message, batch))
            {
                delivered++;
                served |= i < MostGroupsInMask ? 1ul << i : 0;
            }
        }

        if (route.LeadsToLeafs)
        {
            LeafSends leafs = batch.LeafSends;
            leafs.Begin(route, leaf, leaf.Role == LeafRole.Spoke);
            leafs.AddMembers(route, queues, ref served, batch.Random);
            delivered += leafs.SendAll(message, batch);
        }

        DataFrameFlags flags = leaf.Role == LeafRole.Spoke ? DataFrameFlags.FromHub : DataFrameFlags.None;
        return route.Remote is { IsEmpty: false } remote
            ? delivered + Forwarder.Forward(tenant, remote, message, served, queues, flags, batch)
            : delivered;
    }

    /// <summary>
    /// The answer to a request that nobody heard, on the requester's own plain subscription to its reply subject; null if it has none.
    /// </summary>
    public static byte[]? NoResponders(ClientSession requester, ReadOnlySpan<byte> reply, DeliveryBatch batch) =>
        SidField(requester, reply, batch) is { } sid ? [.. "HMSG "u8, .. reply, .. sid, .. "16 16\r\nNATS/1.0 503\r\n\r\n\r\n"u8] : null;

    /// <summary>The node's own answer to a request, on the requester's own plain subscription to its reply subject; null if it has none.</summary>
    public static byte[]? Answer(ClientSession requester, ReadOnlySpan<byte> reply, ReadOnlySpan<byte> payload, DeliveryBatch batch) =>
        AnswerHead(requester, reply, batch) is { } head ? Answer(head, payload) : null;

    /// <summary>The beginning of an answer on the requester's own plain subscription to its reply subject; null if it has none.</summary>
    public static byte[]? AnswerHead(ClientSession requester, ReadOnlySpan<byte> reply, DeliveryBatch batch) =>
        SidField(requester, reply, batch) is { } sid ? [.. "MSG "u8, .. reply, .. sid] : null;

    /// <summary>An answer that begins with <paramref name="head"/>.</summary>
    public static byte[] Answer(ReadOnlySpan<byte> head, ReadOnlySpan<byte> payload) =>
        [.. head, .. Encoding.ASCII.GetBytes($"{payload.Length}\r\n"), .. payload, .. "\r\n"u8];

    private static byte[]? SidField(ClientSession requester, ReadOnlySpan<byte> reply, DeliveryBatch batch)
    {
        SubscriptionIndex index = requester.Tenant.Subscriptions;
        Route route = batch.ScratchRoute;
        index.Match(reply, index.Hash.Of(reply), route);
        byte[]? sid = null;
        foreach (Subscription subscription in route.Plain)
        {
            if (subscription.Client == requester)
            {
                sid = subscription.SidField.ToArray();
                break;
            }
        }

        route.Clear();
        return sid;
    }

    /// <summary>Delivers to all plain subscriptions here; <paramref name="publisher"/> is null for what came over a link.</summary>
    internal static int DeliverPlain(Route route, ClientSession? publisher, in Message message, DeliveryBatch batch)
    {
        bool echo = publisher is null || publisher.Options.Echo;
        int delivered = 0;
        foreach (Subscription subscription in route.Plain)
        {
            if ((echo || subscription.Client != publisher) && subscription.Client.Deliver(subscription, message, batch))
            {
                delivered++;
            }
        }

        return delivered;
    }

    /// <summary>Begins at a member chosen at random and takes the first that can have the message.</summary>
    internal static bool DeliverToOne(ReadOnlySpan<Subscription> members, ClientSession? publisher, in Message message, DeliveryBatch batch)
    {
        int first = members.Length == 1 ? 0 : batch.Random.Next(members.Length);
        bool echo = publisher is null || publisher.Options.Echo;
        for (int i = 0; i < members.Length; i++)
        {
            int at = first + i;
            Subscription member = members[at < members.Length ? at : at - members.Length];
            if ((echo || member.Client != publisher) && member.Client.Deliver(member, message, batch))
            {
                return true;
            }
        }

        return false;
    }
}
