namespace Causeway.Core.Subscriptions;

/// <summary>The members of one queue group that a message could go to; it goes to one of them.</summary>
public sealed class QueueGroupRoute
{
    private Subscription[] _members = new Subscription[2];
    private int _count;
    private Subscription[] _leafMembers = [];
    private int _leafCount;

    /// <summary>The group.</summary>
    public QueueGroupName? Name { get; internal set; }

    /// <summary>The members.</summary>
    public ReadOnlySpan<Subscription> Members => _members.AsSpan(0, _count);

    /// <summary>What leafs and hubs have of the group: they come after clients.</summary>
    public ReadOnlySpan<Subscription> LeafMembers => _leafMembers.AsSpan(0, _leafCount);

    internal int Capacity => _members.Length + _leafMembers.Length;

    internal void Add(Subscription member)
    {
        if (_count == _members.Length)
        {
            Array.Resize(ref _members, _count * 2);
        }

        _members[_count++] = member;
    }

    internal void AddLeaf(Subscription member)
    {
        if (_leafCount == _leafMembers.Length)
        {
            Array.Resize(ref _leafMembers, Math.Max(1, _leafCount * 2));
        }

        _leafMembers[_leafCount++] = member;
    }

    internal void Clear()
    {
        _leafMembers.AsSpan(0, _leafCount).Clear();
        _leafCount = 0;
        _members.AsSpan(0, _count).Clear();
        _count = 0;
        Name = null;
    }
}
