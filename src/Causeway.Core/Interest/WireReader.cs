using System.Buffers.Binary;

namespace Causeway.Core.Interest;

/// <summary>Reads the fields of a frame; what is not there is 0 and shows in <see cref="Failed"/>.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> source)
{
    public ReadOnlySpan<byte> Rest { get; private set; } = source;

    public bool Failed { get; private set; }

    /// <summary>True if all was read and all was there.</summary>
    public readonly bool IsDone => !Failed && Rest.IsEmpty;

    public byte Byte()
    {
        if (Rest.IsEmpty)
        {
            Failed = true;
            return 0;
        }

        byte value = Rest[0];
        Rest = Rest[1..];
        return value;
    }

    public ulong Fixed()
    {
        if (!BinaryPrimitives.TryReadUInt64LittleEndian(Rest, out ulong value))
        {
            Failed = true;
            return 0;
        }

        Rest = Rest[8..];
        return value;
    }

    public ulong Number()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        Failed = true;
        return 0;
    }

    /// <summary>A number up to <paramref name="most"/>.</summary>
    public int Number(int most)
    {
        ulong value = Number();
        if (value > (ulong)most)
        {
            Failed = true;
            return 0;
        }

        return (int)value;
    }

    public ulong Position() => Number() - 1;

    public ReadOnlySpan<byte> Bytes(int length)
    {
        if (length > Rest.Length)
        {
            Failed = true;
            return default;
        }

        ReadOnlySpan<byte> bytes = Rest[..length];
        Rest = Rest[length..];
        return bytes;
    }
}
