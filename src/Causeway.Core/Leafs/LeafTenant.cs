using Causeway.Core.Interest;
using Causeway.Core.Regions;
using Causeway.Core.Routing;
using Causeway.Core.Subscriptions;

namespace Causeway.Core.Leafs;

/// <summary>
/// What is told to one tenant's leafs and hubs, as two tables that each of them walks at its own pace: what clients and other nodes want,
/// and what the leafs themselves want. Made for the first leaf, kept as long as the node runs. Belongs to the loop of the leafs; the
/// tables are safe for any thread.
/// </summary>
public sealed class LeafTenant
{
    private readonly NodeInterest? _interest;
    private readonly List<LeafSession> _sessions = [];

    internal LeafTenant(Tenant tenant, byte[] loopSubject, NodeInterest? interest, Func<InterestTable> createTable, Action<LeafTenant> onChanged)
    {
        Tenant = tenant;
        LoopSubject = loopSubject;
        _interest = interest;
        Index = new LeafIndex(tenant.Subscriptions.Hash);
        Clients = createTable();
        Clients.Changed = () => onChanged(this);
        Leafs = createTable();
        Leafs.Changed = () => onChanged(this);
        Index.Subscriptions.Observer = new Observer(null, OnLeaf);
        Follow(tenant.Subscriptions);
        Follow(tenant.RemoteSubscriptions);
        tenant.Leafs = Index;
    }

    /// <summary>The tenant.</summary>
    public Tenant Tenant { get; }

    /// <summary>What this deployment subscribes to at every leaf and hub: if it comes back, there is a loop.</summary>
    public byte[] LoopSubject { get; }

    /// <summary>What the leafs want, for routing.</summary>
    public LeafIndex Index { get; }

    /// <summary>What clients of this node want, and other nodes and regions.</summary>
    public InterestTable Clients { get; }

    /// <summary>What leafs want, kept while there is more than one who could be told of it.</summary>
    public InterestTable Leafs { get; }

    /// <summary>The leafs and hubs that are up, or gone with what they wanted not yet taken out.</summary>
    public IReadOnlyList<LeafSession> Sessions => _sessions;

    /// <summary>
    /// True if a leaf or hub other than <paramref name="session"/> wants it, and <paramref name="session"/> may know. What others find loops
    /// by everybody may know: else a circle of connections within one cluster would not be found.
    /// </summary>
    internal bool IsWantedByOthers(LeafSession session, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> queue)
    {
        bool findsLoops = subject.StartsWith("$LDS."u8);
        foreach (LeafSession other in _sessions)
        {
            if (other != session && (findsLoops || session.MayLearnOf(other)) && other.Subscriptions!.Has(subject, queue))
            {
                return true;
            }
        }

        return false;
    }

    internal void Add(LeafSession session)
    {
        _sessions.Add(session);
        if (_sessions.Count == 2)
        {
            foreach (Subscription subscription in _sessions[0].Subscriptions!.List(int.MaxValue))
            {
                Show(subscription, true);
            }
        }
    }

    /// <summary>Forgets a session whose subscriptions are all taken out.</summary>
    internal void Remove(LeafSession session)
    {
        _sessions.Remove(session);
        if (_sessions.Count < 2)
        {
            Leafs.RemoveSome(int.MaxValue);
        }
    }

    /// <summary>Inboxes are reached by the way back of requests, and the deployment's own subjects are nobody's business.</summary>
    private static bool IsTold(ReadOnlySpan<byte> subject) =>
        !NodeInterest.IsInbox(subject) && !ReturnPath.IsOn(subject) && !subject.StartsWith("$CW."u8);

    private void Follow(SubscriptionIndex index) => index.Exclusively(() =>
    {
        index.Observer = new Observer(index.Observer, OnClient);
        index.Visit(subscription =>
        {
            OnClient(subscription, true);
            return true;
        });
    });

    private void OnClient(Subscription subscription, bool present)
    {
        if (IsTold(subscription.Subject) && TextOf(subscription) is { } text)
        {
            _ = present ? Clients.AddText(text) : Clients.RemoveText(text);
        }
    }

    private void OnLeaf(Subscription subscription, bool present)
    {
        _interest?.OnLeafChanged(Tenant, subscription, present);
        if (_sessions.Count >= 2)
        {
            Show(subscription, present);
        }
    }

    /// <summary>Every change is a new version, as who knew it from one leaf may have to hear that only it itself is left.</summary>
    private void Show(Subscription subscription, bool present)
    {
        if (TextOf(subscription) is { } text)
        {
            Leafs.SetText(text, false);
            if (present || _sessions.Exists(other => other.Subscriptions!.Has(text.Subject, text.Queue)))
            {
                Leafs.SetText(text, true);
            }
        }
    }

    private InterestText? TextOf(Subscription subscription)
    {
        ReadOnlySpan<byte> tenant = Tenant.NameBytes.Span;
        ReadOnlySpan<byte> queue = subscription.Queue is { } group ? group.Name.Span : default;
        return InterestText.Fits(tenant, subscription.Subject, queue) ? new InterestText(tenant, subscription.Subject, queue) : null;
    }

    private sealed class Observer(ISubscriptionObserver? next, Action<Subscription, bool> onChanged) : ISubscriptionObserver
    {
        public void OnAdded(Subscription subscription)
        {
            next?.OnAdded(subscription);
            onChanged(subscription, true);
        }

        public void OnRemoved(Subscription subscription)
        {
            next?.OnRemoved(subscription);
            onChanged(subscription, false);
        }
    }
}
