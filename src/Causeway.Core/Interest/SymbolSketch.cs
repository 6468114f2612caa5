namespace Causeway.Core.Interest;

/// <summary>The sum, without carries, of some entries' fingerprints and of their checks.</summary>
internal struct CodedSymbol
{
    public ulong Key;
    public uint Check;
}

/// <summary>
/// The coded symbols of all literals in a range, a fixed number of them, and the range's digest. Symbols carry no count: whether a
/// fingerprint that comes out is to be added or removed, the receiver sees in its own table.
/// </summary>
internal sealed class SymbolSketch
{
    /// <summary>Bits of a check; a digest guards the whole, so that a false one costs a listing and nothing else.</summary>
    public const int CheckBits = 24;

    public const uint CheckMask = (1u << CheckBits) - 1;

    public const int MemoryBytes = (InterestWire.MostSymbols * 16) + 64;

    private RangeDigest _digest;

    public CodedSymbol[] Symbols { get; } = new CodedSymbol[InterestWire.MostSymbols];

    public RangeDigest Digest => _digest;

    /// <summary>Makes this the sketch of what <paramref name="table"/> holds in a range now.</summary>
    public void Fill(InterestTable table, ulong from, ulong to)
    {
        Array.Clear(Symbols);
        _digest = default;
        Span<ulong> literals = stackalloc ulong[256];
        while (from < to)
        {
            foreach (ulong literal in literals[..table.WalkLiterals(ref from, to, null, literals)])
            {
                _digest.Add(literal >> 1);
                Toggle(Symbols, literal >> 1);
            }
        }
    }

    /// <summary>Puts an entry into the symbols that it is part of, or takes it out.</summary>
    public static void Toggle(Span<CodedSymbol> symbols, ulong fingerprint)
    {
        uint check = SymbolMapping.CheckOf(fingerprint);
        for (SymbolMapping at = new(fingerprint); at.Index < symbols.Length; at.Next())
        {
            symbols[at.Index].Key ^= fingerprint;
            symbols[at.Index].Check ^= check;
        }
    }
}
