namespace Causeway.Drill.Engine;

/// <summary>Whether all regions know of each other what they want.</summary>
internal static class Convergence
{
    /// <summary>True if the bus tells how far it is: no living node says that it can't.</summary>
    public static bool IsTold(DrillSample sample) => sample.Nodes.Count > 0 && sample.Nodes.All(node => node.LinkLagEntries >= 0);

    /// <summary>True if every region has a node that answers, all living nodes answer, and none of them is behind with any link.</summary>
    public static bool IsReached(DrillSample sample, IReadOnlyList<string> regions)
    {
        HashSet<string> answered = [.. sample.Nodes.Select(node => node.Node)];
        NodeProcess[] living = [.. sample.Processes.Where(process => process.ProcessId != 0)];
        return IsTold(sample)
            && living.All(process => answered.Contains(process.Node))
            && regions.All(region => living.Any(process => process.Region == region))
            && sample.Nodes.All(node => node.LinkLagEntries == 0);
    }
}
