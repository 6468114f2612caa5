using System.Text;
using Causeway.Cli.Bench;
using CsCheck;
using Xunit;

namespace Causeway.Cli.Tests.Bench;

public sealed class PublishStreamTests
{
    private const string Frame = "PUB bench 5\r\nhello\r\n";

    [Fact]
    public void A_phase_is_its_messages_and_a_ping()
    {
        PublishStream stream = Create();
        stream.Begin(3);
        Assert.Equal(Frame + Frame + Frame + "PING\r\n", Drain(stream, int.MaxValue));
        Assert.Equal(3, stream.Messages);
    }

    [Fact]
    public void A_phase_without_messages_is_a_ping()
    {
        PublishStream stream = Create();
        stream.Begin(0);
        Assert.Equal("PING\r\n", Drain(stream, 1));
    }

    [Fact]
    public void A_stream_that_is_held_back_goes_on_when_it_is_allowed_more()
    {
        PublishStream stream = Create();
        stream.Begin(5);
        stream.Allow(2);
        Assert.Equal(Repeat(2), Drain(stream, 7));
        Assert.False(stream.Finished);
        stream.Allow(4);
        Assert.Equal(Repeat(2), Drain(stream, 7));
        stream.Stop();
        Assert.Equal("PING\r\n", Drain(stream, 7));
        Assert.True(stream.Finished);
        Assert.Equal(4, stream.Messages);
    }

    [Fact]
    public void Phases_of_any_size_sent_in_any_parts_hold_exactly_their_messages()
    {
        Gen.Int[0, 9000].Array[1, 4].Select(Gen.Int[1, 100_000]).Sample((counts, step) =>
        {
            PublishStream stream = Create();
            foreach (int count in counts)
            {
                stream.Begin(count);
                Assert.Equal(Repeat(count) + "PING\r\n", Drain(stream, step));
            }

            Assert.Equal(counts.Sum(), stream.Messages);
        });
    }

    [Fact]
    public void Pongs_go_between_frames_wherever_they_are_asked_for()
    {
        Gen.Int[0, 400].Array[0, 8].Select(Gen.Int[1, 30]).Sample((asked, step) =>
        {
            PublishStream stream = Create();
            stream.Begin(10);
            StringBuilder sent = new();
            while (!stream.Finished)
            {
                int at = sent.Length;
                stream.OwePongs(asked.Count(position => position >= at && position < at + step));
                Send(stream, step, sent);
            }

            string text = sent.ToString();
            Assert.Equal(Repeat(10), text.Replace("PONG\r\n", "", StringComparison.Ordinal).Replace("PING\r\n", "", StringComparison.Ordinal));
            Assert.EndsWith("PING\r\n", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Stop_ends_behind_the_frame_it_meets_and_the_next_phase_goes_on()
    {
        for (int before = 0; before < 5 * Frame.Length; before++)
        {
            PublishStream stream = Create();
            stream.Begin(long.MaxValue);
            StringBuilder sent = new();
            if (before > 0)
            {
                Send(stream, before, sent);
            }

            stream.Stop();
            int frames = (before + Frame.Length - 1) / Frame.Length;
            Assert.Equal(Repeat(frames) + "PING\r\n", sent + Drain(stream, 7));
            Assert.Equal(frames, stream.Messages);
            stream.Begin(1);
            Assert.Equal(Frame + "PING\r\n", Drain(stream, 7));
        }
    }

    [Fact]
    public void Stamped_messages_count_on_over_blocks_and_phases()
    {
        PublishStream stream = new("b", new byte[10], publisher: 1, stamped: true);
        FrameCounter counter = new(null, new SequenceCheck(2));
        foreach (long messages in new long[] { 3, 5000, 1, 20_000 })
        {
            stream.Begin(messages);
            string sent = Drain(stream, 60_000);
            counter.Feed(Encoding.Latin1.GetBytes(sent[..^"PING\r\n".Length].Replace("PUB b 10", "MSG b 1 10", StringComparison.Ordinal)));
        }

        Assert.Null(counter.Error);
        Assert.Equal(25_004, counter.Messages);
    }

    private static PublishStream Create() => new("bench", "hello"u8, publisher: 0, stamped: false);

    private static string Repeat(int count) => new StringBuilder().Insert(0, Frame, count).ToString();

    private static string Drain(PublishStream stream, int step)
    {
        StringBuilder sent = new();
        while (!stream.Next().IsEmpty)
        {
            Send(stream, step, sent);
        }

        return sent.ToString();
    }

    private static void Send(PublishStream stream, int step, StringBuilder sent)
    {
        ReadOnlySpan<byte> next = stream.Next();
        Assert.False(next.IsEmpty);
        int count = Math.Min(step, next.Length);
        sent.Append(Encoding.Latin1.GetString(next[..count]));
        stream.Advance(count);
    }
}
