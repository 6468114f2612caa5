using Causeway.Shaper;

namespace Causeway.Drill.Deployments;

/// <summary>
/// A deployment of several regions whose nodes are processes on this machine, each pair of regions joined by a shaped link. Causeway
/// and nats-server are started behind the same interface, so that a drill does the same to both. Thread-safe.
/// </summary>
public interface IDeployment : IAsyncDisposable
{
    /// <summary>Which bus it is: <c>causeway</c> or <c>nats-server</c>.</summary>
    string Bus { get; }

    /// <summary>The regions' names, in the order in which they were given.</summary>
    IReadOnlyList<string> Regions { get; }

    /// <summary>The nodes, dead ones among them. Nodes that are added come last.</summary>
    IReadOnlyList<IDeploymentNode> Nodes { get; }

    /// <summary>Where the director serves, null where the bus has none.</summary>
    Uri? DirectorUrl { get; }

    /// <summary>Changes the conditions of the link by which <paramref name="near"/> reaches <paramref name="far"/>, both directions of it.</summary>
    void Shape(string near, string far, LinkConditions conditions);

    /// <summary>Stalls the links between two regions until <see cref="Unstall"/>.</summary>
    void Stall(string one, string other);

    /// <summary>Lets stalled links between two regions go on.</summary>
    void Unstall(string one, string other);

    /// <summary>Resets all connections between two regions; they may connect again.</summary>
    void Cut(string one, string other);

    /// <summary>Kills a node's process (SIGKILL).</summary>
    Task KillAsync(string node);

    /// <summary>Starts a node that was killed or has left, with the arguments that it had.</summary>
    Task RestartAsync(string node, CancellationToken cancellationToken);

    /// <summary>Adds a node to a region and gives its name: the incident's "more instances".</summary>
    Task<string> AddNodeAsync(string region, CancellationToken cancellationToken);

    /// <summary>Ends a node and takes it out of the deployment, as if it had never been added.</summary>
    Task RemoveNodeAsync(string node);

    /// <summary>Lets a node leave in good order and waits until it is gone.</summary>
    Task DrainNodeAsync(string node, CancellationToken cancellationToken);

    /// <summary>Drains a region, by the director where there is one.</summary>
    Task DrainRegionAsync(string region, CancellationToken cancellationToken);

    /// <summary>Lets a region that was drained take clients again; its nodes are started by <see cref="RestartAsync"/>.</summary>
    Task UndrainRegionAsync(string region, CancellationToken cancellationToken);

    /// <summary>
    /// Gives every node of a region another memory budget while it runs. Returns false where the bus can't without a restart: then
    /// nothing was done.
    /// </summary>
    Task<bool> SetMemoryLimitAsync(string region, long bytes, CancellationToken cancellationToken);

    /// <summary>Reads what every living node says of itself. A node that does not answer in time is left out.</summary>
    Task<IReadOnlyList<NodeSample>> SampleAsync(CancellationToken cancellationToken);
}

/// <summary>One node of a deployment.</summary>
public interface IDeploymentNode
{
    /// <summary>The node's name.</summary>
    string Name { get; }

    /// <summary>The node's region.</summary>
    string Region { get; }

    /// <summary>Where clients connect, as host:port.</summary>
    string ClientAddress { get; }

    /// <summary>Where its monitoring pages are.</summary>
    Uri MonitoringUrl { get; }

    /// <summary>The process's id; 0 while it is dead.</summary>
    int ProcessId { get; }

    /// <summary>How the process ended if nobody asked it to (out of memory, say), else null.</summary>
    string? Death { get; }

    /// <summary>True if the process ended with exit code 0 though the deployment did not ask it to: another drained or stopped it. <see cref="Death"/> is set as well.</summary>
    bool HasLeft { get; }

    /// <summary>True while the process lives and was asked to end.</summary>
    bool IsLeaving { get; }
}

/// <summary>What a node says of itself at one moment, in terms that both buses have. Immutable.</summary>
public sealed record NodeSample
{
    /// <summary>The node's name.</summary>
    public required string Node { get; init; }

    /// <summary>Resident memory, from the kernel.</summary>
    public required long ResidentBytes { get; init; }

    /// <summary>The memory budget or limit that it runs under.</summary>
    public required long MemoryLimitBytes { get; init; }

    /// <summary>CPU time since its start, from the kernel.</summary>
    public required TimeSpan CpuTime { get; init; }

    /// <summary>Clients connected.</summary>
    public required int Clients { get; init; }

    /// <summary>Subscriptions of its clients.</summary>
    public required long Subscriptions { get; init; }

    /// <summary>Bytes that wait for links to other regions.</summary>
    public required long LinkPendingBytes { get; init; }

    /// <summary>Changes of interest that other regions may not know yet; negative where the bus does not tell.</summary>
    public required long LinkLagEntries { get; init; }

    /// <summary>Slow consumers closed since its start.</summary>
    public required long SlowConsumers { get; init; }

    /// <summary>Alarms open on it, as <c>rule: cause</c>; empty where the bus has none.</summary>
    public IReadOnlyList<string> Alarms { get; init; } = [];
}
