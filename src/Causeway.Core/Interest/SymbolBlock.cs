using System.Numerics;

namespace Causeway.Core.Interest;

/// <summary>The bits of coded symbols on the wire: keys without what the range's entries share, then checks.</summary>
internal static class SymbolBlock
{
    /// <summary>Bits of a key in a range: those after the first that all its entries share.</summary>
    public static int KeyBits(ulong from, ulong to) => 64 - BitOperations.LeadingZeroCount(from ^ (to - 1));

    /// <summary>The bits that all entries of a range share.</summary>
    public static ulong Prefix(ulong from, ulong to) => from & ~((1UL << KeyBits(from, to)) - 1);

    /// <summary>Bytes of <paramref name="count"/> symbols.</summary>
    public static int BytesFor(int count, int keyBits) => (int)(((long)count * (keyBits + SymbolSketch.CheckBits) + 7) / 8);

    public static void Write(ReadOnlySpan<CodedSymbol> symbols, int keyBits, Span<byte> destination)
    {
        BitWriter bits = new(destination);
        foreach (CodedSymbol symbol in symbols)
        {
            bits.Write(symbol.Key, keyBits);
            bits.Write(symbol.Check, SymbolSketch.CheckBits);
        }
    }

    /// <summary>
    /// Subtracts the symbols in <paramref name="source"/> from <paramref name="own"/>, which leaves those of the difference, without
    /// the bits that all entries share.
    /// </summary>
    public static void Subtract(ReadOnlySpan<byte> source, int keyBits, Span<CodedSymbol> own)
    {
        BitReader bits = new(source);
        ulong mask = (1UL << keyBits) - 1;
        foreach (ref CodedSymbol symbol in own)
        {
            symbol.Key = (symbol.Key & mask) ^ bits.Read(keyBits);
            symbol.Check ^= (uint)bits.Read(SymbolSketch.CheckBits);
        }
    }
}
