using Causeway.Core.Leafs;
using Causeway.Core.Regions;

namespace Causeway.Core.Subscriptions;

/// <summary>
/// Where a message on one subject goes: every plain subscription, and one member of each queue group. Filled by
/// <see cref="SubscriptionIndex.Match"/>; its arrays are kept and used again. Not thread-safe.
/// </summary>
public sealed class Route
{
    private Subscription[] _plain = [];
    private int _plainCount;
    private QueueGroupRoute[] _groups = [];
    private int _groupCount;
    private LeafSession[] _leafs = [];
    private int _leafCount;
    private bool _hasLeafMembers;

    /// <summary>The plain subscriptions.</summary>
    public ReadOnlySpan<Subscription> Plain => _plain.AsSpan(0, _plainCount);

    /// <summary>The queue groups.</summary>
    public ReadOnlySpan<QueueGroupRoute> Groups => _groups.AsSpan(0, _groupCount);

    /// <summary>The leafs and hubs that want it for plain subscriptions, each once.</summary>
    public ReadOnlySpan<LeafSession> Leafs => _leafs.AsSpan(0, _leafCount);

    /// <summary>True if leafs or hubs of this node may have to get it.</summary>
    public bool LeadsToLeafs => _leafCount > 0 || _hasLeafMembers;

    /// <summary>Where it leads beyond this node; null or empty if nowhere.</summary>
    public RemoteRoute? Remote { get; private set; }

    /// <summary>True if it leads nowhere.</summary>
    public bool IsEmpty => _plainCount == 0 && _groupCount == 0 && _leafCount == 0 && Remote is not { IsEmpty: false };

    /// <summary>Bytes of its arrays.</summary>
    public long MemoryBytes
    {
        get
        {
            long words = _plain.Length + _groups.Length + _leafs.Length;
            foreach (QueueGroupRoute? group in _groups)
            {
                words += group?.Capacity + 6 ?? 0;
            }

            return (words * 8) + (Remote?.MemoryBytes ?? 0);
        }
    }

    /// <summary>Forgets everything, so that nothing is kept alive, and keeps the arrays.</summary>
    public void Clear()
    {
        _plain.AsSpan(0, _plainCount).Clear();
        _plainCount = 0;
        for (int i = 0; i < _groupCount; i++)
        {
            _groups[i].Clear();
        }

        _groupCount = 0;
        _leafs.AsSpan(0, _leafCount).Clear();
        _leafCount = 0;
        _hasLeafMembers = false;
        Remote?.Clear();
    }

    /// <summary>The part of the route that leads beyond this node, empty if there was none yet.</summary>
    internal RemoteRoute BeginRemote() => Remote ??= new RemoteRoute();

    internal void AddChain(Subscription? head)
    {
        for (Subscription? at = head; at is not null; at = at.Next)
        {
            if (at.Queue is { } queue)
            {
                GroupFor(queue).Add(at);
            }
            else
            {
                if (_plainCount == _plain.Length)
                {
                    Array.Resize(ref _plain, Math.Max(2, _plainCount * 2));
                }

                _plain[_plainCount++] = at;
            }
        }
    }

    internal void AddLeaf(LeafSession leaf)
    {
        if (Leafs.Contains(leaf))
        {
            return;
        }

        if (_leafCount == _leafs.Length)
        {
            Array.Resize(ref _leafs, Math.Max(1, _leafCount * 2));
        }

        _leafs[_leafCount++] = leaf;
    }

    /// <summary>A leaf has members of a queue group, which clients may have members of too.</summary>
    internal void AddLeafMember(QueueGroupName name, Subscription member)
    {
        _hasLeafMembers = true;
        foreach (QueueGroupRoute group in Groups)
        {
            if (group.Name!.Name.Span.SequenceEqual(name.Name.Span))
            {
                group.AddLeaf(member);
                return;
            }
        }

        GroupFor(name).AddLeaf(member);
    }

    private QueueGroupRoute GroupFor(QueueGroupName name)
    {
        for (int i = 0; i < _groupCount; i++)
        {
            if (_groups[i].Name == name)
            {
                return _groups[i];
            }
        }

        if (_groupCount == _groups.Length)
        {
            Array.Resize(ref _groups, Math.Max(1, _groupCount * 2));
        }

        QueueGroupRoute group = _groups[_groupCount] ??= new QueueGroupRoute();
        _groupCount++;
        group.Name = name;
        return group;
    }
}
