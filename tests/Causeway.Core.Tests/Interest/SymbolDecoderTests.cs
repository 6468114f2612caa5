using Causeway.Core.Interest;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Interest;

public sealed class SymbolDecoderTests
{
    private const ulong From = 5UL << 35;
    private const ulong To = 6UL << 35;

    [Fact]
    public void Differences_come_out_of_enough_symbols() => Gen.Select(Gen.Int[0, 1200], Gen.Int[0, 2000], Gen.Int[0, 1_000_000]).Sample((only, common, seed) =>
    {
        ulong[] literals = Literals(only + common, seed);
        (CodedSymbol[] difference, int keyBits) = Difference(literals[..(only / 2)], literals[(only / 2)..only], literals[only..]);
        SymbolDecoder decoder = new();
        int enough = Enumerable.Range(7, 300).Select(i => Math.Min(InterestWire.MostSymbols, (int)(i * i * 0.025))).First(symbols =>
            decoder.TryDecode(difference.AsSpan(0, symbols), SymbolBlock.Prefix(From, To), keyBits));
        Assert.Equal(literals[..only].Order(), decoder.Found.ToArray().Order());
        Assert.InRange(enough, 0, 20 + (only * 2));
    }, iter: 100);

    [Theory]
    [InlineData(3000)]
    [InlineData(40_000)]
    public void Too_many_differences_are_refused(int only)
    {
        (CodedSymbol[] difference, int keyBits) = Difference(Literals(only, 3), [], []);
        Assert.False(new SymbolDecoder().TryDecode(difference, SymbolBlock.Prefix(From, To), keyBits));
    }

    [Fact]
    public void Any_symbols_are_decoded_or_refused() => Gen.Byte.Array[0, 2000].Sample(bytes =>
    {
        int keyBits = SymbolBlock.KeyBits(From, To);
        CodedSymbol[] symbols = new CodedSymbol[bytes.Length * 8 / (keyBits + SymbolSketch.CheckBits)];
        SymbolBlock.Subtract(bytes, keyBits, symbols);
        SymbolDecoder decoder = new();
        decoder.TryDecode(symbols, SymbolBlock.Prefix(From, To), keyBits);
        Assert.InRange(decoder.Found.Length, 0, symbols.Length);
    });

    [Fact]
    public void Symbols_hold_the_shares_that_the_paper_gives()
    {
        int[] members = new int[1000];
        for (int i = 0; i < 20_000; i++)
        {
            for (SymbolMapping at = new(TestInterest.Literal(i)); at.Index < members.Length; at.Next())
            {
                members[at.Index]++;
            }
        }

        Assert.Equal(20_000, members[0]);
        foreach (int index in (int[])[1, 2, 10, 50, 200])
        {
            double share = members.AsSpan(index, 1 + (index / 10)).ToArray().Average() / 20_000;
            Assert.InRange(share * (1 + ((index + (index / 20.0)) / 2)), 0.85, 1.15);
        }
    }

    private static ulong[] Literals(int count, int seed)
    {
        Random random = new(seed);
        HashSet<ulong> literals = [];
        while (literals.Count < count)
        {
            literals.Add(From + (ulong)random.NextInt64((long)(To - From)));
        }

        return [.. literals];
    }

    /// <summary>Symbols of one set as they cross a link, subtracted from those of the other.</summary>
    private static (CodedSymbol[] Difference, int KeyBits) Difference(ulong[] onlyFirst, ulong[] onlySecond, ulong[] common)
    {
        CodedSymbol[] first = new CodedSymbol[InterestWire.MostSymbols];
        CodedSymbol[] second = new CodedSymbol[InterestWire.MostSymbols];
        foreach (ulong literal in onlyFirst.Concat(common))
        {
            SymbolSketch.Toggle(first, literal);
        }

        foreach (ulong literal in onlySecond.Concat(common))
        {
            SymbolSketch.Toggle(second, literal);
        }

        int keyBits = SymbolBlock.KeyBits(From, To);
        byte[] wire = new byte[SymbolBlock.BytesFor(first.Length, keyBits)];
        SymbolBlock.Write(first, keyBits, wire);
        SymbolBlock.Subtract(wire, keyBits, second);
        return (second, keyBits);
    }
}
