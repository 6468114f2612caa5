namespace Causeway.Core.Interest;

/// <summary>Writes bits, the first into the highest bit of the first byte. The destination need not be clear.</summary>
internal ref struct BitWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>Bits written.</summary>
    public long Bits { get; private set; }

    public readonly long Free => (_destination.Length * 8L) - Bits;

    public readonly int Bytes => (int)((Bits + 7) / 8);

    /// <summary>Writes the lowest <paramref name="count"/> bits of <paramref name="value"/>; they must fit.</summary>
    public void Write(ulong value, int count)
    {
        while (count > 0)
        {
            int used = (int)(Bits & 7);
            int take = Math.Min(8 - used, count);
            ref byte target = ref _destination[(int)(Bits >> 3)];
            uint bits = (uint)(value >> (count - take)) & ((1u << take) - 1);
            target = (byte)((used == 0 ? 0u : target) | (bits << (8 - used - take)));
            Bits += take;
            count -= take;
        }
    }
}
