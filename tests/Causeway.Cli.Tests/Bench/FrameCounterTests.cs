using Causeway.Cli.Bench;
using CsCheck;
using Xunit;

namespace Causeway.Cli.Tests.Bench;

public sealed class FrameCounterTests
{
    private const string Payload = "0123456789\r\nMSG bench 1 3\r\nab";

    private static readonly FrameTemplate Template = FrameTemplate.Message("bench", 1, Streams.Bytes(Payload));
    private static readonly byte[] Expected = Streams.Message("bench", Payload);

    // The expected frame most of the time; else frames that differ from it early, late, in the payload only, or are no messages.
    private static readonly Gen<(byte[] Bytes, int Messages, int Pings, int Pongs)> Frame = Gen.Frequency(
        (10, Gen.Const((Expected, 1, 0, 0))),
        (1, Gen.Const((Streams.Message("bench", Payload[..^1] + "X"), 1, 0, 0))),
        (1, Gen.Const((Streams.Message("bench", "X" + Payload[1..]), 1, 0, 0))),
        (1, Gen.Const((Streams.Message("bench", Payload + "longer"), 1, 0, 0))),
        (1, Gen.Const((Streams.Message("other", ""), 1, 0, 0))),
        (1, Gen.Const((Streams.Bytes("HMSG bench 1 12 14\r\nNATS/1.0\r\n\r\nok\r\n"), 1, 0, 0))),
        (1, Gen.Const((Streams.Bytes("PING\r\n"), 0, 1, 0))),
        (1, Gen.Const((Streams.Bytes("PONG\r\n"), 0, 0, 1))),
        (1, Gen.Const((Streams.Bytes("INFO {\"x\":1}\r\n"), 0, 0, 0))),
        (1, Gen.Const((Streams.Bytes("+OK\r\n"), 0, 0, 0))));

    [Fact]
    public void Any_stream_in_any_parts_is_counted_right()
    {
        Gen<((byte[] Bytes, int Messages, int Pings, int Pongs)[] Frames, int[] Cuts)> streams =
            Frame.Array[0, 60].SelectMany(frames => Streams.Cuts(frames.Sum(f => f.Bytes.Length)).Select(cuts => (frames, cuts)));
        streams.Sample(
            sample =>
            {
                byte[] stream = [.. sample.Frames.SelectMany(f => f.Bytes)];
                foreach (FrameTemplate? template in new[] { Template, null })
                {
                    FrameCounter counter = new(template);
                    Streams.Feed(stream, sample.Cuts, part => counter.Feed(part));
                    Assert.Null(counter.Error);
                    Assert.Equal(sample.Frames.Sum(f => f.Messages), counter.Messages);
                    Assert.Equal(sample.Frames.Sum(f => f.Pings), counter.Pings);
                    Assert.Equal(sample.Frames.Sum(f => f.Pongs), counter.Pongs);
                }
            },
            iter: 2000);
    }

    [Fact]
    public void Every_cut_in_three_of_a_mixed_stream_is_counted_right()
    {
        byte[] stream = [.. Expected, .. Streams.Bytes("PING\r\n"), .. Expected, .. Streams.Message("bench", "short"), .. Expected];
        for (int first = 0; first <= stream.Length; first++)
        {
            for (int second = first; second <= stream.Length; second++)
            {
                FrameCounter counter = new(Template);
                Streams.Feed(stream, [first, second], part => counter.Feed(part));
                Assert.Equal((4, 1, 1, null), (counter.Messages, counter.Pings, counter.Scanned, counter.Error));
            }
        }
    }

    [Fact]
    public void Equal_frames_are_counted_without_scanning_them()
    {
        byte[] stream = [.. Enumerable.Repeat(Expected, 10_000).SelectMany(frame => frame)];
        FrameCounter counter = new(Template);
        Streams.Feed(stream, [1, 100, 70_000, 70_001], part => counter.Feed(part));
        Assert.Equal((10_000, 0), (counter.Messages, counter.Scanned));
    }

    [Fact]
    public void A_frame_counts_only_when_its_last_byte_is_there()
    {
        FrameCounter counter = new(Template);
        counter.Feed(Expected.AsSpan(0, Expected.Length - 1));
        Assert.Equal(0, counter.Messages);
        counter.Feed("\n"u8);
        Assert.Equal(1, counter.Messages);
    }

    [Theory]
    [InlineData("MSG bench 1 30\r\n0123456789\r\nMSG bench 1 3\r\nabX\n")]
    [InlineData("-ERR 'Slow Consumer'\r\n")]
    [InlineData("MSG bench 1 3x\r\n")]
    public void A_damaged_frame_behind_good_ones_is_an_error(string damaged)
    {
        FrameCounter counter = new(Template);
        counter.Feed([.. Expected, .. Expected, .. Streams.Bytes(damaged)]);
        Assert.NotNull(counter.Error);
        Assert.Equal(2, counter.Messages);
    }

    [Fact]
    public void Messages_of_several_publishers_are_checked_for_order()
    {
        Gen.Int[0, 2].Array[0, 60].SelectMany(publishers => Streams.Cuts(publishers.Length * 30).Select(cuts => (publishers, cuts))).Sample(
            sample =>
            {
                byte[] stream = Stamped(sample.publishers);
                FrameCounter counter = new(null, new SequenceCheck(3));
                Streams.Feed(stream, sample.cuts, part => counter.Feed(part));
                Assert.Null(counter.Error);
                Assert.Equal(sample.publishers.Length, counter.Messages);
            });
    }

    [Fact]
    public void A_lost_a_doubled_and_a_moved_message_are_found()
    {
        byte[] stream = Stamped([0, 0, 0]);
        int frame = stream.Length / 3;
        byte[] first = stream[..frame];
        byte[] second = stream[frame..(2 * frame)];
        byte[] third = stream[(2 * frame)..];
        foreach (byte[] wrong in new byte[][] { [.. first, .. third], [.. first, .. first], [.. second, .. first] })
        {
            FrameCounter counter = new(null, new SequenceCheck(1));
            counter.Feed(wrong);
            Assert.NotNull(counter.Error);
        }
    }

    private static byte[] Stamped(int[] publishers)
    {
        long[] next = new long[3];
        return [.. publishers.SelectMany(p => Streams.Message("b", Stamp(SequenceCheck.Stamp(p, next[p]++)) + "rest"))];
    }

    private static string Stamp(ulong stamp) => string.Concat(Enumerable.Range(0, 8).Select(i => (char)(byte)(stamp >> (56 - (8 * i)))));
}
