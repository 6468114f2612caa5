using System.Buffers.Binary;

namespace Causeway.Core.Interest;

/// <summary>Writes the fields of a frame; what does not fit is not written and shows in <see cref="IsFull"/>.</summary>
internal ref struct WireWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    public int Length { get; private set; }

    public bool IsFull { get; private set; }

    public readonly Span<byte> Rest => _destination[Length..];

    public void Byte(byte value)
    {
        if (Length == _destination.Length)
        {
            IsFull = true;
            return;
        }

        _destination[Length++] = value;
    }

    public void Fixed(ulong value)
    {
        if (!BinaryPrimitives.TryWriteUInt64LittleEndian(Rest, value))
        {
            IsFull = true;
            return;
        }

        Length += 8;
    }

    public void Number(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    // The end of everything is the place met most often: it becomes one byte.
    public void Position(ulong position) => Number(position + 1);

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.TryCopyTo(Rest))
        {
            IsFull = true;
            return;
        }

        Length += bytes.Length;
    }

    public void Skip(int bytes) => Length += bytes;

    public void BackTo(int length)
    {
        Length = length;
        IsFull = false;
    }
}
