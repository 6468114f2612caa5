using Causeway.Drill.Deployments;
using Causeway.Drill.Load;

namespace Causeway.Drill.Engine;

/// <summary>What all nodes and clients said at one moment. Immutable.</summary>
internal sealed record DrillSample
{
    /// <summary>When, on this machine's clock, since the script's start.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>What the nodes that answered said.</summary>
    public required IReadOnlyList<NodeSample> Nodes { get; init; }

    /// <summary>All nodes there are with their process, dead ones too.</summary>
    public required IReadOnlyList<NodeProcess> Processes { get; init; }

    /// <summary>What came of the load, by region.</summary>
    public required IReadOnlyList<LoadSample> Load { get; init; }

    /// <summary>What a node said; null if it did not answer.</summary>
    public NodeSample? Of(string node) => Nodes.FirstOrDefault(sample => sample.Node == node);
}

/// <summary>A node and its process.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Region">Its region.</param>
/// <param name="ProcessId">Its process's id; 0 while it is dead.</param>
/// <param name="Death">How it ended if nobody asked it to, else null.</param>
internal sealed record NodeProcess(string Node, string Region, int ProcessId, string? Death);
