using System.Text;
using Causeway.Bus.Health;
using CsCheck;
using Xunit;

namespace Causeway.Bus.Tests.Health;

/// <summary>What the node's own connections make of what the node sends, however it is cut.</summary>
public sealed class OwnStreamTests
{
    private static readonly string LongInfo = "INFO {" + new string('x', 3 * OwnStream.BufferBytes) + "}";
    private static readonly string LongPayload = new('y', (2 * OwnStream.BufferBytes) + 1);

    [Fact]
    public void Frames_are_the_same_wherever_the_stream_is_cut() => Gen.Select(Gen.Int[1, 5000], Gen.Int[1, 5000]).Sample((first, then) =>
    {
        string sent = "INFO {}\r\nPONG\r\nMSG a 1 3\r\nabc\r\nMSG a 12 _INBOX.x.1 0\r\n\r\n" + LongInfo + "\r\nMSG a 1 r 4\r\n\r\n\r\n\r\n"
            + $"MSG a 2 q {LongPayload.Length}\r\n{LongPayload}\r\nPING\r\n";

        List<string> read = Read(sent, [first, then]);

        Assert.Equal(
            ["INFO {}", "PONG", "MSG 1  abc", "MSG 12 _INBOX.x.1 ", "INFO {" + new string('x', 58), "MSG 1 r \r\n\r\n", "MSG 2 q (too large)", "PING"], read);
    });

    [Theory]
    [InlineData("MSG a 1\r\n")]
    [InlineData("MSG a 1 x\r\n")]
    [InlineData("MSG a 1 -1\r\n")]
    [InlineData("MSG a 1 r 99999999999\r\n")]
    [InlineData("MSG a 1 r q 1\r\n")]
    public void A_message_line_that_can_not_be_read_is_an_error(string sent) => Assert.Throws<FormatException>(() => Read(sent, [1000]));

    [Fact]
    public void A_message_line_that_has_no_end_is_an_error() =>
        Assert.Throws<FormatException>(() => Read("MSG a 1 " + new string('r', OwnStream.BufferBytes) + " 1\r\nx\r\n", [1000]));

    private static List<string> Read(string sent, int[] cuts)
    {
        OwnStream stream = new();
        List<string> frames = [];
        ReadOnlyMemory<byte> rest = Encoding.ASCII.GetBytes(sent);
        for (int i = 0; !rest.IsEmpty; i++)
        {
            Assert.False(stream.Room.IsEmpty);
            int count = Math.Min(rest.Length, Math.Min(cuts[i % cuts.Length], stream.Room.Length));
            rest[..count].CopyTo(stream.Room);
            stream.Received(count);
            rest = rest[count..];
            while (stream.TryRead(out OwnFrame frame))
            {
                frames.Add(frame.Line != "MSG" ? frame.Line : $"MSG {frame.Sid} {frame.Reply} {(frame.Payload is { } payload ? Encoding.ASCII.GetString(payload) : "(too large)")}");
            }
        }

        return frames;
    }
}
