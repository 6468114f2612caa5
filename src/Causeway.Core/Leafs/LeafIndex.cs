using Causeway.Core.Subscriptions;

namespace Causeway.Core.Leafs;

/// <summary>What the leafs and hubs of one tenant want, for the routing of messages. Any thread may match.</summary>
public sealed class LeafIndex
{
    private readonly Lock _scratchLock = new();
    private readonly Route _scratch = new();

    /// <summary>Creates an empty index that hashes as <paramref name="hash"/> does.</summary>
    public LeafIndex(Subjects.ByteHash hash) => Subscriptions = new SubscriptionIndex(hash);

    /// <summary>The subscriptions; each one's subscriber is a <see cref="LeafSession"/>.</summary>
    public SubscriptionIndex Subscriptions { get; }

    /// <summary>A number that changes whenever the leafs' part of a route may have changed.</summary>
    public long Stamp(uint subjectHash) => Subscriptions.Stamp(subjectHash);

    /// <summary>Adds the leafs that want the literal <paramref name="subject"/> to <paramref name="route"/>, and returns the stamp under which this is true.</summary>
    public long Match(ReadOnlySpan<byte> subject, uint subjectHash, Route route)
    {
        lock (_scratchLock)
        {
            long stamp = Subscriptions.Match(subject, subjectHash, _scratch);
            foreach (Subscription each in _scratch.Plain)
            {
                route.AddLeaf((LeafSession)each.Subscriber);
            }

            foreach (QueueGroupRoute group in _scratch.Groups)
            {
                foreach (Subscription member in group.Members)
                {
                    route.AddLeafMember(group.Name!, member);
                }
            }

            _scratch.Clear();
            return stamp;
        }
    }
}
