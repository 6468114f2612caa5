using System.Buffers.Binary;
using Causeway.Core.WebSockets;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.WebSockets;

public sealed class MaskCheckTests
{
    private static readonly Gen<Frame> Frames = Gen.Select(
        Gen.Byte, Gen.Frequency((30, true), (1, false)), Gen.OneOf(Gen.Int[0, 300], Gen.OneOf(0, 125, 126, 65_535, 65_536, 70_000)), Gen.Frequency((4, false), (1, true)),
        (first, isMasked, length, isLong) => new Frame(first, isMasked, length, isLong));

    [Fact]
    public void The_first_frame_without_a_mask_is_found_however_the_stream_is_cut() =>
        Gen.Select(Frames.Array[0, 12], Gen.OneOf(Gen.Int[1, 5], Gen.Int[1, 5000]).Array[1, 50]).Sample(
            (frames, sizes) =>
            {
                byte[] stream = [.. frames.SelectMany(frame => frame.ToBytes())];
                int expected = 0;
                foreach (Frame frame in frames.TakeWhile(frame => frame.IsMasked))
                {
                    expected += frame.ToBytes().Length;
                }

                // The bit stands in the second byte.
                bool isGood = expected == stream.Length;
                int fault = isGood ? int.MaxValue : expected + 1;
                MaskCheck check = new();
                int at = 0;
                for (int i = 0; at < stream.Length; i++)
                {
                    int size = Math.Min(sizes[i % sizes.Length], stream.Length - at);
                    bool taken = check.TryTake(stream.AsSpan(at, size));
                    at += size;
                    Assert.Equal(fault >= at, taken);
                    if (!taken)
                    {
                        return;
                    }
                }

                Assert.True(isGood);
            },
            iter: 2000);

    [Fact]
    public void What_is_no_frame_at_all_is_looked_at_without_harm() =>
        Gen.Byte.Array[0, 400].Array[1, 10].Sample(pieces =>
        {
            MaskCheck check = new();
            Assert.True(pieces.TakeWhile(piece => check.TryTake(piece)).Count() <= pieces.Length);
        });

    [Theory]
    [InlineData(0x7FFFFFFFFFFFFFFF)]
    [InlineData(-1)]
    public void The_longest_lengths_do_not_overflow(long length)
    {
        byte[] head = [0x82, 0xFF, .. new byte[8]];
        BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(2), length);
        MaskCheck check = new();

        Assert.True(check.TryTake(head));
        for (int i = 0; i < 100; i++)
        {
            Assert.True(check.TryTake(new byte[100_000]));
        }
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        byte[] stream = [.. Enumerable.Range(0, 100).SelectMany(number => new Frame(0x82, true, number, false).ToBytes())];
        MaskCheck check = new();
        check.TryTake(stream);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            check.TryTake(stream);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    /// <summary>A frame of zeros: its first byte, its mask or none, its length, and whether that is written longer than it has to be.</summary>
    private sealed record Frame(byte First, bool IsMasked, int Length, bool IsLong)
    {
        public byte[] ToBytes()
        {
            byte mask = (byte)(IsMasked ? 0x80 : 0);
            byte[] length = IsLong || Length > ushort.MaxValue
                ? [(byte)(mask | 127), 0, 0, 0, 0, (byte)(Length >> 24), (byte)(Length >> 16), (byte)(Length >> 8), (byte)Length]
                : Length > 125 ? [(byte)(mask | 126), (byte)(Length >> 8), (byte)Length]
                : [(byte)(mask | Length)];
            return [First, .. length, .. new byte[(IsMasked ? 4 : 0) + Length]];
        }
    }
}
