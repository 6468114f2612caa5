using Causeway.Drill.Processes;
using Causeway.Shaper;

namespace Causeway.Drill.Deployments;

/// <summary>How a deployment was at one moment, and the way back there whatever is done to it.</summary>
public sealed class DeploymentBaseline
{
    private readonly IDeployment _deployment;
    private readonly Func<string, string, LinkConditions> _links;
    private readonly long _memoryLimitBytes;
    private readonly HashSet<string> _nodes;

    /// <summary>Remembers which nodes there are.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="links">The conditions of the link by which one region reaches another.</param>
    /// <param name="memoryLimitBytes">The memory limit of each node's process.</param>
    public DeploymentBaseline(IDeployment deployment, Func<string, string, LinkConditions> links, long memoryLimitBytes)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        _deployment = deployment;
        _links = links;
        _memoryLimitBytes = memoryLimitBytes;
        _nodes = [.. deployment.Nodes.Select(node => node.Name)];
    }

    /// <summary>
    /// Puts everything back: links pass again under their conditions, drains end, nodes that were added go, dead and leaving ones are started
    /// again, limits are what they were. Does all that can be done, then tells what could not.
    /// </summary>
    /// <exception cref="ProcessException">Something could not be put back; the message says what.</exception>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        foreach (string near in _deployment.Regions)
        {
            foreach (string far in _deployment.Regions.Where(region => region != near))
            {
                _deployment.Unstall(near, far);
                _deployment.Shape(near, far, _links(near, far));
            }
        }

        List<string> problems = [];
        await EachAsync(_deployment.Regions.Select(region => _deployment.UndrainRegionAsync(region, cancellationToken)), problems).ConfigureAwait(false);
        IDeploymentNode[] added = [.. _deployment.Nodes.Where(node => !_nodes.Contains(node.Name))];
        await EachAsync(added.Select(node => _deployment.RemoveNodeAsync(node.Name)), problems).ConfigureAwait(false);
        IDeploymentNode[] gone = [.. _deployment.Nodes.Where(node => node.IsLeaving || node.ProcessId == 0)];
        await EachAsync(gone.Select(node => StartAgainAsync(node, cancellationToken)), problems).ConfigureAwait(false);
        await EachAsync(_deployment.Regions.Select(region => _deployment.SetMemoryLimitAsync(region, _memoryLimitBytes, cancellationToken)), problems).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (problems.Count > 0)
        {
            throw new ProcessException(string.Join("; ", problems));
        }
    }

    private async Task StartAgainAsync(IDeploymentNode node, CancellationToken cancellationToken)
    {
        await _deployment.KillAsync(node.Name).ConfigureAwait(false);
        await _deployment.RestartAsync(node.Name, cancellationToken).ConfigureAwait(false);
    }

    private static async Task EachAsync(IEnumerable<Task> parts, List<string> problems)
    {
        foreach (Task part in parts.ToList())
        {
            try
            {
                await part.ConfigureAwait(false);
            }
            catch (Exception problem) when (problem is ProcessException or InvalidOperationException or ArgumentException or IOException or OperationCanceledException)
            {
                problems.Add(problem.Message);
            }
        }
    }
}
