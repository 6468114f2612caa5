using System.Text;

namespace Causeway.Client.Rpc;

/// <summary>How much a server is wanted for a call. The highest takes it; below zero, or not a number, it may not, nor where
/// the function throws. Called by the connection's reader: it must be quick.</summary>
/// <param name="key">The key that the caller gave to <see cref="RpcTarget.Best"/>; empty for none.</param>
/// <param name="candidate">The server.</param>
public delegate double RpcAffinity(string key, RpcCandidate candidate);

/// <summary>The usual affinities.</summary>
public static class RpcAffinities
{
    /// <summary>The server with the least load.</summary>
    public static RpcAffinity LeastLoaded { get; } = (_, candidate) => 1 / (1 + candidate.Load);

    /// <summary>
    /// The same server for a key as long as it is there, each for its share of the keys (rendezvous hashing): servers that see the same
    /// others choose the same.
    /// </summary>
    public static RpcAffinity ByKey { get; } = (key, candidate) => Hash($"{candidate.Address} {key}") / (double)uint.MaxValue;

    private static uint Hash(string text)
    {
        // FNV-1a with a finish that spreads what differs in the last characters only.
        uint hash = 2166136261;
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ b) * 16777619;
        }

        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }
}
