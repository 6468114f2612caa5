namespace Causeway.Core.Subscriptions;

/// <summary>The members of one queue group that a message could go to; it goes to one of them.</summary>
public sealed class QueueGroupRoute
{
    private Subscription[] _members = new Subscription[2];
    private int _count;

    /// <summary>The group.</summary>
    public QueueGroupName? Name { get; internal set; }

    /// <summary>The members.</summary>
    public ReadOnlySpan<Subscription> Members => _members.AsSpan(0, _count);

    internal int Capacity => _members.Length;

    internal void Add(Subscription member)
    {
        if (_count == _members.Length)
        {
            Array.Resize(ref _members, _count * 2);
        }

        _members[_count++] = member;
    }

    internal void Clear()
    {
        _members.AsSpan(0, _count).Clear();
        _count = 0;
        Name = null;
    }
}
