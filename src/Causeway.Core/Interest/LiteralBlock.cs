using System.Numerics;

namespace Causeway.Core.Interest;

/// <summary>
/// The body of a block of literals: their number, the Rice parameter (Golomb, 1966; Rice, 1979), and the gaps between fingerprints
/// in that code, each followed by one bit for presence where changes are told. About log2(range / number) + 1.5 bits a literal.
/// </summary>
internal static class LiteralBlock
{
    internal const int HeaderBytes = 3;

    /// <summary>
    /// Writes as many of <paramref name="entries"/> (fingerprint * 2 + present, in order, none below <paramref name="from"/>) as fit
    /// and returns their number; <paramref name="bytes"/> is what they take.
    /// </summary>
    public static int Write(ReadOnlySpan<ulong> entries, ulong from, bool changes, Span<byte> destination, out int bytes)
    {
        int parameter = entries.IsEmpty ? 0 : ParameterFor(((entries[^1] >> 1) - from + 1) / (ulong)entries.Length);
        BitWriter bits = new(destination[HeaderBytes..]);
        ulong next = from;
        int count = 0;
        foreach (ulong entry in entries)
        {
            ulong gap = (entry >> 1) - next;
            ulong quotient = gap >> parameter;
            if (quotient >= (ulong)bits.Free || (long)quotient + 1 + parameter + (changes ? 1 : 0) > bits.Free)
            {
                break;
            }

            for (; quotient >= 32; quotient -= 32)
            {
                bits.Write(0, 32);
            }

            bits.Write(1, (int)quotient + 1);
            bits.Write(gap, parameter);
            bits.Write(entry, changes ? 1 : 0);
            next = (entry >> 1) + 1;
            count++;
        }

        destination[0] = (byte)count;
        destination[1] = (byte)(count >> 8);
        destination[2] = (byte)parameter;
        bytes = HeaderBytes + bits.Bytes;
        return count;
    }

    /// <summary>Bits that listing <paramref name="count"/> literals of <paramref name="range"/> places takes, about.</summary>
    public static double BitsFor(long count, ulong range) => count * (Math.Log2(Math.Max(1, (double)range / Math.Max(1, count))) + 1.5);

    // The best parameter for gaps of a geometric distribution is near log2(0.69 * mean).
    private static int ParameterFor(ulong mean) => BitOperations.Log2(Math.Max(1, mean * 69 / 100));

    /// <summary>Reads a body, entry by entry.</summary>
    internal ref struct Reader
    {
        private readonly ulong _to;
        private readonly int _parameter;
        private readonly bool _changes;
        private BitReader _bits;
        private ulong _next;
        private int _left;

        /// <summary>Begins to read the body of a block from <paramref name="from"/> up to <paramref name="to"/>.</summary>
        public Reader(ReadOnlySpan<byte> body, ulong from, ulong to, bool changes)
        {
            _next = from;
            _to = to;
            _changes = changes;
            if (body.Length < HeaderBytes)
            {
                IsShort = true;
                return;
            }

            _left = body[0] | (body[1] << 8);
            _parameter = body[2];
            _bits = new BitReader(body[HeaderBytes..]);
            IsMalformed = _left > InterestWire.MostLiterals || _parameter >= FingerprintKey.Bits || to > InterestPosition.LiteralEnd || from > to;
        }

        /// <summary>True if the body is not what a writer writes.</summary>
        public bool IsMalformed { get; private set; }

        /// <summary>True if the body ended before its last entry.</summary>
        public bool IsShort { get; private set; }

        /// <summary>True if bytes are left behind the last entry.</summary>
        public readonly bool HasMore => _bits.Left >= 8;

        /// <summary>Up to where all entries were read.</summary>
        public readonly ulong ReadTo => _left == 0 && !IsShort && !IsMalformed ? _to : _next;

        public bool TryRead(out ulong fingerprint, out bool present)
        {
            fingerprint = 0;
            present = true;
            if (_left == 0 || IsShort || IsMalformed)
            {
                return false;
            }

            int zeros = _bits.Zeros();
            if (zeros < 0 || _bits.Left < _parameter + (_changes ? 1 : 0))
            {
                IsShort = true;
                return false;
            }

            // At most 2^16 zeros in a body of 8 KiB, and a parameter under 40: this can't overflow.
            ulong gap = ((ulong)zeros << _parameter) | _bits.Read(_parameter);
            if (gap >= _to - _next)
            {
                IsMalformed = true;
                return false;
            }

            fingerprint = _next + gap;
            present = !_changes || _bits.Read(1) != 0;
            _next = fingerprint + 1;
            _left--;
            return true;
        }
    }
}
