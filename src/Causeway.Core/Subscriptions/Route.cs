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

    /// <summary>The plain subscriptions.</summary>
    public ReadOnlySpan<Subscription> Plain => _plain.AsSpan(0, _plainCount);

    /// <summary>The queue groups.</summary>
    public ReadOnlySpan<QueueGroupRoute> Groups => _groups.AsSpan(0, _groupCount);

    /// <summary>Where it leads beyond this node; null or empty if nowhere.</summary>
    public RemoteRoute? Remote { get; private set; }

    /// <summary>True if it leads nowhere.</summary>
    public bool IsEmpty => _plainCount == 0 && _groupCount == 0 && Remote is not { IsEmpty: false };

    /// <summary>Bytes of its arrays.</summary>
    public long MemoryBytes
    {
        get
        {
            long words = _plain.Length + _groups.Length;
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
