namespace Causeway.Core.Control;

/// <summary>
/// What a node says of itself, once a second, to whoever directs the deployment. All collections are bounded by
/// <see cref="ReportLimits"/>. Immutable.
/// </summary>
public sealed record NodeReport
{
    /// <summary>The node's region; empty for a node by itself.</summary>
    public required string Region { get; init; }

    /// <summary>The node's name.</summary>
    public required string Node { get; init; }

    /// <summary>The id of this lifetime of the node: a restart has another.</summary>
    public required string Id { get; init; }

    /// <summary>The software's version.</summary>
    public required string Version { get; init; }

    /// <summary>Counts the reports of this lifetime, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>When this lifetime began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Where clients connect, as host:port.</summary>
    public required string ClientAddress { get; init; }

    /// <summary>Where the monitoring pages are, as a URL without a path; empty if there are none.</summary>
    public string MonitoringUrl { get; init; } = "";

    /// <summary>What the node does at present.</summary>
    public required NodeState State { get; init; }

    /// <summary>True if new clients are welcome: what <c>/readyz</c> says.</summary>
    public required bool IsReady { get; init; }

    /// <summary>Why it is not ready, or what is doubtful, in words; empty if all is well.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>Memory.</summary>
    public required MemoryReport Memory { get; init; }

    /// <summary>Clients connected.</summary>
    public required int Clients { get; init; }

    /// <summary>Most clients that may connect.</summary>
    public required int MaxClients { get; init; }

    /// <summary>Subscriptions of all clients.</summary>
    public required long Subscriptions { get; init; }

    /// <summary>Messages from clients since the start.</summary>
    public required long InMessages { get; init; }

    /// <summary>Messages to clients since the start.</summary>
    public required long OutMessages { get; init; }

    /// <summary>Payload bytes from clients since the start.</summary>
    public required long InBytes { get; init; }

    /// <summary>Payload bytes to clients since the start.</summary>
    public required long OutBytes { get; init; }

    /// <summary>Slow consumers closed since the start.</summary>
    public required long SlowConsumers { get; init; }

    /// <summary>The time that the slowest event loop took to take a task, in milliseconds.</summary>
    public required double LoopDelayMilliseconds { get; init; }

    /// <summary>The time of a message through the node's own client port and back, in milliseconds; negative if it did not come back.</summary>
    public required double BusRoundTripMilliseconds { get; init; }

    /// <summary>Entries of interest that the node tells the nodes of its region.</summary>
    public required long ExportedToRegion { get; init; }

    /// <summary>Entries of interest that the node's region tells other regions.</summary>
    public required long ExportedToRemotes { get; init; }

    /// <summary>Entries of interest held of other nodes and regions.</summary>
    public required long RemoteEntries { get; init; }

    /// <summary>Links to other nodes, those to other regions first.</summary>
    public IReadOnlyList<LinkReport> Links { get; init; } = [];

    /// <summary>Alarms that are open on this node.</summary>
    public IReadOnlyList<AlarmReport> Alarms { get; init; } = [];
}

/// <summary>What a node does.</summary>
public enum NodeState
{
    /// <summary>It serves.</summary>
    Serving,

    /// <summary>It serves those it has and sends them elsewhere over time.</summary>
    Draining,
}
