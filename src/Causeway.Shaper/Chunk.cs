namespace Causeway.Shaper;

/// <summary>Bytes under way, or behind all bytes how the sender has ended.</summary>
/// <param name="Buffer">A pooled buffer, or null for an end.</param>
/// <param name="Length">How many of its bytes.</param>
/// <param name="Arrival">The timestamp at which they arrive.</param>
/// <param name="Reset">An end that is a reset.</param>
internal readonly record struct Chunk(byte[]? Buffer, int Length, long Arrival, bool Reset);
