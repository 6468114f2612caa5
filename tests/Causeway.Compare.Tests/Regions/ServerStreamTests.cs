using System.Text;
using Causeway.Compare.Regions;
using Xunit;

namespace Causeway.Compare.Tests.Regions;

public sealed class ServerStreamTests
{
    private const string Stream = "INFO {\"a\":1}\r\nMSG kill.far 1 5\r\nhello\r\nPING\r\nMSG a 12 back 4\r\n\r\nMS\r\nMSG b 1 0\r\n\r\nPONG\r\n";

    [Fact]
    public void Every_way_to_cut_a_stream_gives_the_same_messages_and_lines()
    {
        byte[] bytes = Encoding.ASCII.GetBytes(Stream);
        string[] expected = ["INFO {\"a\":1}", "kill.far=hello", "PING", "a=\r\nMS", "b=", "PONG"];
        for (int first = 0; first <= bytes.Length; first++)
        {
            for (int second = first; second <= bytes.Length; second++)
            {
                Assert.Equal(expected, Read(bytes[..first], bytes[first..second], bytes[second..]));
            }
        }
    }

    [Fact]
    public void A_line_that_never_ends_is_an_error() =>
        Assert.Throws<CompareException>(() => Read([.. Enumerable.Repeat(new byte[64 * 1024], 8)]));

    private static List<string> Read(params byte[][] reads)
    {
        List<string> seen = [];
        ServerStream stream = new((subject, payload) => seen.Add($"{Encoding.ASCII.GetString(subject)}={Encoding.ASCII.GetString(payload)}"), seen.Add);
        foreach (byte[] read in reads)
        {
            read.CopyTo(stream.Room);
            stream.Received(read.Length);
        }

        return seen;
    }
}
