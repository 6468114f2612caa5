namespace Causeway.Core.Interest;

/// <summary>A text that a walk found, or that a block tells.</summary>
internal readonly record struct TextEntry(InterestText Text, ulong Position, bool Present);
