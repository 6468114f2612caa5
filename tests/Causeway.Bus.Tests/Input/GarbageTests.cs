using System.Text;
using Causeway.Bus.Tests.Support;
using Causeway.Core;
using Causeway.Core.Clients;
using CsCheck;
using Xunit;

namespace Causeway.Bus.Tests.Input;

/// <summary>What is no protocol, or too much of it: the sender is told and closed, nobody else feels it, nothing stays.</summary>
public sealed class GarbageTests
{
    private const string UnknownOperation = "-ERR 'Unknown Protocol Operation'";

    [Theory]
    [InlineData("hello\r\n", UnknownOperation, CloseReason.ProtocolViolation)]
    [InlineData("\0\0\0\0", UnknownOperation, CloseReason.ProtocolViolation)]
    [InlineData("\r\n", UnknownOperation, CloseReason.ProtocolViolation)]
    [InlineData("PUB a 1\r\nxyz\r\n", UnknownOperation, CloseReason.ProtocolViolation)]
    [InlineData("PUB a x\r\n", null, CloseReason.ProtocolViolation)]
    [InlineData("SUB \r\n", null, CloseReason.ProtocolViolation)]
    [InlineData("CONNECT {\r\n", null, CloseReason.ProtocolViolation)]
    [InlineData("PUB a 1025\r\n", "-ERR 'Maximum Payload Violation'", CloseReason.MaxPayloadExceeded)]
    [InlineData("PUB a 999999999\r\n", "-ERR 'Maximum Payload Violation'", CloseReason.MaxPayloadExceeded)]
    public async Task Is_answered_and_ends_only_its_sender(string garbage, string? error, CloseReason reason)
    {
        using TestNode node = TestNode.Start(new Limits { MaxPayloadBytes = 1024 });
        TestClient client = await node.SubscriberAsync("before");
        TestClient other = await node.SubscriberAsync("before");
        await client.SendAsync("PUB before 1\r\nx\r\n" + garbage);
        string[] wanted = error is null ? ["MSG before 1 1"] : ["MSG before 1 1", error];
        Assert.Equal(wanted, (await client.ReadToEndAsync()).Select(frame => frame.Text));
        Assert.Equal("x", (await other.MessageAsync()).PayloadText);
        client.Dispose();
        await node.ConnectionsAsync(1);
        Assert.Equal(1, node.ClosedFor(reason));
        await node.EndAsync();
    }

    [Theory]
    [InlineData(128)]
    [InlineData(4096)]
    [InlineData(32 * 1024)]
    public async Task The_longest_line_is_taken_and_a_longer_one_refused_before_its_end(int limit)
    {
        using TestNode node = TestNode.Start(new Limits { MaxControlLineBytes = limit });
        TestClient client = await node.ConnectAsync(ClientSettings.Silent);
        string subject = new('s', limit - 2);
        await client.SendAsync($"CONNECT {{}}\r\nSUB {subject} 1\r\nPING\r\n");
        Assert.Equal(["+OK", "+OK", "PONG"], [(await client.NextAsync()).Text, (await client.NextAsync()).Text, (await client.NextAsync()).Text]);

        // A byte at a time behind a full buffer of it, and never a line end.
        await client.SendAsync("SUB " + subject);
        for (int i = 0; i < 2; i++)
        {
            await Eventually.TrueAsync(() => client.Socket.Available == 0);
            await client.SendAsync("s");
        }

        await client.SendAsync("ssssss");
        Assert.Equal("-ERR 'maximum control line exceeded'", (await client.NextAsync()).Text);
        Assert.Equal(FrameKind.End, (await client.NextAsync()).Kind);
        client.Dispose();
        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.MaxControlLineExceeded) == 1);
        await node.EndAsync();
    }

    [Fact]
    public async Task Whatever_is_sent_the_node_stands()
    {
        using TestNode node = TestNode.Start(new Limits { MaxPayloadBytes = 4096, CloseLingerTimeout = TimeSpan.FromSeconds(1) });
        using ControlPair control = ControlPair.Start(node);
        await Streams.SampleAsync(
            async stream =>
            {
                using TestClient client = await TestClient.OpenAsync(node.Address, ClientSettings.Silent);
                // It may be closed before it has sent all.
                await client.TrySendAsync(stream);
                client.Reset();
            },
            iter: 4000,
            threads: 4);
        await node.ConnectionsAsync(2);
        await control.EndAsync();
        await node.EndAsync();
    }

    /// <summary>Pieces that are right, nearly right and wrong, one behind the other.</summary>
    private static readonly Gen<byte[]> Streams = Gen.Frequency(
        (4, Gen.OneOf(
            "CONNECT {\"verbose\":false,\"headers\":true}\r\n", "PING\r\n", "PONG\n", "SUB fuzz.> 1\r\n", "SUB fuzz.* q 2\r\n", "UNSUB 1\r\n", "UNSUB 2 1\r\n",
            "PUB fuzz.a 3\r\nabc\r\n", "PUB fuzz.a fuzz.b 0\r\n\r\n", "HPUB fuzz.a 12 15\r\nNATS/1.0\r\n\r\nabc\r\n", "pub  fuzz.c\t2 \r\nxy\r\n", "SUB fuzz..a 3\r\n").Select(Encoding.UTF8.GetBytes)),
        (2, Gen.OneOf(
            "PUB fuzz.a 4000\r\n", "PUB fuzz.a 5000\r\n", "PUB fuzz.a -1\r\n", "HPUB fuzz.a 9 3\r\n", "CONNECT ", "SUB ", "\r\n", "INFO {}\r\n", "+OK\r\n", "-ERR x\r\n",
            "PUB fuzz.a 3\r\nabcd\r\n", "UNSUB\r\n", "CONNECT []\r\n", "CONNECT {\"protocol\":7}\r\n").Select(Encoding.UTF8.GetBytes)),
        (1, Gen.Byte.Array[0, 200]),
        (1, Gen.Byte[65, 90].Array[4000, 9000])).Array[1, 12].Select(parts => parts.SelectMany(part => part).ToArray());
}
