using Causeway.Core.Control;
using Causeway.Director.Admission;

namespace Causeway.Director.Registry;

/// <summary>Says how regions are, from what is known of their nodes and from all who can see them. Pure.</summary>
public static class RegionJudge
{
    private const string Up = "up";

    /// <summary>How the region <paramref name="name"/> is.</summary>
    /// <param name="name">The region.</param>
    /// <param name="all">All nodes known, of all regions.</param>
    /// <param name="isInDoubt">True if this director hears nobody.</param>
    /// <param name="isDraining">True if an operator drains it.</param>
    /// <param name="heardBy">Other directors that hear its nodes.</param>
    public static RegionView Judge(string name, IReadOnlyList<NodeView> all, bool isInDoubt, bool isDraining, IReadOnlyList<string> heardBy)
    {
        NodeView[] nodes = [.. all.Where(node => node.Report.Region == name)];
        NodeView[] ready = [.. nodes.Where(node => IsReady(node))];
        NodeView[] lost = [.. nodes.Where(node => node.IsLost)];
        string[] viewpoints = lost.Length == nodes.Length ? [.. Viewpoints(name, all), .. heardBy.Select(director => $"director {director}")] : [];
        List<string> reasons = [.. Reasons(nodes, ready, lost)];
        string[] leaving = [.. Leaving(nodes)];
        double headroom = ready.Length == 0 ? 0 : ready.Min(node => node.Report.Memory.Headroom);
        if (ready.Length > 0 && headroom < RegistryLimits.DegradedHeadroom)
        {
            reasons.Add(FormattableString.Invariant($"headroom is {headroom:0.00}"));
        }

        if (isInDoubt)
        {
            reasons.Add("this director hears no node at all and is likely cut off itself; what it knows is from before");
        }
        else if (viewpoints.Length > 0)
        {
            reasons.Add($"not heard from here, but by {string.Join(", ", viewpoints.Take(4))}: the region likely lives");
        }

        bool isDown = ready.Length == 0 && viewpoints.Length == 0 && !isInDoubt;
        return new RegionView
        {
            Name = name,
            Health = isDown ? RegionHealth.Down : reasons.Count > 0 ? RegionHealth.Degraded : RegionHealth.Healthy,
            Reasons = [.. reasons.Concat(leaving).Take(RegistryLimits.MaxRegionReasons)],
            IsDraining = isDraining,
            ReadyNodes = ready.Length,
            Nodes = nodes.Length,
            Clients = nodes.Where(node => !node.IsLost).Sum(node => node.Report.Clients),
            Room = isDraining ? 0 : (int)Math.Min(int.MaxValue, ready.Sum(node => (long)RegionRoom.Of(node.Report))),
            Headroom = headroom,
        };
    }

    /// <summary>True if clients can be sent to the node.</summary>
    public static bool IsReady(NodeView node) => node is { IsLost: false, Report: { IsReady: true, State: NodeState.Serving } };

    private static IEnumerable<string> Reasons(NodeView[] nodes, NodeView[] ready, NodeView[] lost)
    {
        if (lost.Length > 0)
        {
            yield return lost.Length < nodes.Length ? $"nodes lost: {Names(lost)}"
                : $"all {nodes.Length} nodes {(Array.TrueForAll(lost, node => node.HasLeft) ? "have left" : "are lost")}";
        }

        foreach (NodeView node in nodes.Except(ready).Where(node => !node.IsLost && node.Report.State == NodeState.Serving))
        {
            yield return $"{node.Report.Node} is not ready: {string.Join("; ", node.Report.Reasons.DefaultIfEmpty("it does not say why"))}";
        }
    }

    /// <summary>Nodes that leave as they were told to: worth a word, and no trouble while others are ready.</summary>
    private static IEnumerable<string> Leaving(NodeView[] nodes)
    {
        NodeView[] draining = [.. nodes.Where(node => !node.IsLost && node.Report.State == NodeState.Draining)];
        if (draining.Length > 0)
        {
            yield return $"nodes draining: {Names(draining)}";
        }
    }

    private static string Names(NodeView[] nodes) => string.Join(", ", nodes.Take(8).Select(node => node.Report.Node)) + (nodes.Length > 8 ? " ..." : "");

    /// <summary>Nodes of other regions, themselves heard, whose links to the region are up.</summary>
    private static IEnumerable<string> Viewpoints(string region, IReadOnlyList<NodeView> all) =>
        all.Where(node => !node.IsLost && node.Report.Region != region && node.Report.Links.Any(link => link.Region == region && link.Kind == "wan" && link.State == Up))
            .Select(node => $"node {node.Report.Node} of {node.Report.Region}");
}
