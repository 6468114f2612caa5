namespace Causeway.Core.Interest;

/// <summary>The first byte of what a sender writes.</summary>
internal enum FrameKind : byte
{
    /// <summary>A round begins: what it is relative to, what it leads to, and where it begins or goes on.</summary>
    Begin = 1,

    /// <summary>Changes of literals in a range.</summary>
    LiteralChanges = 2,

    /// <summary>All literals of a range.</summary>
    Literals = 3,

    /// <summary>Changes of texts in a range.</summary>
    TextChanges = 4,

    /// <summary>All texts of a range.</summary>
    Texts = 5,

    /// <summary>The digest and coded symbols of a range.</summary>
    Symbols = 6,

    /// <summary>The round is complete.</summary>
    End = 7,
}
