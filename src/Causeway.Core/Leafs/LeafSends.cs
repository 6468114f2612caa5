using Causeway.Core.Delivery;
using Causeway.Core.Regions;
using Causeway.Core.Routing;
using Causeway.Core.Subscriptions;

namespace Causeway.Core.Leafs;

/// <summary>
/// The leafs that one message goes to, each once, with the queue groups that it is for there. Used again for each message; belongs to
/// one thread.
/// </summary>
public sealed class LeafSends
{
    private readonly List<LeafSend> _sends = [];
    private int _count;
    private LeafSession? _from;
    private bool _fromHub;

    /// <summary>
    /// Begins with the leafs that want the message for plain subscriptions: not the one that it came <paramref name="from"/>, nor others of
    /// its cluster, and what came from a hub goes to no other hub.
    /// </summary>
    public void Begin(Route route, LeafSession? from, bool fromHub)
    {
        for (int i = 0; i < _count; i++)
        {
            _sends[i].Clear();
        }

        _count = 0;
        _from = from;
        _fromHub = fromHub;
        foreach (LeafSession leaf in route.Leafs)
        {
            if (Takes(leaf))
            {
                For(leaf).IsPlain = true;
            }
        }
    }

    /// <summary>Adds one leaf with members of <paramref name="group"/>, by chance and their weights; false if there is none.</summary>
    public bool TryAddMember(QueueGroupRoute group, Random random)
    {
        long weights = 0;
        foreach (Subscription member in group.LeafMembers)
        {
            weights += Takes((LeafSession)member.Subscriber) ? Math.Max(1, member.MaxMessages) : 0;
        }

        if (weights == 0)
        {
            return false;
        }

        long chosen = random.NextInt64(weights);
        foreach (Subscription member in group.LeafMembers)
        {
            LeafSession leaf = (LeafSession)member.Subscriber;
            if (Takes(leaf) && (chosen -= Math.Max(1, member.MaxMessages)) < 0)
            {
                For(leaf).Queues.Add(group.Name!.Name);
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Adds a leaf for each queue group of <paramref name="route"/> that nobody has served and no other node of the region can, and marks
    /// it as served.
    /// </summary>
    internal void AddMembers(Route route, LeafQueues queues, ref ulong served, Random random)
    {
        for (int i = 0; i < route.Groups.Length && i < 64; i++)
        {
            QueueGroupRoute group = route.Groups[i];
            bool isOpen = (served & (1ul << i)) == 0 && group.LeafMembers.Length > 0 && queues.Has(group.Name!.Name.Span);
            if (isOpen && !IsServedInRegion(route.Remote, i) && TryAddMember(group, random))
            {
                served |= 1ul << i;
            }
        }
    }

    /// <summary>Sends to all; returns how many took it.</summary>
    public int SendAll(in Message message, DeliveryBatch batch)
    {
        int sent = 0;
        for (int i = 0; i < _count; i++)
        {
            sent += _sends[i].Leaf!.TrySend(message, _sends[i], batch) ? 1 : 0;
        }

        return sent;
    }

    private static bool IsServedInRegion(RemoteRoute? remote, int localGroup)
    {
        if (remote is null)
        {
            return false;
        }

        foreach (RemoteGroup group in remote.Groups)
        {
            if (group.LocalGroup == localGroup)
            {
                for (int i = 0; i < group.Nodes.Count; i++)
                {
                    if (group.Nodes[i].IsReachable)
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    private bool Takes(LeafSession leaf) => leaf.IsOpen && leaf != _from && !(_fromHub && leaf.Role == LeafRole.Spoke) && !leaf.IsClusterOf(_from);

    private LeafSend For(LeafSession leaf)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_sends[i].Leaf == leaf)
            {
                return _sends[i];
            }
        }

        if (_count == _sends.Count)
        {
            _sends.Add(new LeafSend());
        }

        LeafSend send = _sends[_count++];
        send.Leaf = leaf;
        return send;
    }
}

/// <summary>What one leaf gets a message for.</summary>
internal sealed class LeafSend
{
    public LeafSession? Leaf { get; set; }

    public bool IsPlain { get; set; }

    public List<ReadOnlyMemory<byte>> Queues { get; } = [];

    public void Clear()
    {
        Leaf = null;
        IsPlain = false;
        Queues.Clear();
    }
}
