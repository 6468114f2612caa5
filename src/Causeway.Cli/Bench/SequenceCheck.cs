namespace Causeway.Cli.Bench;

/// <summary>
/// Checks that a subscriber gets each publisher's messages in order and without a gap. A stamp is the publisher's number (16 bits)
/// and the message's sequence within that publisher (48 bits), big-endian, at the start of the payload.
/// </summary>
internal sealed class SequenceCheck(int publishers)
{
    public const int StampBytes = sizeof(ulong);
    public const int MaxPublishers = 1 << 16;

    private const int SequenceBits = 48;

    private readonly long[] _next = new long[publishers];

    public static ulong Stamp(int publisher, long sequence) => ((ulong)publisher << SequenceBits) | (ulong)sequence;

    /// <summary>Returns what is wrong with the next message, or null.</summary>
    public string? Observe(ulong stamp)
    {
        int publisher = (int)(stamp >> SequenceBits);
        long sequence = (long)(stamp & ((1UL << SequenceBits) - 1));
        if (publisher >= _next.Length)
        {
            return $"a message of publisher {publisher}, which does not exist";
        }

        long expected = _next[publisher];
        _next[publisher] = sequence + 1;
        return sequence == expected ? null : $"message {sequence} of publisher {publisher} came where {expected} was expected";
    }
}
