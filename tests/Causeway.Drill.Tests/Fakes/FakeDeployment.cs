using Causeway.Drill.Deployments;
using Causeway.Shaper;

namespace Causeway.Drill.Tests.Fakes;

/// <summary>A deployment that only writes down what it is told, and does at once.</summary>
internal sealed class FakeDeployment : IDeployment
{
    private readonly List<FakeNode> _nodes = [];
    private int _lastProcess = 100;

    public FakeDeployment(IReadOnlyList<string> regions, int nodesPerRegion)
    {
        Regions = regions;
        foreach (string region in regions)
        {
            for (int i = 0; i < nodesPerRegion; i++)
            {
                Add(region);
            }
        }
    }

    public string Bus { get; init; } = "causeway";

    public IReadOnlyList<string> Regions { get; }

    public IReadOnlyList<IDeploymentNode> Nodes => _nodes;

    public IReadOnlyList<FakeNode> Fakes => _nodes;

    public Uri? DirectorUrl => null;

    /// <summary>What was asked for, in order.</summary>
    public List<string> Log { get; } = [];

    /// <summary>What a step throws.</summary>
    public Exception? Fault { get; set; }

    /// <summary>What starting a node again throws.</summary>
    public Exception? RestartFault { get; set; }

    /// <summary>What adding a node waits for.</summary>
    public Task Joining { get; set; } = Task.CompletedTask;

    public bool CanChangeLimits { get; set; } = true;

    public int Samples { get; private set; }

    public void Shape(string near, string far, LinkConditions conditions) => Log.Add($"shape {near} {far} {conditions.Latency.TotalMilliseconds}");

    public void Stall(string one, string other) => Log.Add($"stall {one} {other}");

    public void Unstall(string one, string other) => Log.Add($"unstall {one} {other}");

    public void Cut(string one, string other) => Log.Add($"cut {one} {other}");

    public Task KillAsync(string node)
    {
        Log.Add($"kill {node}");
        Find(node).ProcessId = 0;
        return Task.CompletedTask;
    }

    public Task RestartAsync(string node, CancellationToken cancellationToken)
    {
        Log.Add($"restart {node}");
        if (RestartFault is { } fault)
        {
            return Task.FromException(fault);
        }

        Find(node).ProcessId = ++_lastProcess;
        Find(node).Death = null;
        Find(node).IsLeaving = false;
        return Task.CompletedTask;
    }

    public async Task<string> AddNodeAsync(string region, CancellationToken cancellationToken)
    {
        Log.Add($"add {region}");
        await Joining;
        return Fault is null ? Add(region).Name : throw Fault;
    }

    public Task RemoveNodeAsync(string node)
    {
        Log.Add($"remove {node}");
        _nodes.Remove(Find(node));
        return Task.CompletedTask;
    }

    public Task DrainNodeAsync(string node, CancellationToken cancellationToken)
    {
        Log.Add($"drain {node}");
        Find(node).ProcessId = 0;
        return Task.CompletedTask;
    }

    public Task DrainRegionAsync(string region, CancellationToken cancellationToken)
    {
        Log.Add($"drain region {region}");
        return Task.CompletedTask;
    }

    public Task UndrainRegionAsync(string region, CancellationToken cancellationToken)
    {
        Log.Add($"undrain region {region}");
        return Task.CompletedTask;
    }

    public Task<bool> SetMemoryLimitAsync(string region, long bytes, CancellationToken cancellationToken)
    {
        Log.Add($"limit {region} {bytes}");
        foreach (FakeNode node in _nodes.Where(node => node.Region == region && CanChangeLimits))
        {
            node.MemoryLimitBytes = bytes;
        }

        return Task.FromResult(CanChangeLimits);
    }

    public Task<IReadOnlyList<NodeSample>> SampleAsync(CancellationToken cancellationToken)
    {
        Samples++;
        return Task.FromResult<IReadOnlyList<NodeSample>>([.. _nodes.Where(node => node.ProcessId != 0 && !node.IsSilent).Select(node => node.Sample())]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public FakeNode Find(string node) => _nodes.Single(fake => fake.Name == node);

    private FakeNode Add(string region)
    {
        FakeNode node = new($"{region}-{_nodes.Count(other => other.Region == region) + 1}", region) { ProcessId = ++_lastProcess };
        _nodes.Add(node);
        return node;
    }
}
