using Causeway.Core.Subscriptions;

namespace Causeway.Core.Regions;

/// <summary>A queue group with members on other nodes or in other regions, for one subject.</summary>
public sealed class RemoteGroup
{
    internal const int ObjectBytes = 160;

    private readonly List<InterestSource> _nodes = [];
    private readonly List<InterestSource> _regions = [];

    /// <summary>The group.</summary>
    public QueueGroupName? Name { get; private set; }

    /// <summary>Its number among the groups of the local route; -1 if it has no member here.</summary>
    public int LocalGroup { get; private set; }

    /// <summary>Nodes of the own region that have members.</summary>
    public IReadOnlyList<InterestSource> Nodes => _nodes;

    /// <summary>Other regions that have members.</summary>
    public IReadOnlyList<InterestSource> Regions => _regions;

    /// <summary>The region with the shortest round trip that can be reached, or null.</summary>
    public InterestSource? NearestRegion()
    {
        InterestSource? nearest = null;
        foreach (InterestSource region in _regions)
        {
            if (region.IsReachable && (nearest is null || region.RoundTripMilliseconds < nearest.RoundTripMilliseconds))
            {
                nearest = region;
            }
        }

        return nearest;
    }

    internal void Begin(QueueGroupName name, int localGroup)
    {
        Name = name;
        LocalGroup = localGroup;
    }

    internal void Add(InterestSource member)
    {
        List<InterestSource> members = member.IsRegion ? _regions : _nodes;
        if (!members.Contains(member))
        {
            members.Add(member);
        }
    }

    internal void Clear()
    {
        Name = null;
        _nodes.Clear();
        _regions.Clear();
    }
}
