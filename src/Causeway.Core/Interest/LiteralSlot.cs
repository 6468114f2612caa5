namespace Causeway.Core.Interest;

/// <summary>A literal in 16 bytes: 40 bits of fingerprint, 24 of references, and the stamp.</summary>
internal struct LiteralSlot(ulong fingerprint) : IInterestSlot
{
    private const ulong ReferenceMask = (1UL << InterestPosition.LiteralShift) - 1;

    private ulong _word = fingerprint << InterestPosition.LiteralShift;

    public static uint MostReferences => (uint)ReferenceMask;

    public readonly ulong Fingerprint => _word >> InterestPosition.LiteralShift;

    public readonly ulong Key => _word & ~ReferenceMask;

    public uint References
    {
        readonly get => (uint)(_word & ReferenceMask);
        set => _word = Key | value;
    }

    public ulong Stamp { readonly get; set; }
}
