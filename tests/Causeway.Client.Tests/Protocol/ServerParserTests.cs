using System.Text;
using Causeway.Client.Connections;
using Causeway.Client.Protocol;
using CsCheck;
using Xunit;

namespace Causeway.Client.Tests.Protocol;

public sealed class ServerParserTests
{
    private static readonly Gen<string> Token = Gen.String[Gen.Char["abcXYZ019_-$é"], 1, 8];
    private static readonly Gen<string> Subject = Token.Array[1, 4].Select(tokens => string.Join('.', tokens));
    private static readonly Gen<string> Blank = Gen.OneOf(" ", "\t", "  ", " \t ");
    private static readonly Gen<string> LineEnd = Gen.Frequency((5, Gen.Const("\r\n")), (1, Gen.Const("\n")));
    private static readonly Gen<byte[]> Payload = Gen.Frequency(
        (3, Gen.Byte.Array[0, 20]),
        (1, Gen.OneOf("\r\n", "PING\r\n", "MSG a 1 1\r\n").Select(Encoding.UTF8.GetBytes)),
        (1, Gen.Int[0, 9000].Select(length => new byte[length])));

    // Bytes of a valid operation, with the line that RecordedEvents has for it.
    private static readonly Gen<(byte[] Bytes, string Event)> Operation = Gen.Frequency(
        (1, Word("PING", "PING")),
        (1, Word("PONG", "PONG")),
        (1, Word("+OK", "OK")),
        (1, Gen.Select(Cased("INFO"), Token, LineEnd, (verb, text, end) => (Utf8($"{verb} {{\"{text}\"}}{end}"), $"INFO {{\"{text}\"}}"))),
        (1, Gen.Select(Cased("-ERR"), Token, LineEnd, (verb, text, end) => (Utf8($"{verb} 'Bad {text}'{end}"), $"ERR Bad {text}"))),
        (4, Gen.Select(Cased("MSG"), Subject, Gen.Long[0, long.MaxValue], Reply(), Blank, Payload).Select(Msg)),
        (4, Gen.Select(Cased("HMSG"), Subject, Gen.Long[0, long.MaxValue], Reply(), Blank, Payload, Payload).Select(Hmsg)));

    [Fact]
    public void Every_split_of_a_valid_stream_gives_the_same_events() =>
        Gen.Select(Operation.Array[1, 12], Gen.Int[1, 64].Array[1, 30]).Sample(
            (operations, sizes) =>
            {
                byte[] stream = [.. operations.SelectMany(operation => operation.Bytes)];
                string[] expected = [.. operations.Select(operation => operation.Event)];
                Assert.Equal(expected, Feed(stream, [stream.Length]));
                Assert.Equal(expected, Feed(stream, sizes));
                Assert.Equal(expected, Feed(stream, [1]));
            },
            iter: 500);

    [Fact]
    public void Each_two_part_split_of_a_short_stream_gives_the_same_events() =>
        Operation.Where(operation => operation.Bytes.Length < 200).Array[1, 4].Sample(
            operations =>
            {
                byte[] stream = [.. operations.SelectMany(operation => operation.Bytes)];
                string[] expected = [.. operations.Select(operation => operation.Event)];
                for (int at = 1; at < stream.Length; at++)
                {
                    Assert.Equal(expected, Feed(stream, [at, stream.Length]));
                }
            },
            iter: 500);

    [Fact]
    public void Arbitrary_bytes_give_events_or_a_protocol_error_and_nothing_else()
    {
        Gen<byte[]> noise = Gen.OneOf(
            Gen.Byte.Array[0, 60],
            Gen.OneOf("MSG ", "HMSG ", "INFO ", "-ERR ", "PING", "\r\n", "\n", " ", "a.b", "1", "12", "9999999999", "-1", "x", "\0")
                .Array[0, 20].Select(parts => Utf8(string.Concat(parts))));
        noise.Sample(
            bytes =>
            {
                try
                {
                    Feed(bytes, [7]);
                }
                catch (ProtocolException)
                {
                }
            },
            iter: 200_000);
    }

    [Fact]
    public void A_changed_byte_of_a_valid_stream_gives_events_or_a_protocol_error() =>
        Gen.Select(Operation.Array[1, 6], Gen.Int[0, 100_000], Gen.Byte).Sample(
            (operations, at, value) =>
            {
                byte[] stream = [.. operations.SelectMany(operation => operation.Bytes)];
                stream[at % stream.Length] = value;
                try
                {
                    Feed(stream, [stream.Length]);
                }
                catch (ProtocolException)
                {
                }
            },
            iter: 20_000);

