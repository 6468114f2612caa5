using Causeway.Core.Subscriptions;

namespace Causeway.Core.Regions;

/// <summary>Where a message on one subject goes beyond this node. Belongs to a <see cref="Route"/>; its lists are used again and again.</summary>
public sealed class RemoteRoute
{
    private const int ObjectBytes = 160;

    private readonly List<InterestSource> _nodes = [];
    private readonly List<InterestSource> _regions = [];
    private readonly List<InterestSource> _lost = [];
    private readonly List<RemoteGroup> _groups = [];
    private int _groupCount;

    /// <summary>Nodes of the own region that want it.</summary>
    public IReadOnlyList<InterestSource> Nodes => _nodes;

    /// <summary>Other regions that want it.</summary>
    public IReadOnlyList<InterestSource> Regions => _regions;

    /// <summary>Other regions that would want it and can't be reached: they go without, and are counted.</summary>
    public IReadOnlyList<InterestSource> Lost => _lost;

    /// <summary>Queue groups with members elsewhere.</summary>
    public ReadOnlySpan<RemoteGroup> Groups => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_groups)[.._groupCount];

    /// <summary>True if it leads nowhere.</summary>
    public bool IsEmpty => _nodes.Count == 0 && _regions.Count == 0 && _groupCount == 0 && _lost.Count == 0;

    /// <summary>Bytes of its lists.</summary>
    public long MemoryBytes => ObjectBytes + (8 * (_nodes.Capacity + _regions.Capacity + _lost.Capacity)) + (RemoteGroup.ObjectBytes * _groups.Count);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _nodes.Clear();
        _regions.Clear();
        _lost.Clear();
        for (int i = 0; i < _groupCount; i++)
        {
            _groups[i].Clear();
        }

        _groupCount = 0;
    }

    internal void Add(InterestSource source)
    {
        List<InterestSource> sources = source.IsRegion ? _regions : _nodes;
        if (!sources.Contains(source))
        {
            sources.Add(source);
        }
    }

    internal void AddLost(InterestSource region)
    {
        if (!_lost.Contains(region))
        {
            _lost.Add(region);
        }
    }

    /// <summary>Adds a member of a queue group, which is the local one number <paramref name="localGroup"/>, or none (-1).</summary>
    internal void AddMember(QueueGroupName name, InterestSource member, int localGroup)
    {
        RemoteGroup? group = null;
        for (int i = 0; i < _groupCount && group is null; i++)
        {
            group = _groups[i].Name == name ? _groups[i] : null;
        }

        if (group is null)
        {
            if (_groupCount == _groups.Count)
            {
                _groups.Add(new RemoteGroup());
            }

            group = _groups[_groupCount++];
            group.Begin(name, localGroup);
        }

        group.Add(member);
    }
}
