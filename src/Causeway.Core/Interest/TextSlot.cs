namespace Causeway.Core.Interest;

/// <summary>A text with its place.</summary>
internal struct TextSlot(InterestText text, ulong position) : IInterestSlot
{
    public static uint MostReferences => uint.MaxValue;

    public InterestText Text { get; } = text;

    // A text's place is its first bit and 63 of hash.
    public ulong Key { get; } = position << 1;

    public readonly ulong Position => InterestPosition.TextStart | (Key >> 1);

    public uint References { readonly get; set; }

    public ulong Stamp { readonly get; set; }
}
