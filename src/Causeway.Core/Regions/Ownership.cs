using System.Text;

namespace Causeway.Core.Regions;

/// <summary>
/// Which node of a region holds the link to another region, by rendezvous hashing (Thaler and Ravishankar, 1998): every node reckons the
/// same from the same members, and a node's coming or going moves only what is its own.
/// </summary>
public static class Ownership
{
    /// <summary>The weight of <paramref name="node"/> for <paramref name="region"/>: the node with the largest is the owner.</summary>
    public static ulong Weight(ulong node, string region)
    {
        ulong hash = Mix(node ^ 0x9E3779B97F4A7C15);
        foreach (byte value in Encoding.UTF8.GetBytes(region))
        {
            hash = Mix(hash ^ value);
        }

        return hash;
    }

    /// <summary>The owner among <paramref name="nodes"/>, which must not be empty.</summary>
    public static ulong Owner(IEnumerable<ulong> nodes, string region) => nodes.MaxBy(node => Weight(node, region));

    // The finalizer of SplitMix64.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
