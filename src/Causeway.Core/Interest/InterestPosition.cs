namespace Causeway.Core.Interest;

/// <summary>
/// The order of all interest, in which tables are walked and blocks are sent: literals by fingerprint, then texts by their hash.
/// </summary>
public static class InterestPosition
{
    /// <summary>Behind the last literal.</summary>
    public const ulong LiteralEnd = 1UL << FingerprintKey.Bits;

    /// <summary>Where texts begin.</summary>
    public const ulong TextStart = 1UL << 63;

    /// <summary>Behind everything.</summary>
    public const ulong End = ulong.MaxValue;

    // Tables find entries by the first bits of a 64-bit key; a fingerprint has its bits at the bottom.
    internal const int LiteralShift = 64 - FingerprintKey.Bits;

    /// <summary>The place of a text with the hash <paramref name="textHash"/>.</summary>
    public static ulong OfText(ulong textHash) => TextStart | Math.Min(textHash >> 1, (End >> 1) - 1);

    /// <summary>True if nothing can be between the two places.</summary>
    internal static bool IsSame(ulong a, ulong b) => Normal(a) == Normal(b);

    /// <summary>The place from which entries at or behind <paramref name="position"/> are found: no literal's end but the texts' start.</summary>
    internal static ulong Normal(ulong position) => position is >= LiteralEnd and < TextStart ? TextStart : position;
}
