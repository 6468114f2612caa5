namespace Causeway.Core.Interest;

/// <summary>
/// The coded symbols that an entry is part of: the first, and further ones at growing distances, so that symbol i holds a share of
/// 1 / (1 + i / 2) of all entries (Yang, Gilad, Alizadeh, Practical Rateless Set Reconciliation, SIGCOMM 2024).
/// </summary>
internal struct SymbolMapping(ulong fingerprint)
{
    private const ulong Step = 0xda942042e4dd58b5;
    private const double TwoTo32 = 4294967296.0;

    // A zero would stay zero for ever.
    private ulong _random = RangeDigest.MixOf(~fingerprint) | 1;

    /// <summary>The symbol.</summary>
    public int Index { get; private set; }

    /// <summary>Goes on to the next symbol. Exact arithmetic is the same everywhere, so both ends agree.</summary>
    public void Next()
    {
        _random *= Step;
        double distance = Math.Ceiling((Index + 1.5) * ((TwoTo32 / Math.Sqrt(_random + 1.0)) - 1));
        Index = distance >= int.MaxValue - Index ? int.MaxValue : Index + (int)Math.Max(1, distance);
    }

    /// <summary>The check of a fingerprint within a symbol.</summary>
    public static uint CheckOf(ulong fingerprint) => (uint)(RangeDigest.MixOf(fingerprint ^ 0x5bd1e995) & SymbolSketch.CheckMask);
}
