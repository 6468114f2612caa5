using System.Text;
using Causeway.Core.Links;

namespace Causeway.Core.Regions;

/// <summary>
/// How other nodes of the region and other regions are reached, for the routing of messages. The mesh sets it; any thread reads.
/// </summary>
public sealed class RegionDirectory
{
    private Snapshot _now = new([], [], []);
    private long _unreached;

    /// <summary>Creates the directory of <paramref name="self"/>.</summary>
    public RegionDirectory(NodeCard self)
    {
        NodeId = self.Id;
        RegionBytes = Encoding.UTF8.GetBytes(self.Region);
        ReturnPath = new ReturnPath(self);
    }

    /// <summary>This node.</summary>
    public ulong NodeId { get; }

    /// <summary>The own region's name in UTF-8.</summary>
    public byte[] RegionBytes { get; }

    /// <summary>The way back to this node.</summary>
    public ReturnPath ReturnPath { get; }

    /// <summary>
    /// Messages that were not sent to a node or region that wants them, as no link led there at that moment: once for each node and region.
    /// </summary>
    public long Unreached => Volatile.Read(ref _unreached);

    /// <summary>The node of the own region with the number <paramref name="id"/>, if it can be reached.</summary>
    public InterestSource? FindNode(ulong id)
    {
        foreach (InterestSource node in Volatile.Read(ref _now).Nodes)
        {
            if (node.Carrier == id)
            {
                return node;
            }
        }

        return null;
    }

    /// <summary>How <paramref name="region"/> is reached; with <paramref name="ownOnly"/> by this node's own link only.</summary>
    public InterestSource? FindRegion(ReadOnlySpan<byte> region, bool ownOnly)
    {
        Snapshot now = Volatile.Read(ref _now);
        foreach (InterestSource source in ownOnly ? now.OwnRegions : now.Regions)
        {
            if (region.SequenceEqual(source.RegionBytes))
            {
                return source;
            }
        }

        return null;
    }

    /// <summary>Sets how all are reached: nodes, regions by their chosen carriers, and regions that this node has a link to.</summary>
    public void Set(InterestSource[] nodes, InterestSource[] regions, InterestSource[] ownRegions) =>
        Volatile.Write(ref _now, new Snapshot(nodes, regions, ownRegions));

    internal void CountUnreached(int places)
    {
        if (places > 0)
        {
            Interlocked.Add(ref _unreached, places);
        }
    }

    private sealed record Snapshot(InterestSource[] Nodes, InterestSource[] Regions, InterestSource[] OwnRegions);
}
