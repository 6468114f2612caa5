using Causeway.Core.Tests.Support;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Protocol;

/// <summary>However a stream is cut into parts, the same commands come out of it.</summary>
public sealed class CommandParserSplitTests
{
    private readonly StreamReading _whole = new(StreamGen.Limits);
    private readonly StreamReading _parts = new(StreamGen.Limits);

    public static TheoryData<string> Streams =>
    [
        "CONNECT {\"verbose\":false}\r\nPING\r\nSUB foo.* q 1\r\nPUB foo.bar reply 5\r\nhello\r\nUNSUB 1 5\r\nPONG\r\n",
        "PUB a 0\r\n\r\nPUB a 2\r\n\r\n\r\nPUB a 1\nx\r\n",
        "HPUB a r 12 17\r\nNATS/1.0\r\n\r\nhello\r\nhpub a 0 0\r\n\r\n",
        "pub\ta\t1\r\nx\r\n  PING\r\n",
        "+OK\r\nINFO {}\r\nping junk\r\n-ERR 'x y'\r\n",
        "PUB _INBOX.0123456789.0123456789 _INBOX.0123456789.abcdefghij 10\r\n0123456789\r\nPUB a\rb 1\r\nx\r\nPING\r\n",
        "PUB a 1\r\nxPING\r\n",
        "PUB a 1\r\nx\rPING\r\n",
        "PUB a 99\r\n",
        "HPUB a 9 3\r\n123\r\n",
        "SUB a\r\nPING\r\n",
        "PINGX\r\nMSG a 1 1\r\nx\r\n",
    ];

    [Theory]
    [MemberData(nameof(Streams))]
    public void Any_two_cuts_give_the_same_commands(string stream)
    {
        byte[] data = Wire.Bytes(stream);
        _whole.Read(data, headers: true);
        for (int first = 0; first <= data.Length; first++)
        {
            for (int second = first; second <= data.Length; second++)
            {
                AssertSameInParts(data, [first, second]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Single_bytes_give_the_same_commands(string stream)
    {
        byte[] data = Wire.Bytes(stream);
        _whole.Read(data, headers: true);
        AssertSameInParts(data, [.. Enumerable.Range(0, data.Length)]);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void The_commands_are_those_of_the_reference(string stream)
    {
        byte[] data = Wire.Bytes(stream);
        _whole.ReadByReference(data, headers: true);
        _parts.Read(data, headers: true);
        _parts.AssertSameAs(_whole, data);
        _parts.AssertTailsAsBy(_whole, data);
    }

    [Fact]
    public void Long_streams_give_the_same_commands_whatever_their_parts()
    {
        Gen<(string Text, int[] Sizes)> streams = Gen.Select(
            ValidCommandGen.Any.Array[1, 200].Select(string.Concat),
            Gen.Int[1, 100].Array[1, 400]);
        streams.Sample(
            (text, sizes) =>
            {
                byte[] data = Wire.Bytes(text);
                StreamReading whole = new(StreamGen.Limits);
                StreamReading parts = new(StreamGen.Limits);
                whole.Read(data, headers: true);
                Assert.Equal(data.Length, whole.EndAt);
                List<int> ends = [];
                for (int i = 0, end = 0; i < sizes.Length && end + sizes[i] < data.Length; i++)
                {
                    ends.Add(end += sizes[i]);
                }

                parts.ReadInParts(data, [.. ends], headers: true);
                parts.AssertSameAs(whole, data);
                parts.ReadInParts(data, [.. Enumerable.Range(0, data.Length)], headers: true);
                parts.AssertSameAs(whole, data);
            },
            iter: 300);
    }

    private void AssertSameInParts(byte[] data, int[] ends)
    {
        _parts.ReadInParts(data, ends, headers: true);
        _parts.AssertSameAs(_whole, data);
    }
}
