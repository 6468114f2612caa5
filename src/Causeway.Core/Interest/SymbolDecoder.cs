namespace Causeway.Core.Interest;

/// <summary>Finds the entries that two sketches differ in, from the difference of their symbols. Its memory is fixed.</summary>
internal sealed class SymbolDecoder
{
    public const int MemoryBytes = InterestWire.MostSymbols * (16 + 8 + 4);

    private readonly CodedSymbol[] _work = new CodedSymbol[InterestWire.MostSymbols];
    private readonly ulong[] _found = new ulong[InterestWire.MostSymbols];
    private readonly Stack<int> _pure = new(InterestWire.MostSymbols);
    private int _count;

    /// <summary>The entries in one set and not in the other, after a success.</summary>
    public ReadOnlySpan<ulong> Found => _found.AsSpan(0, _count);

    /// <summary>
    /// Peels the first symbols of a difference; false if more of them are needed. <paramref name="prefix"/> and
    /// <paramref name="keyBits"/> tell the bits that all entries of the range share, which the symbols do not have.
    /// </summary>
    public bool TryDecode(ReadOnlySpan<CodedSymbol> difference, ulong prefix, int keyBits)
    {
        Span<CodedSymbol> work = _work.AsSpan(0, difference.Length);
        difference.CopyTo(work);
        _count = 0;
        _pure.Clear();
        for (int i = 0; i < work.Length; i++)
        {
            if (IsPure(work[i], i, prefix, keyBits))
            {
                _pure.Push(i);
            }
        }

        while (_pure.TryPop(out int i))
        {
            if (!IsPure(work[i], i, prefix, keyBits))
            {
                continue;
            }

            // False checks could go round in circles; true ones can't yield more entries than there are symbols.
            if (_count == work.Length)
            {
                return false;
            }

            Peel(work, prefix | work[i].Key, prefix, keyBits);
        }

        foreach (ref CodedSymbol symbol in work)
        {
            if (symbol.Key != 0 || symbol.Check != 0)
            {
                return false;
            }
        }

        return true;
    }

    private void Peel(Span<CodedSymbol> work, ulong fingerprint, ulong prefix, int keyBits)
    {
        _found[_count++] = fingerprint;
        uint check = SymbolMapping.CheckOf(fingerprint);
        for (SymbolMapping at = new(fingerprint); at.Index < work.Length; at.Next())
        {
            ref CodedSymbol symbol = ref work[at.Index];
            symbol.Key ^= fingerprint ^ prefix;
            symbol.Check ^= check;
            if (_pure.Count < InterestWire.MostSymbols && IsPure(symbol, at.Index, prefix, keyBits))
            {
                _pure.Push(at.Index);
            }
        }
    }

    /// <summary>True if the symbol holds one entry: the check fits, and that entry is part of this symbol.</summary>
    private static bool IsPure(CodedSymbol symbol, int index, ulong prefix, int keyBits)
    {
        ulong fingerprint = prefix | symbol.Key;
        if (symbol.Key >> keyBits != 0 || (symbol.Key | symbol.Check) == 0 || SymbolMapping.CheckOf(fingerprint) != symbol.Check)
        {
            return false;
        }

        SymbolMapping at = new(fingerprint);
        while (at.Index < index)
        {
            at.Next();
        }

        return at.Index == index;
    }
}
