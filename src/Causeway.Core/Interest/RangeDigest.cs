namespace Causeway.Core.Interest;

/// <summary>What tells whether two ends hold the same entries in a range: their number and the sum, without carries, of their mixes.</summary>
public record struct RangeDigest(long Count, ulong Mix)
{
    /// <summary>Takes an entry in.</summary>
    public void Add(ulong position)
    {
        Count++;
        Mix ^= MixOf(position);
    }

    /// <summary>Takes an entry out.</summary>
    public void Remove(ulong position)
    {
        Count--;
        Mix ^= MixOf(position);
    }

    /// <summary>A position spread over 64 bits (the finalizer of SplitMix64, Steele et al., 2014).</summary>
    internal static ulong MixOf(ulong position)
    {
        ulong mix = position + 0x9E3779B97F4A7C15;
        mix = (mix ^ (mix >> 30)) * 0xBF58476D1CE4E5B9;
        mix = (mix ^ (mix >> 27)) * 0x94D049BB133111EB;
        return mix ^ (mix >> 31);
    }
}
