namespace Causeway.Core.Memory;

/// <summary>
/// A pinned buffer leased from a <see cref="BlockPool"/>, with the part of it that is in use. Belongs to one holder at a time, who
/// alone may touch it.
/// </summary>
public sealed unsafe class Block
{
    private readonly byte[] _array;
    private readonly byte* _pointer;

    internal Block(int size, int sizeClass)
    {
        _array = GC.AllocateUninitializedArray<byte>(size, pinned: true);
        fixed (byte* pointer = _array)
        {
            _pointer = pointer;
        }

        SizeClass = sizeClass;
    }

    /// <summary>Bytes that the block can hold.</summary>
    public int Size => _array.Length;

    /// <summary>Where the used part begins.</summary>
    public int Start { get; set; }

    /// <summary>Where the used part ends.</summary>
    public int End { get; set; }

    /// <summary>The next block in its holder's list.</summary>
    public Block? Next { get; set; }

    /// <summary>Bytes in use.</summary>
    public int Length => End - Start;

    /// <summary>Bytes free behind the used part.</summary>
    public int Free => _array.Length - End;

    /// <summary>The address of the first used byte; stays valid, the buffer is pinned.</summary>
    public byte* Pointer => _pointer + Start;

    /// <summary>The used part.</summary>
    public Span<byte> Used => _array.AsSpan(Start, End - Start);

    /// <summary>The free part behind the used one.</summary>
    public Span<byte> Rest => _array.AsSpan(End);

    /// <summary>The whole buffer.</summary>
    public Span<byte> Whole => _array;

    internal int SizeClass { get; }

    internal MemoryAccount? Holder { get; set; }

    internal MemoryUse Use { get; set; }
}
