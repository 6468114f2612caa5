using Causeway.Drill.Deployments;
using Causeway.Drill.Load;
using Causeway.Drill.Scripts;
using Causeway.Shaper;

namespace Causeway.Drill.Engine;

/// <summary>Does what planned actions ask, to a deployment and its load.</summary>
internal sealed class ActionShell(IDeployment deployment, ILoad load)
{
    /// <summary>Does one. Gives what there is to say when it is done; null for nothing.</summary>
    /// <exception cref="NotSupportedException">This bus has no way for it; nothing was done.</exception>
    /// <exception cref="InvalidOperationException">It could not be done.</exception>
    public async Task<string?> DoAsync(StepAction action, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case SetLoad set:
                await load.SetAsync(set.Region, set.Level, cancellationToken);
                return null;
            case KillNode kill:
                return await KillAsync(Find(kill.Node));
            case KillRegion kill:
                await Task.WhenAll(Living(kill.Region).Select(node => deployment.KillAsync(node.Name)));
                return null;
            case RestartNode restart:
                return await RestartAsync([Find(restart.Node)], cancellationToken);
            case RestartRegion restart:
                return await RestartAsync([.. InRegion(restart.Region).Where(node => node.ProcessId == 0)], cancellationToken);
            case DrainNode drain when Find(drain.Node) is var node:
                await deployment.DrainNodeAsync(node.Name, cancellationToken);
                return $"{node.Name} has left";
            case AddNode add:
                return $"{await deployment.AddNodeAsync(add.Region, cancellationToken)} has joined {add.Region}";
            case DrainRegion drain:
                await deployment.DrainRegionAsync(drain.Region, cancellationToken);
                return $"{drain.Region} drains";
            case SetMemoryLimit limit:
                return await SetLimitAsync(limit, cancellationToken);
            default:
                DoAtOnce(action);
                return null;
        }
    }

    /// <summary>Does what concerns links and takes no time.</summary>
    public void DoAtOnce(StepAction action)
    {
        switch (action)
        {
            case ShapeLink shape:
                Shape(shape.Link, shape.Conditions);
                break;
            case StallLink stall:
                deployment.Stall(stall.Link.One, stall.Link.Other);
                break;
            case UnstallLink unstall:
                deployment.Unstall(unstall.Link.One, unstall.Link.Other);
                break;
            case CutLink cut:
                deployment.Cut(cut.Link.One, cut.Link.Other);
                break;
            default:
                throw new NotSupportedException($"{action.GetType().Name} is no action on a link");
        }
    }

    /// <summary>Gives a link its conditions: one way of it, or both.</summary>
    public void Shape(LinkChoice link, LinkConditions conditions)
    {
        deployment.Shape(link.One, link.Other, conditions);
        if (!link.IsOneWay)
        {
            deployment.Shape(link.Other, link.One, conditions);
        }
    }

    private IEnumerable<IDeploymentNode> InRegion(string region) => deployment.Nodes.Where(node => node.Region == region);

    private IEnumerable<IDeploymentNode> Living(string region) => InRegion(region).Where(node => node.ProcessId != 0);

    private IDeploymentNode Find(NodeChoice choice)
    {
        IDeploymentNode[] nodes = [.. InRegion(choice.Region)];
        int number = choice.Number ?? 1;
        return number <= nodes.Length
            ? nodes[number - 1]
            : throw new InvalidOperationException($"{choice.Region} has {nodes.Length} nodes, and no number {number}");
    }

    private async Task<string?> KillAsync(IDeploymentNode node)
    {
        if (node.ProcessId == 0)
        {
            return $"{node.Name} was dead already";
        }

        await deployment.KillAsync(node.Name);
        return null;
    }

    private async Task<string?> RestartAsync(IReadOnlyList<IDeploymentNode> nodes, CancellationToken cancellationToken)
    {
        IDeploymentNode[] dead = [.. nodes.Where(node => node.ProcessId == 0)];
        if (dead.Length == 0)
        {
            return "nothing was dead";
        }

        await Task.WhenAll(dead.Select(node => deployment.RestartAsync(node.Name, cancellationToken)));
        return $"{string.Join(" and ", dead.Select(node => node.Name))} {(dead.Length == 1 ? "is" : "are")} back";
    }

    private async Task<string?> SetLimitAsync(SetMemoryLimit limit, CancellationToken cancellationToken)
    {
        int[] before = [.. Living(limit.Region).Select(node => node.ProcessId)];
        if (!await deployment.SetMemoryLimitAsync(limit.Region, limit.Bytes, cancellationToken))
        {
            throw new NotSupportedException($"{deployment.Bus} can't change the memory limit of {limit.Region} without a restart");
        }

        int[] after = [.. Living(limit.Region).Select(node => node.ProcessId)];
        return $"{limit.Region} has {ScriptText.Bytes(limit.Bytes)} a node{(after.SequenceEqual(before) ? ", in the same processes" : "")}";
    }
}
