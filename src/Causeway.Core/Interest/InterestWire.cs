namespace Causeway.Core.Interest;

/// <summary>What both ends of a sync know of each other's frames.</summary>
public static class InterestWire
{
    /// <summary>Most bytes of a frame's payload.</summary>
    public const int MaxBlockBytes = 8192;

    /// <summary>Most bytes of a state or a reply.</summary>
    public const int MaxReplyBytes = 64;

    /// <summary>Most literals of a block.</summary>
    public const int MostLiterals = 2048;

    /// <summary>Most texts of a block.</summary>
    public const int MostTexts = 256;

    /// <summary>Most coded symbols of a range; where more would be needed, the range is listed.</summary>
    public const int MostSymbols = 2048;

    /// <summary>Most ranges that are being compared at a time.</summary>
    public const int MostRanges = 4;

    /// <summary>The version of what is said here; others are refused.</summary>
    public const byte Version = 1;
}
