namespace Causeway.Core.Subscriptions;

/// <summary>The subscriptions to one subject, linked through themselves; adding and removing are constant in time.</summary>
internal static class SubscriptionChain
{
    public static void Add(ref Subscription? head, Subscription subscription)
    {
        subscription.Next = head;
        subscription.Previous = null;
        if (head is not null)
        {
            head.Previous = subscription;
        }

        head = subscription;
    }

    public static void Remove(ref Subscription? head, Subscription subscription)
    {
        if (subscription.Next is { } next)
        {
            next.Previous = subscription.Previous;
        }

        if (subscription.Previous is { } previous)
        {
            previous.Next = subscription.Next;
        }
        else
        {
            head = subscription.Next;
        }

        subscription.Next = null;
        subscription.Previous = null;
    }
}
