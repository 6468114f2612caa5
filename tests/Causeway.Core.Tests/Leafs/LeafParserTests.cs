using System.Text;
using Causeway.Core.Leafs;
using Causeway.Core.Protocol;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Leafs;

/// <summary>The lines of the leaf-node protocol.</summary>
public sealed class LeafParserTests
{
    private static readonly string[] Starts = ["LS+ ", "LS- ", "LMSG ", "HMSG ", "INFO ", "PING", "-ERR ", ""];

    private static readonly Limits Limits = new();

    private static readonly Gen<string> Token = Gen.Char["abcXYZ019_-*$"].Array[1, 8].Select(chars => new string(chars));

    [Theory]
    [InlineData("LS+ a.b\r\n", LeafVerb.Subscribe, "a.b", "", 1)]
    [InlineData("ls+ a.* workers 7\r\n", LeafVerb.Subscribe, "a.*", "workers", 7)]
    [InlineData("LS+\ta.b  workers\t12\n", LeafVerb.Subscribe, "a.b", "workers", 12)]
    [InlineData("LS- a.b\r\n", LeafVerb.Unsubscribe, "a.b", "", 0)]
    [InlineData("LS- a.b workers\r\n", LeafVerb.Unsubscribe, "a.b", "workers", 0)]
    public void Interest_is_read(string text, LeafVerb verb, string subject, string queue, int weight)
    {
        byte[] data = Encoding.ASCII.GetBytes(text);
        LeafLine line = default;
        Assert.Equal(ParseStatus.Complete, LeafParser.TryRead(data, Limits, ref line));
        Assert.Equal((verb, data.Length, weight), (line.Verb, line.Fields.Length, line.Weight));
        Assert.Equal((subject, queue), (Part(data, line.Fields.SubjectStart, line.Fields.SubjectLength), Part(data, line.Fields.ReplyStart, line.Fields.ReplyLength)));
    }

