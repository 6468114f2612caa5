namespace Causeway.Core.Interest;

/// <summary>Reads what a <see cref="BitWriter"/> wrote.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;
    private long _at;

    public readonly long Left => (_source.Length * 8L) - _at;

    /// <summary>Reads <paramref name="count"/> bits; they must be there.</summary>
    public ulong Read(int count)
    {
        ulong value = 0;
        while (count > 0)
        {
            int used = (int)(_at & 7);
            int take = Math.Min(8 - used, count);
            uint bits = ((uint)_source[(int)(_at >> 3)] >> (8 - used - take)) & ((1u << take) - 1);
            value = (value << take) | bits;
            _at += take;
            count -= take;
        }

        return value;
    }

    /// <summary>Counts the zeros before the next one, which it takes too; -1 if there is none.</summary>
    public int Zeros()
    {
        int zeros = 0;
        while (Left > 0)
        {
            if (Read(1) != 0)
            {
                return zeros;
            }

            zeros++;
        }

        return -1;
    }
}
