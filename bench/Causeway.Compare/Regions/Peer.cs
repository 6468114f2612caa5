using System.Text;

namespace Causeway.Compare.Regions;

/// <summary>A server that runs as nodes of regions: how a planned node is started, and what its monitoring tells of interest.</summary>
internal abstract class Peer(string name)
{
    public string Name { get; } = name;

    /// <summary>The port that links from other regions lead to.</summary>
    public abstract int LinkPort(NodePlan plan);

    /// <summary>Whether a region dials only where the other doesn't: one connection then carries both ways.</summary>
    public abstract bool OneSideDials { get; }

    public abstract IReadOnlyList<string> Command(NodePlan plan, string folder);

    /// <summary>Where monitoring tells what a node knows of the others, or null where nothing tells.</summary>
    public abstract string InterestPath { get; }

    /// <summary>
    /// Whether that page says the node knows so much of the other region, or null where it doesn't say: what arrives then counts alone.
    /// </summary>
    public abstract bool? IsSynced(string page, long subscriptions);

    protected static string Write(string folder, string file, string text)
    {
        string path = Path.Combine(folder, file);
        File.WriteAllText(path, text, Encoding.ASCII);
        return path;
    }
}
