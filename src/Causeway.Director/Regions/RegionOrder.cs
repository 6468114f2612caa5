using Causeway.Core.Control;
using Causeway.Director.Admission;
using Causeway.Director.Registry;

namespace Causeway.Director.Regions;

/// <summary>One region in the order for a client. Immutable.</summary>
/// <param name="View">The region.</param>
/// <param name="Nearness">How far it is.</param>
/// <param name="Nodes">Where clients connect: nodes that are ready, with their room.</param>
public sealed record Candidate(RegionView View, Nearness Nearness, IReadOnlyList<NodeRoom> Nodes)
{
    /// <summary>True if new clients may be sent there, as far as its health says.</summary>
    public bool IsOpen => View is { Health: not RegionHealth.Down, IsDraining: false } && Nodes.Count > 0 && View.ReadyNodes > 0;

    /// <summary>True if those who are there may stay.</summary>
    public bool IsAlive => View is { Health: not RegionHealth.Down };
}

/// <summary>Puts regions in the order in which a client should use them: open ones before others, near ones before far ones. Pure.</summary>
public static class RegionOrder
{
    /// <summary>Most addresses of a region that a client is told.</summary>
    public const int MaxAddresses = 8;

    /// <summary>The regions of <paramref name="view"/> in order for a client at <paramref name="position"/>.</summary>
    public static IReadOnlyList<Candidate> Sort(DeploymentView view, Geography geography, ClientPosition position) =>
    [
        .. view.Regions.Select(region => new Candidate(region, geography.Of(region.Name, position), Nodes(view, region)))
            .OrderBy(candidate => candidate.IsOpen ? 0 : candidate.IsAlive ? 1 : 2)
            .ThenBy(candidate => candidate.Nearness.Milliseconds ?? double.MaxValue)
            .ThenBy(candidate => geography.OrderOf(candidate.View.Name))
            .ThenBy(candidate => candidate.View.Name, StringComparer.Ordinal),
    ];

    /// <summary>Of a region that is not heard but lives, and while the director itself is cut off, the last known addresses are given.</summary>
    private static NodeRoom[] Nodes(DeploymentView view, RegionView region)
    {
        NodeView[] nodes = [.. view.Nodes.Where(node => node.Report.Region == region.Name && node.Report.State == NodeState.Serving && node.Report.ClientAddress.Length > 0)];
        NodeView[] ready = [.. nodes.Where(RegionJudge.IsReady)];
        return [.. (ready.Length > 0 ? ready : nodes).Select(node => new NodeRoom(node.Report.ClientAddress, RegionRoom.Of(node.Report)))];
    }
}
