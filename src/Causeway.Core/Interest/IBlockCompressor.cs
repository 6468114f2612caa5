namespace Causeway.Core.Interest;

/// <summary>
/// A compression that the link layer brings along for the texts of blocks; fingerprints have nothing to compress. Must be the same at
/// both ends.
/// </summary>
public interface IBlockCompressor
{
    /// <summary>Compresses and returns the length, or 0 if it does not fit into <paramref name="destination"/>.</summary>
    int TryCompress(ReadOnlySpan<byte> source, Span<byte> destination);

    /// <summary>
    /// Decompresses and returns the length, or 0 if <paramref name="source"/> is malformed or does not fit into <paramref name="destination"/>.
    /// Never throws.
    /// </summary>
    int TryDecompress(ReadOnlySpan<byte> source, Span<byte> destination);
}
