using Causeway.Core.Control;

namespace Causeway.Director.Registry;

/// <summary>The whole deployment as a director sees it at one moment. Immutable; what pages, alarms and the status page are made from.</summary>
public sealed record DeploymentView
{
    /// <summary>When the view was taken.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The regions, by name.</summary>
    public required IReadOnlyList<RegionView> Regions { get; init; }

    /// <summary>The nodes, by region and name; those lost a short while ago are among them.</summary>
    public required IReadOnlyList<NodeView> Nodes { get; init; }

    /// <summary>The directors that share the registry, this one among them.</summary>
    public required IReadOnlyList<DirectorView> Directors { get; init; }

    /// <summary>Alarms that are open: those of the nodes, and those that only a view of the whole can raise.</summary>
    public required IReadOnlyList<AlarmReport> Alarms { get; init; }
}

/// <summary>One region as a director sees it. Immutable.</summary>
public sealed record RegionView
{
    /// <summary>The region's name.</summary>
    public required string Name { get; init; }

    /// <summary>How it is.</summary>
    public required RegionHealth Health { get; init; }

    /// <summary>Why, in words; empty if all is well.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>True while an operator drains it.</summary>
    public required bool IsDraining { get; init; }

    /// <summary>Nodes that serve and are ready.</summary>
    public required int ReadyNodes { get; init; }

    /// <summary>Nodes known, lost ones among them.</summary>
    public required int Nodes { get; init; }

    /// <summary>Clients connected.</summary>
    public required int Clients { get; init; }

    /// <summary>Clients that may still be admitted, by measured headroom.</summary>
    public required int Room { get; init; }

    /// <summary>The least headroom among its ready nodes, 0 to 1.</summary>
    public required double Headroom { get; init; }
}

/// <summary>How a region is.</summary>
public enum RegionHealth
{
    /// <summary>It takes clients and serves them.</summary>
    Healthy,

    /// <summary>It serves, but something is wrong: nodes lost, links sick, little headroom.</summary>
    Degraded,

    /// <summary>No node of it can take clients.</summary>
    Down,
}

/// <summary>One node as a director sees it. Immutable.</summary>
public sealed record NodeView
{
    /// <summary>The node's last report.</summary>
    public required NodeReport Report { get; init; }

    /// <summary>When that report came.</summary>
    public required DateTimeOffset ReportedAt { get; init; }

    /// <summary>True if nothing has come for <see cref="ReportLimits.NodeLostAfter"/>.</summary>
    public required bool IsLost { get; init; }

    /// <summary>True if it is lost after it said that it leaves: then it has left, and nothing is wrong with it.</summary>
    public bool HasLeft => IsLost && Report.State == NodeState.Draining;
}

/// <summary>One director. Immutable.</summary>
public sealed record DirectorView
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it serves, as a URL.</summary>
    public required string Url { get; init; }

    /// <summary>True for the one that gives this view.</summary>
    public required bool IsSelf { get; init; }

    /// <summary>When it was last heard of.</summary>
    public required DateTimeOffset SeenAt { get; init; }
}
