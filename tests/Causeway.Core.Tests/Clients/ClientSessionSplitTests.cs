using Causeway.Core.Tests.Protocol;
using Causeway.Core.Tests.Support;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Clients;

/// <summary>However a stream comes in, a session says the same, delivers the same, and ends for the same reason.</summary>
public sealed class ClientSessionSplitTests
{
    private static readonly Limits Limits = StreamGen.Limits;

    [Theory]
    [InlineData("CONNECT {\"verbose\":true,\"headers\":true}\r\nSUB a.* q 1\r\nPUB a.b r 5\r\nhello\r\nHPUB a.c 3 5\r\nabcde\r\nUNSUB 1 3\r\nPING\r\nPUB a.d 0\r\n\r\nPUB a.e 0\r\n\r\n")]
    [InlineData("PING\r\nSUB a 1\r\nPUB a 2\r\n\r\n\r\nSUB a..b 2\r\nPUB a 3\r\nabcXX")]
    [InlineData("SUB a 1\r\nPUB a 1\r\nxPUB a 1\r\nx\r\n")]
    [InlineData("CONNECT {\"protocol\":2}\r\nPING\r\n")]
    [InlineData("PING\r\nPUB a 81\r\nx")]
    public void Any_two_cuts_give_the_same_answers(string stream)
    {
        byte[] data = Wire.Bytes(stream);
        string whole = Run(data, []);
        for (int first = 0; first <= data.Length; first++)
        {
            for (int second = first; second <= data.Length; second++)
            {
                Assert.Equal(whole, Run(data, [first, second]));
            }
        }
    }

    [Fact]
    public void Long_valid_streams_give_the_same_answers_whatever_their_parts() =>
        Gen.Select(ValidCommandGen.Any.Array[1, 120].Select(string.Concat), Gen.Int[1, 60].Array[1, 300]).Sample(
            (text, sizes) =>
            {
                byte[] data = Wire.Bytes("CONNECT {\"verbose\":false,\"headers\":true}\r\n" + text);
                string whole = Run(data, []);
                Assert.Equal(whole, Run(data, Ends(sizes, data.Length)));
                Assert.Equal(whole, Run(data, [.. Enumerable.Range(1, data.Length - 1)]));
            },
            iter: 200);

    [Fact]
    public void Any_bytes_give_the_same_answers_and_leave_nothing_behind() =>
        new StreamGen().Sample(input => Assert.Equal(Run(input.Data, []), Run(input.Data, [input.FirstSplit, input.SecondSplit])), iter: 20_000);

    private static int[] Ends(int[] sizes, int length)
    {
        List<int> ends = [];
        for (int i = 0, end = 0; i < sizes.Length && (end += sizes[i]) < length; i++)
        {
            ends.Add(end);
        }

        return [.. ends];
    }

    /// <summary>All that becomes of a stream: what its sender and a listener read, and how it ended.</summary>
    private static string Run(byte[] data, int[] ends)
    {
        TestNode node = new(Limits);
        TestClient listener = node.Connect();
        listener.Send("SUB > 9\r\nSUB a.* q 8\r\n");
        TestClient client = node.Accept();
        int from = 0;
        foreach (int end in ends.Append(data.Length))
        {
            client.Send(data.AsSpan(from..end));
            from = end;
        }

        bool unfinished = !client.IsDone;
        string told = $"{client.Read()}|{listener.Read()}|{client.CloseReason}|{unfinished}|{client.Session.InMessages}|{client.Session.Subscriptions.Count}";
        client.Disconnect();
        listener.Disconnect();
        node.AssertNothingHeld();
        return told;
    }
}
