namespace Causeway.Core.Interest;

/// <summary>A range that two ends compare, at either of them.</summary>
internal sealed class RangeSlot
{
    public ulong From { get; set; }

    public ulong To { get; set; }

    public RangeStage Stage { get; set; }

    /// <summary>Symbols told so far.</summary>
    public int Told { get; set; }

    /// <summary>Symbols from which listing the range is cheaper, or the most there are.</summary>
    public int MostSymbols { get; set; }

    /// <summary>What the range held, at this end, when comparing began.</summary>
    public RangeDigest Digest { get; set; }

    /// <summary>What the range holds at the other end.</summary>
    public RangeDigest OtherDigest { get; set; }

    /// <summary>Entries that were found different.</summary>
    public int Differences { get; set; }

    public SymbolSketch Sketch { get; } = new();

    /// <summary>What the receiver says of the range.</summary>
    public ReplyKind Verdict { get; set; }

    public bool IsText => From >= InterestPosition.TextStart;

    /// <summary>Begins with another range and what <paramref name="table"/> holds there.</summary>
    public void Open(InterestTable table, ulong from, ulong to)
    {
        From = from;
        To = to;
        Told = 0;
        MostSymbols = InterestWire.MostSymbols;
        Differences = 0;
        OtherDigest = default;
        if (IsText)
        {
            Digest = table.DigestOf(from, to);
            return;
        }

        Sketch.Fill(table, from, to);
        Digest = Sketch.Digest;
    }
}
