namespace Causeway.Core.Interest;

/// <summary>What a sender has done so far.</summary>
public record struct SenderCounters
{
    /// <summary>Blocks of changes.</summary>
    public long DeltaBlocks { get; set; }

    /// <summary>Bytes of blocks of changed literals.</summary>
    public long DeltaBytes { get; set; }

    /// <summary>Blocks that list a range.</summary>
    public long FullBlocks { get; set; }

    /// <summary>Bytes of blocks that list literals.</summary>
    public long FullBytes { get; set; }

    /// <summary>Bytes of blocks of texts, both kinds.</summary>
    public long TextBytes { get; set; }

    /// <summary>Bytes of digests and coded symbols.</summary>
    public long SymbolBytes { get; set; }

    /// <summary>Coded symbols.</summary>
    public long Symbols { get; set; }

    /// <summary>All bytes, with what begins and ends rounds.</summary>
    public long Bytes { get; set; }

    /// <summary>Rounds that told changes.</summary>
    public long DeltaRounds { get; set; }

    /// <summary>Rounds of changes that waited, since <see cref="InterestSender.MostDeltaRoundsUnderWay"/> were on their way.</summary>
    public long DeltaRoundsHeld { get; set; }

    /// <summary>Rounds that told everything.</summary>
    public long FullRounds { get; set; }

    /// <summary>Rounds that went on where a cut had left them.</summary>
    public long Resumes { get; set; }

    /// <summary>Full rounds that compared with what the receiver had.</summary>
    public long Reconciliations { get; set; }

    /// <summary>Entries that comparing ranges of literals found different.</summary>
    public long Differences { get; set; }

    /// <summary>Ranges that were compared and found or made the same.</summary>
    public long RangesSettled { get; set; }

    /// <summary>Ranges that had to be listed although they were to be compared.</summary>
    public long RangesListed { get; set; }
}
