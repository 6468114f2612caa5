using System.Buffers.Binary;
using System.Numerics;

namespace Causeway.Core.Interest;

/// <summary>
/// SipHash-2-4 (Aumasson and Bernstein, 2012) over pieces that are appended: a keyed hash whose collisions nobody without the key
/// can prepare, even who sees what it yields.
/// </summary>
internal ref struct SipHash
{
    private ulong _v0;
    private ulong _v1;
    private ulong _v2;
    private ulong _v3;
    private ulong _tail;
    private int _length;

    public SipHash(ulong key0, ulong key1)
    {
        _v0 = key0 ^ 0x736f6d6570736575;
        _v1 = key1 ^ 0x646f72616e646f6d;
        _v2 = key0 ^ 0x6c7967656e657261;
        _v3 = key1 ^ 0x7465646279746573;
    }

    public void Append(byte value)
    {
        _tail |= (ulong)value << (8 * (_length & 7));
        if ((++_length & 7) == 0)
        {
            Mix(_tail);
            _tail = 0;
        }
    }

    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && (_length & 7) != 0)
        {
            Append(bytes[0]);
            bytes = bytes[1..];
        }

        while (bytes.Length >= 8)
        {
            Mix(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            _length += 8;
            bytes = bytes[8..];
        }

        foreach (byte value in bytes)
        {
            Append(value);
        }
    }

    public ulong Finish()
    {
        Mix(_tail | ((ulong)_length << 56));
        _v2 ^= 0xff;
        Round();
        Round();
        Round();
        Round();
        return _v0 ^ _v1 ^ _v2 ^ _v3;
    }

    private void Mix(ulong word)
    {
        _v3 ^= word;
        Round();
        Round();
        _v0 ^= word;
    }

    private void Round()
    {
        _v0 += _v1;
        _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
        _v0 = BitOperations.RotateLeft(_v0, 32);
        _v2 += _v3;
        _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
        _v0 += _v3;
        _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
        _v2 += _v1;
        _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
        _v2 = BitOperations.RotateLeft(_v2, 32);
    }
}
