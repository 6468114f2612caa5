using System.Buffers.Binary;
using System.Text;

namespace Causeway.Core.Links;

/// <summary>
/// Writes one control frame, <c>length (4) kind (1) body</c>, little-endian, into a buffer of fixed size. What does not fit sets
/// <see cref="Overflowed"/>, and the frame is not to be sent.
/// </summary>
public ref struct FrameWriter
{
    /// <summary>Bytes before the body.</summary>
    public const int HeaderBytes = 5;

    private readonly Span<byte> _buffer;
    private int _at;

    /// <summary>Begins a frame of <paramref name="kind"/>.</summary>
    public FrameWriter(Span<byte> buffer, LinkFrameKind kind)
    {
        _buffer = buffer;
        _at = HeaderBytes;
        Overflowed = buffer.Length < HeaderBytes;
        if (!Overflowed)
        {
            buffer[4] = (byte)kind;
        }
    }

    /// <summary>True if something did not fit.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Bytes written, header included.</summary>
    public readonly int Length => _at;

    /// <summary>What is free behind the bytes written: to be filled from its start, and told with <see cref="Advance"/>.</summary>
    public readonly Span<byte> Rest => Overflowed ? default : _buffer[_at..];

    /// <summary>Writes one byte.</summary>
    public void Byte(byte value)
    {
        if (Take(1) is [_, ..] room)
        {
            room[0] = value;
        }
    }

    /// <summary>Writes 16 bits.</summary>
    public void UInt16(ushort value)
    {
        if (Take(2) is { Length: 2 } room)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(room, value);
        }
    }

    /// <summary>Writes 64 bits.</summary>
    public void UInt64(ulong value)
    {
        if (Take(8) is { Length: 8 } room)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(room, value);
        }
    }

    /// <summary>Writes bytes as they are.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Span<byte> room = Take(value.Length);
        if (room.Length == value.Length)
        {
            value.CopyTo(room);
        }
    }

    /// <summary>Writes a text with its length in one byte; a longer one overflows.</summary>
    public void Text(string value)
    {
        int bytes = Encoding.UTF8.GetByteCount(value);
        if (bytes > byte.MaxValue)
        {
            Overflowed = true;
            return;
        }

        Byte((byte)bytes);
        if (Take(bytes) is { } room && room.Length == bytes)
        {
            Encoding.UTF8.GetBytes(value, room);
        }
    }

    /// <summary>Counts bytes that were written to <see cref="Rest"/>.</summary>
    public void Advance(int bytes) => _at += bytes;

    /// <summary>Ends the frame and returns its length; 0 if it overflowed.</summary>
    public readonly int End()
    {
        if (Overflowed)
        {
            return 0;
        }

        BinaryPrimitives.WriteInt32LittleEndian(_buffer, _at);
        return _at;
    }

    private Span<byte> Take(int bytes)
    {
        if (Overflowed || _buffer.Length - _at < bytes)
        {
            Overflowed = true;
            return default;
        }

        Span<byte> room = _buffer.Slice(_at, bytes);
        _at += bytes;
        return room;
    }
}