    [Theory]
    [InlineData("LMSG a 2\r\nhi\r\n", "a", "", "", 0, 2, true)]
    [InlineData("LMSG a _INBOX.1 2\r\nhi\r\n", "a", "_INBOX.1", "", 0, 2, true)]
    [InlineData("LMSG a | q1 q2 2\r\nhi\r\n", "a", "", "q1 q2", 0, 2, false)]
    [InlineData("LMSG a + r q1 2\r\nhi\r\n", "a", "r", "q1", 0, 2, false)]
    [InlineData("HMSG a 12 14\r\nNATS/1.0\r\n\r\nhi\r\n", "a", "", "", 12, 14, true)]
    [InlineData("HMSG a + r q1 q2 q3 12 14\r\nNATS/1.0\r\n\r\nhi\r\n", "a", "r", "q1 q2 q3", 12, 14, false)]
    [InlineData("LMSG a  2\r\nhi\r\n", "a", "", "", 0, 2, false)]
    public void Messages_are_read(string text, string subject, string reply, string queues, int headers, int size, bool canonical)
    {
        byte[] data = Encoding.ASCII.GetBytes(text);
        LeafLine line = default;
        Assert.Equal(ParseStatus.Complete, LeafParser.TryRead(data, Limits, ref line));
        Command fields = line.Fields;
        Assert.Equal((subject, reply, queues), (Part(data, fields.SubjectStart, fields.SubjectLength), Part(data, fields.ReplyStart, fields.ReplyLength), Part(data, line.QueuesStart, line.QueuesLength)));
        Assert.Equal((headers, size, canonical, data.Length), (fields.HeaderLength, fields.PayloadLength, fields.TailIsCanonical, fields.Length));
        Assert.EndsWith("hi\r\n", Part(data, fields.PayloadStart, data.Length - fields.PayloadStart), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LS+\r\n", ParseStatus.BadArguments)]
    [InlineData("LS+ a q\r\n", ParseStatus.BadArguments)]
    [InlineData("LS+ a q x\r\n", ParseStatus.BadArguments)]
    [InlineData("LS- a b c\r\n", ParseStatus.BadArguments)]
    [InlineData("LMSG a\r\n", ParseStatus.BadArguments)]
    [InlineData("LMSG a b c 2\r\nhi\r\n", ParseStatus.BadArguments)]
    [InlineData("HMSG a 15 14\r\n", ParseStatus.BadArguments)]
    [InlineData("LMSG a 1234567890\r\n", ParseStatus.BadArguments)]
    [InlineData("LMSG a 99999999\r\n", ParseStatus.PayloadTooLarge)]
    [InlineData("LMSG a 2\r\nhi!\r\n", ParseStatus.UnknownOperation)]
    [InlineData("SUB a 1\r\n", ParseStatus.UnknownOperation)]
    [InlineData("GET / HTTP/1.1\r\n", ParseStatus.UnknownOperation)]
    public void What_is_not_right_is_told_apart(string text, ParseStatus expected)
    {
        LeafLine line = default;
        Assert.Equal(expected, LeafParser.TryRead(Encoding.ASCII.GetBytes(text), Limits, ref line));
    }

    [Fact]
    public void A_line_without_end_is_given_up_at_its_limit()
    {
        LeafLine line = default;
        Assert.Equal(ParseStatus.Incomplete, LeafParser.TryRead(Encoding.ASCII.GetBytes("LS+ " + new string('a', 1000)), Limits, ref line));
        Assert.Equal(ParseStatus.LineTooLong, LeafParser.TryRead(Encoding.ASCII.GetBytes("LS+ " + new string('a', Limits.MaxControlLineBytes)), Limits, ref line));
        Assert.Equal(ParseStatus.LineTooLong, LeafParser.TryRead(Encoding.ASCII.GetBytes("INFO " + new string('a', LeafParser.MaxInfoBytes)), Limits, ref line));
    }

    [Fact]
    public void Any_split_of_a_stream_reads_the_same() =>
        Gen.Select(Token, Token, Token, Gen.Int[0, 40], Gen.Int[0, 5]).Array[1, 6].Sample(parts =>
        {
            string text = string.Concat(parts.Select(part => Line(part.Item1, part.Item2, part.Item3, part.Item4, part.Item5)));
            byte[] data = Encoding.ASCII.GetBytes(text);
            List<string> whole = ReadAll(data, data.Length);
            Assert.Equal(parts.Length, whole.Count);
            for (int step = 1; step <= 3; step++)
            {
                Assert.Equal(whole, ReadAll(data, step));
            }
        }, iter: 2000);

    [Fact]
    public void Any_bytes_end_in_a_status_and_no_exception() =>
        Gen.Select(Gen.Int[0, Starts.Length - 1].Select(i => Starts[i]), Gen.Byte.Array[0, 60]).Sample(
            (start, rest) =>
            {
                byte[] data = [.. Encoding.ASCII.GetBytes(start), .. rest, .. "\r\n"u8];
                LeafLine line = default;
                ParseStatus status = LeafParser.TryRead(data, Limits, ref line);
                if (status == ParseStatus.Complete)
                {
                    Assert.InRange(line.Fields.Length, 1, data.Length);
                    _ = Part(data, line.Fields.SubjectStart, line.Fields.SubjectLength) + Part(data, line.Fields.ReplyStart, line.Fields.ReplyLength) + Part(data, line.QueuesStart, line.QueuesLength);
                }
            },
            iter: 200_000);

    private static string Line(string subject, string other, string queue, int size, int kind) => kind switch
    {
        0 => $"LS+ {subject}\r\n",
        1 => $"LS+ {subject} {queue} 3\r\n",
        2 => $"LS- {subject} {queue}\r\n",
        3 => $"LMSG {subject} {other} {size}\r\n{new string('x', size)}\r\n",
        4 => $"LMSG {subject} | {queue} {other} {size}\r\n{new string('x', size)}\r\n",
        _ => "PING\r\n",
    };

    /// <summary>Gives the parser so many bytes more each time, and lists what it found.</summary>
    private static List<string> ReadAll(byte[] data, int step)
    {
        List<string> lines = [];
        LeafLine line = default;
        int done = 0;
        for (int end = Math.Min(step, data.Length); ;)
        {
            ParseStatus status = LeafParser.TryRead(data.AsSpan(done, end - done), Limits, ref line);
            if (status == ParseStatus.Complete)
            {
                lines.Add($"{line.Verb} {Part(data.AsSpan(done), line.Fields.SubjectStart, line.Fields.SubjectLength)} {line.Fields.PayloadLength} {Part(data.AsSpan(done), line.QueuesStart, line.QueuesLength)}");
                done += line.Fields.Length;
            }
            else
            {
                Assert.Equal(ParseStatus.Incomplete, status);
                if (end == data.Length)
                {
                    return lines;
                }

                end = Math.Min(end + step, data.Length);
            }
        }
    }

    private static string Part(ReadOnlySpan<byte> data, int start, int length) => Encoding.Latin1.GetString(data.Slice(start, length));
}
