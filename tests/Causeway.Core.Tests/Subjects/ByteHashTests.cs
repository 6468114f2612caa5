using System.Globalization;
using Causeway.Core.Subjects;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Subjects;

public sealed class ByteHashTests
{
    [Fact]
    public void Equal_bytes_have_equal_hashes_wherever_they_lie()
    {
        ByteHash hash = new(42);
        byte[] buffer = new byte[64];
        for (int length = 0; length <= 40; length++)
        {
            byte[] bytes = [.. Enumerable.Range(1, length).Select(value => (byte)value)];
            uint expected = hash.Of(bytes);
            for (int offset = 0; offset < 16; offset++)
            {
                buffer.AsSpan().Fill(0xee);
                bytes.CopyTo(buffer, offset);
                Assert.Equal(expected, hash.Of(buffer.AsSpan(offset, length)));
            }
        }
    }

    [Fact]
    public void No_byte_outside_is_read()
    {
        using GuardedBuffer memory = new(64);
        ByteHash hash = new(42);
        for (int length = 0; length <= 64; length++)
        {
            byte[] bytes = new byte[length];
            Assert.Equal(hash.Of(bytes), hash.Of(memory.PutAtEnd(bytes)));
            Assert.Equal(hash.Of(bytes), hash.Of(memory.PutAtStart(bytes)));
        }
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(0x0123456789ABCDEFul)]
    [InlineData(ulong.MaxValue)]
    public void Each_bit_and_each_length_matters(ulong seed)
    {
        ByteHash hash = new(seed);
        HashSet<uint> seen = [];
        int hashes = 0;
        for (int length = 0; length <= 24; length++)
        {
            byte[] bytes = new byte[length];
            Array.Fill(bytes, (byte)'a');
            seen.Add(hash.Of(bytes));
            hashes++;
            for (int bit = 0; bit < length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                seen.Add(hash.Of(bytes));
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                hashes++;
            }
        }

        Assert.Equal(hashes, seen.Count);
    }

    [Fact]
    public void Another_seed_gives_other_hashes()
    {
        HashSet<uint> seen = [.. Enumerable.Range(0, 1000).Select(seed => new ByteHash((ulong)seed * 2).Of("a.subject"u8))];
        Assert.InRange(seen.Count, 999, 1000);
    }

    /// <summary>Tables take a hash's low bits; subjects that only count up must spread over them as by chance.</summary>
    [Theory]
    [InlineData("room.{0}", 256)]
    [InlineData("_INBOX.abcdefghijklmnopqrstuv.{0}", 2048)]
    [InlineData("{0}", 2048)]
    [InlineData("a.{0}.participant.audio", 1024)]
    public void Subjects_that_count_up_spread_over_the_buckets(string format, int buckets)
    {
        const int Subjects = 200_000;
        ByteHash hash = new(7);
        int[] counts = new int[buckets];
        for (int i = 0; i < Subjects; i++)
        {
            counts[hash.Of(Wire.Bytes(string.Format(CultureInfo.InvariantCulture, format, i))) % buckets]++;
        }

        double expected = (double)Subjects / buckets;
        double chiSquare = counts.Sum(count => (count - expected) * (count - expected) / expected);

        // Its mean is the number of buckets, its deviation the root of twice that; five deviations are never chance.
        Assert.True(chiSquare < buckets + (5 * Math.Sqrt(2 * buckets)), $"chi-square {chiSquare:0} for {buckets} buckets");
    }
}
