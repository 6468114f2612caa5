using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Causeway.Core.Subjects;

/// <summary>
/// A fast seeded hash of short byte strings for tables inside one process, by folded 64-bit multiplications. The seed is chosen
/// anew by every process so that nobody outside can prepare collisions; not for anything that crosses a link.
/// </summary>
public readonly struct ByteHash
{
    private const ulong First = 0x9E3779B97F4A7C15;
    private const ulong Second = 0xD6E8FEB86659FD93;

    private readonly ulong _seed;

    /// <summary>Creates a hash with <paramref name="seed"/>.</summary>
    public ByteHash(ulong seed) => _seed = seed | 1;

    /// <summary>The hash of <paramref name="bytes"/>.</summary>
    public uint Of(ReadOnlySpan<byte> bytes)
    {
        ref byte at = ref MemoryMarshal.GetReference(bytes);
        nuint length = (nuint)bytes.Length;
        ulong state = _seed ^ (length * First);
        nuint offset = 0;
        for (; offset + 8 <= length; offset += 8)
        {
            state = Fold(state ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, offset)), First);
        }

        if (offset < length)
        {
            state = Fold(state ^ Tail(ref Unsafe.Add(ref at, offset), length - offset), Second);
        }

        state = Fold(state, Second);
        return (uint)(state >> 32) ^ (uint)state;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Tail(ref byte at, nuint length)
    {
        ulong tail = 0;
        if ((length & 4) != 0)
        {
            tail = Unsafe.ReadUnaligned<uint>(ref at);
            at = ref Unsafe.Add(ref at, 4);
        }

        if ((length & 2) != 0)
        {
            tail = (tail << 16) | Unsafe.ReadUnaligned<ushort>(ref at);
            at = ref Unsafe.Add(ref at, 2);
        }

        return (length & 1) != 0 ? (tail << 8) | at : tail;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong value, ulong factor)
    {
        ulong high = Math.BigMul(value, factor, out ulong low);
        return high ^ BitOperations.RotateLeft(low, 23);
    }
}
