using Causeway.Core.Memory;
using Causeway.Core.Protocol;
using Causeway.Core.Subjects;
using Causeway.Core.Subscriptions;

namespace Causeway.Core.Clients;

/// <summary>
/// One client's subscriptions by their ids. The client's own thread adds and removes; a subscription that reaches its limit may be
/// ended by any thread.
/// </summary>
public sealed class ClientSubscriptions
{
    private readonly Lock _lock = new();
    private readonly ClientSession _client;
    private readonly NodeContext _node;
    private readonly MemoryAccount _account;
    private readonly SubscriptionTable<BySid> _bySid;
    private int _endedUpTo;

    internal ClientSubscriptions(ClientSession client, NodeContext node, MemoryAccount account)
    {
        _client = client;
        _node = node;
        _account = account;
        _bySid = new SubscriptionTable<BySid>(client.Tenant.Subscriptions.Hash);
    }

    /// <summary>How many there are.</summary>
    public int Count => _bySid.Count;

    /// <summary>How many there were when the client's end began; 0 before.</summary>
    public int CountAtEnd { get; private set; }

    /// <summary>Adds one; returns the text of the error if that can't be. A sid that is in use already is left as it is.</summary>
    internal string? Add(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> queue, ReadOnlySpan<byte> sid, ClientAccess access)
    {
        bool isOwn = _client.Transport.IsOwn;
        int most = _client.Limits.MaxSubscriptions;
        if (most > 0 && _bySid.Count >= most && !isOwn)
        {
            return ProtocolError.MaxSubscriptions;
        }

        if (_node.Governor.RefusesNew && !isOwn)
        {
            _node.Governor.CountRefusedSubscription();
            return ProtocolError.MaxSubscriptions;
        }

        if (_client.Tenant.IsOverShare && !isOwn)
        {
            return ProtocolError.MaxSubscriptions;
        }

        if (!Subject.Check(subject, out bool isPattern)
            || (isPattern && subject.Count(Subject.Separator) >= Limits.MaxPatternTokens))
        {
            return ProtocolError.InvalidSubject;
        }

        lock (_lock)
        {
            if (_bySid.Find(sid) is { } known)
            {
                if (!IsOver(known))
                {
                    return null;
                }

                // It has its last message, and the thread that delivered it has yet to end it: for the client the sid is free.
                TakeOut(known);
            }

            SubscriptionIndex index = _client.Tenant.Subscriptions;
            QueueGroupName? group = queue.IsEmpty ? null : index.InternQueue(queue);
            Subscription subscription = new(_client, subject, sid, group, isPattern)
            {
                IsFiltered = isPattern && access.Filters(subject),
            };
            if (!TryCharge(subscription, isOwn))
            {
                index.ReleaseQueue(group);
                _node.Governor.CountRefusedSubscription();
                return ProtocolError.MaxSubscriptions;
            }

            _bySid.Put(subscription);
            index.Add(subscription);
            return null;
        }
    }

    /// <summary>The node's own few are charged in any case: it needs them most when memory is short.</summary>
    private bool TryCharge(Subscription subscription, bool isOwn)
    {
        if (isOwn)
        {
            _account.Charge(MemoryUse.Subscriptions, subscription.MemoryBytes);
            return true;
        }

        return _account.TryCharge(MemoryUse.Subscriptions, subscription.MemoryBytes);
    }

    /// <summary>
    /// Ends the subscription <paramref name="sid"/>: at once if <paramref name="max"/> is 0, else after that many messages since it
    /// began. An id that is not known is no error.
    /// </summary>
    public void Remove(ReadOnlySpan<byte> sid, long max)
    {
        Subscription? subscription;
        lock (_lock)
        {
            subscription = _bySid.Find(sid);
        }

        if (subscription is null)
        {
            return;
        }

        bool ends = true;
        if (max > 0)
        {
            lock (_client.Outbound.Gate)
            {
                if (subscription.IsOver)
                {
                    // Another thread is about to end it, and a new limit must not revive it.
                    return;
                }

                ends = subscription.Delivered >= max;
                subscription.MaxMessages = max;
            }
        }

        if (ends)
        {
            End(subscription);
        }
    }

    /// <summary>Ends a subscription, from any thread. A second time does nothing.</summary>
    public void End(Subscription subscription)
    {
        lock (_client.Outbound.Gate)
        {
            subscription.MaxMessages = Subscription.Ended;
        }

        lock (_lock)
        {
            TakeOut(subscription);
        }
    }

    /// <summary>Ends up to <paramref name="most"/> subscriptions of a client that is gone; true if none is left.</summary>
    public bool EndSome(int most)
    {
        CountAtEnd = Math.Max(CountAtEnd, Count);
        foreach (Subscription subscription in List(most, ref _endedUpTo))
        {
            End(subscription);
        }

        // Under the lock, so that a thread that is ending the last one has given its memory back as well.
        lock (_lock)
        {
            return _bySid.Count == 0;
        }
    }

    /// <summary>Up to <paramref name="most"/> of them, for monitoring; from any thread.</summary>
    public IReadOnlyList<Subscription> List(int most)
    {
        int from = 0;
        return List(most, ref from);
    }

    /// <summary>Lists from place <paramref name="from"/> on, once around, and makes it the place to go on at.</summary>
    private List<Subscription> List(int most, ref int from)
    {
        List<Subscription> some = [];
        lock (_lock)
        {
            int places = _bySid.SlotCount;
            for (int looked = 0; looked < places && some.Count < most; looked++)
            {
                from = from < places ? from : 0;
                if (_bySid.At(from++) is { } subscription)
                {
                    some.Add(subscription);
                }
            }
        }

        return some;
    }

    /// <summary>Ends and returns those that the client may not have any more, and has the messages of the others filtered as they are to be now.</summary>
    internal IReadOnlyList<Subscription> EndDenied(ClientAccess access)
    {
        List<Subscription> denied = [];
        foreach (Subscription subscription in List(int.MaxValue))
        {
            if (!access.MaySubscribe(subscription.Subject, subscription.Queue is { } queue ? queue.Name.Span : default))
            {
                denied.Add(subscription);
                End(subscription);
            }
            else
            {
                subscription.IsFiltered = subscription.IsPattern && access.Filters(subscription.Subject);
            }
        }

        return denied;
    }

    private bool IsOver(Subscription subscription)
    {
        lock (_client.Outbound.Gate)
        {
            return subscription.IsOver;
        }
    }

    private void TakeOut(Subscription subscription)
    {
        if (_client.Tenant.Subscriptions.Remove(subscription))
        {
            _bySid.Remove(subscription.Sid);
            _account.Release(MemoryUse.Subscriptions, subscription.MemoryBytes);
        }
    }
}