    [Theory]
    [InlineData("NOPE\r\n")]
    [InlineData("\r\n")]
    [InlineData("MSG\r\n")]
    [InlineData("MSG a\r\n")]
    [InlineData("MSG a 1\r\n")]
    [InlineData("MSG a x 1\r\n")]
    [InlineData("MSG a 1 -1\r\n")]
    [InlineData("MSG a 1 +1\r\n")]
    [InlineData("MSG a 1 1x\r\n")]
    [InlineData("MSG a 1 b c 1\r\nx\r\n")]
    [InlineData("MSG a 1 99999999999999999999\r\n")]
    [InlineData("MSG a 1 67108865\r\n")]
    [InlineData("MSG a 1 1\r\nxx\r\n")]
    [InlineData("MSG a 1 1\r\nx\n\n")]
    [InlineData("HMSG a 1 1\r\n")]
    [InlineData("HMSG a 1 5 4\r\nabcd\r\n")]
    [InlineData("HMSG a 1 b c 1 4\r\nabcd\r\n")]
    public void What_is_not_the_protocol_is_refused(string text) => Assert.Throws<ProtocolException>(() => Feed(Utf8(text), [1000]));

    [Fact]
    public void Lines_have_a_bound_and_INFO_has_a_larger_one()
    {
        Assert.Throws<ProtocolException>(() => Feed(new byte[ClientLimits.ControlLineBytesMax + 1], [100]));
        Assert.Throws<ProtocolException>(() => Feed(Utf8(new string('x', ClientLimits.ControlLineBytesMax + 1) + "\r\n"), [100_000]));
        Assert.Throws<ProtocolException>(() => Feed(Utf8("INFO " + new string('x', ClientLimits.InfoLineBytesMax)), [1 << 20]));

        string info = "INFO " + new string('x', ClientLimits.InfoLineBytesMax - 10);
        Assert.Equal(info, Assert.Single(Feed(Utf8(info + "\r\n"), [10_000])));
    }

    [Fact]
    public void A_partial_message_says_how_many_bytes_it_needs()
    {
        RecordedEvents events = new();
        byte[] bytes = Utf8("PING\r\nMSG a.b 7 100\r\n0123456789");

        int consumed = ServerParser.Parse(bytes, ref events, out int needed);

        Assert.Equal(6, consumed);
        Assert.Equal("MSG a.b 7 100\r\n".Length + 100 + 2, needed);
        Assert.Equal(["PING"], events.Lines);
    }

    /// <summary>Feeds a stream in pieces of the given sizes, round and round, through the buffer that links use.</summary>
    private static List<string> Feed(ReadOnlyMemory<byte> stream, int[] sizes)
    {
        RecordedEvents events = new();
        using ReceiveBuffer buffer = new();
        for (int turn = 0; !stream.IsEmpty; turn++)
        {
            Memory<byte> free = buffer.Free();
            int size = Math.Min(Math.Min(sizes[turn % sizes.Length], stream.Length), free.Length);
            stream[..size].CopyTo(free);
            stream = stream[size..];
            buffer.Received(size, ref events);
        }

        return events.Lines;
    }

    private static (byte[] Bytes, string Event) Msg((string Verb, string Subject, long Sid, string? Reply, string Blank, byte[] Payload) m)
    {
        string reply = m.Reply is null ? string.Empty : m.Blank + m.Reply;
        byte[] line = Utf8($"{m.Verb}{m.Blank}{m.Subject}{m.Blank}{m.Sid}{reply}{m.Blank}{m.Payload.Length}\r\n");
        return ([.. line, .. m.Payload, .. "\r\n"u8], $"MSG {m.Sid} {m.Subject} [{m.Reply}] |{Convert.ToHexString(m.Payload)}");
    }

    private static (byte[] Bytes, string Event) Hmsg(
        (string Verb, string Subject, long Sid, string? Reply, string Blank, byte[] Headers, byte[] Payload) m)
    {
        string reply = m.Reply is null ? string.Empty : m.Blank + m.Reply;
        int total = m.Headers.Length + m.Payload.Length;
        byte[] line = Utf8($"{m.Verb}{m.Blank}{m.Subject}{m.Blank}{m.Sid}{reply}{m.Blank}{m.Headers.Length}{m.Blank}{total}\r\n");
        return (
            [.. line, .. m.Headers, .. m.Payload, .. "\r\n"u8],
            $"MSG {m.Sid} {m.Subject} [{m.Reply}] {Convert.ToHexString(m.Headers)}|{Convert.ToHexString(m.Payload)}");
    }

    private static Gen<string?> Reply() => Gen.Frequency((1, Gen.Const((string?)null)), (1, Subject.Select(subject => (string?)subject)));

    private static Gen<(byte[] Bytes, string Event)> Word(string verb, string happened) =>
        Gen.Select(Cased(verb), LineEnd, (text, end) => (Utf8(text + end), happened));

    private static Gen<string> Cased(string verb) =>
        Gen.Frequency((4, Gen.Const(verb)), (1, Gen.Const(verb.ToLowerInvariant())), (1, Gen.Const(char.ToLowerInvariant(verb[0]) + verb[1..])));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
