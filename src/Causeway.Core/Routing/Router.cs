using Causeway.Core.Clients;
using Causeway.Core.Delivery;
using Causeway.Core.Subscriptions;

namespace Causeway.Core.Routing;

/// <summary>Takes a message to everybody it is for: all plain subscriptions, and one member of each queue group.</summary>
public static class Router
{
    /// <summary>Routes <paramref name="message"/> of <paramref name="publisher"/> and returns how many got it.</summary>
    public static int Publish(ClientSession publisher, in Message message, DeliveryBatch batch)
    {
        Route route = batch.Routes.Find(publisher.Tenant, message.Subject);
        bool echo = publisher.Options.Echo;
        int delivered = 0;
        foreach (Subscription subscription in route.Plain)
        {
            if ((echo || subscription.Client != publisher) && subscription.Client.Deliver(subscription, message, batch))
            {
                delivered++;
            }
        }

        foreach (QueueGroupRoute group in route.Groups)
        {
            if (PublishToOne(group.Members, publisher, message, batch))
            {
                delivered++;
            }
        }

        return delivered;
    }

    /// <summary>
    /// The answer to a request that nobody heard, on the requester's own plain subscription to its reply subject; null if it has none.
    /// </summary>
    public static byte[]? NoResponders(ClientSession requester, ReadOnlySpan<byte> reply, DeliveryBatch batch)
    {
        SubscriptionIndex index = requester.Tenant.Subscriptions;
        Route route = batch.ScratchRoute;
        index.Match(reply, index.Hash.Of(reply), route);
        byte[]? answer = null;
        foreach (Subscription subscription in route.Plain)
        {
            if (subscription.Client == requester)
            {
                answer = [.. "HMSG "u8, .. reply, .. subscription.SidField, .. "16 16\r\nNATS/1.0 503\r\n\r\n\r\n"u8];
                break;
            }
        }

        route.Clear();
        return answer;
    }

    /// <summary>Begins at a member chosen at random and takes the first that can have the message.</summary>
    private static bool PublishToOne(ReadOnlySpan<Subscription> members, ClientSession publisher, in Message message, DeliveryBatch batch)
    {
        int first = members.Length == 1 ? 0 : batch.Random.Next(members.Length);
        bool echo = publisher.Options.Echo;
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
