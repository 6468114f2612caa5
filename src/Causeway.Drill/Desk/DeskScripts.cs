using Causeway.Drill.Deployments;
using Causeway.Drill.Load;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Desk;

/// <summary>Which drills a deployment that runs already can take, and how they are fitted to it.</summary>
internal static class DeskScripts
{
    /// <summary>Scripts of up to this length go by their own clock, so that people can follow; longer ones as fast as they say.</summary>
    public static readonly TimeSpan FollowableMost = TimeSpan.FromMinutes(5);

    private const string KillText = """
        # A node dies, and its supervisor starts it again. Clients turn to the nodes that are left.
        name: node-kill
        description: Node {node} is killed and started again ten seconds later
        lasts: 40s
        regions: [{regions}]
        nodes: 1
        memory-limit: 256MiB
        steps:
          - at: 5s
            kill: {node}
          - at: 15s
            restart: {node}
        expect:
          - no-deaths
          - memory-within-budget
          - local-lost: 0
          - clients-back-within: 20s
          - converged-within: 15s
        """;

    private const string StallText = """
        # Bytes are taken and none come out. Nobody inside a region may notice.
        name: link-stall
        description: The link between {one} and {other} stands still for twenty seconds
        lasts: 40s
        regions: [{regions}]
        nodes: 1
        memory-limit: 256MiB
        steps:
          - at: 5s
            stall: [{one}, {other}]
          - at: 25s
            unstall: [{one}, {other}]
        expect:
          - no-deaths
          - memory-within-budget
          - local-lost: 0
          - no-disorder
          - converged-within: 15s
        """;

    /// <summary>
    /// The drills for <paramref name="deployment"/>: two short ones that disturb nothing but a node or a link, and those of
    /// <paramref name="scripts"/> whose regions and nodes it has.
    /// </summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="scripts">Scripts as they are read; of two with the same name the later one.</param>
    /// <param name="memoryLimitBytes">The memory limit of the deployment's nodes, which they keep.</param>
    /// <param name="usual">What clients of each region do in the short ones.</param>
    public static IReadOnlyList<DrillScript> For(IDeployment deployment, IEnumerable<DrillScript> scripts, long memoryLimitBytes, LoadLevel usual)
    {
        int nodes = deployment.Regions.Min(region => deployment.Nodes.Count(node => node.Region == region));
        IEnumerable<DrillScript> fitting = Short(deployment).Select(script => script with { Load = deployment.Regions.ToDictionary(region => region, _ => usual) })
            .Concat(scripts.Where(script => Misfit(script, deployment.Regions, nodes) is null));
        return [.. fitting.GroupBy(script => script.Name).Select(same => Fit(same.Last(), deployment, memoryLimitBytes))];
    }

    /// <summary>Why a script can't be run on a deployment of <paramref name="regions"/> with so many nodes each; null if it can.</summary>
    public static string? Misfit(DrillScript script, IReadOnlyList<string> regions, int nodesPerRegion)
    {
        if (script.Regions.FirstOrDefault(region => !regions.Contains(region)) is { } unknown)
        {
            return $"there is no region '{unknown}'; regions are {string.Join(", ", regions)}";
        }

        return script.NodesPerRegion > nodesPerRegion ? $"it needs {script.NodesPerRegion} nodes in each region; there are {nodesPerRegion}" : null;
    }

    /// <summary>Regions that a script does not know have no load; its memory limit at the start is the deployment's.</summary>
    private static DrillScript Fit(DrillScript script, IDeployment deployment, long memoryLimitBytes) => script with
    {
        Regions = deployment.Regions,
        MemoryLimitBytes = memoryLimitBytes,
        TimeScale = script.Lasts <= FollowableMost ? 1 : script.TimeScale,
    };

    private static IEnumerable<DrillScript> Short(IDeployment deployment)
    {
        yield return Read(KillText, deployment);
        if (deployment.Regions.Count > 1)
        {
            yield return Read(StallText, deployment);
        }
    }

    private static DrillScript Read(string text, IDeployment deployment)
    {
        string one = deployment.Regions[0];
        string filled = text
            .Replace("{regions}", string.Join(", ", deployment.Regions), StringComparison.Ordinal)
            .Replace("{node}", $"{one}/1", StringComparison.Ordinal)
            .Replace("{one}", one, StringComparison.Ordinal)
            .Replace("{other}", deployment.Regions[^1], StringComparison.Ordinal);
        return ScriptReader.Read("drill.yaml", filled);
    }
}
