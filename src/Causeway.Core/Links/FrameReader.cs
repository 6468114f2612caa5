using System.Buffers.Binary;
using System.Text;

namespace Causeway.Core.Links;

/// <summary>Reads the body of a control frame. What is not there sets <see cref="Failed"/> and reads as zero or empty.</summary>
public ref struct FrameReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    /// <summary>True if more was asked for than is there.</summary>
    public bool Failed { get; private set; }

    /// <summary>What was not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>True if all was read and nothing failed.</summary>
    public readonly bool IsAtEnd => !Failed && _rest.IsEmpty;

    /// <summary>
    /// The length of the frame at the start of <paramref name="data"/> with its header: 0 if that is not there yet, -1 if it is no
    /// length that a frame can have.
    /// </summary>
    public static int FrameLength(ReadOnlySpan<byte> data, int most)
    {
        if (data.Length < FrameWriter.HeaderBytes)
        {
            return 0;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(data);
        return length < FrameWriter.HeaderBytes || length > most ? -1 : length;
    }

    /// <summary>Reads one byte.</summary>
    public byte Byte() => Take(1) is [byte value] ? value : (byte)0;

    /// <summary>Reads 16 bits.</summary>
    public ushort UInt16() => Take(2) is { Length: 2 } bytes ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;

    /// <summary>Reads 64 bits.</summary>
    public ulong UInt64() => Take(8) is { Length: 8 } bytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;

    /// <summary>Reads <paramref name="count"/> bytes.</summary>
    public ReadOnlySpan<byte> Bytes(int count) => Take(count);

    /// <summary>Reads a text with its length in one byte.</summary>
    public string Text() => Encoding.UTF8.GetString(Take(Byte()));

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Failed || _rest.Length < count)
        {
            Failed = true;
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
