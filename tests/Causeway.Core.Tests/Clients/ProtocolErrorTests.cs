using Causeway.Core.Clients;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Clients;

/// <summary>Which errors close a connection and which don't, with what words.</summary>
public sealed class ProtocolErrorTests
{
    private readonly TestNode _node = new(new Limits { MaxControlLineBytes = 128, MaxPayloadBytes = 100 });

    [Theory]
    [InlineData("\r\n")]
    [InlineData(" PING\r\n")]
    [InlineData("MSG a 1 1\r\nx\r\n")]
    [InlineData("SUB\r\n")]
    [InlineData("SUB1 a 1\r\n")]
    [InlineData("PUB a 1\r\nxyz\r\n")]
    public void An_unknown_operation_closes_after_all_before_it_was_answered(string bytes)
    {
        TestClient listener = _node.Connect();
        listener.Send("SUB a 1\r\n");
        TestClient client = _node.Connect();
        client.Send("SUB b 1\r\nPUB a 1\r\n1\r\nPUB b 1\r\n2\r\nPING\r\n" + bytes + "PUB a 1\r\n3\r\nPING\r\n");
        client.AssertReads("MSG b 1 1\r\n2\r\nPONG\r\n-ERR 'Unknown Protocol Operation'\r\n");
        listener.AssertReads("MSG a 1 1\r\n1\r\n");
        Assert.Equal(CloseReason.ProtocolViolation, client.CloseReason);
        Assert.Equal(CloseReason.ProtocolViolation, client.Session.Ending);
    }

    [Theory]
    [InlineData("SUB a\r\n")]
    [InlineData("SUB \r\n")]
    [InlineData("SUB a b c d\r\n")]
    [InlineData("UNSUB 1 2 3\r\n")]
    [InlineData("PUB a\r\n")]
    [InlineData("PUB a -1\r\n")]
    [InlineData("PUB a 0000000001\r\n")]
    [InlineData("HPUB a 3 2\r\n")]
    [InlineData("HPUB a 3\r\n")]
    public void Bad_arguments_close_in_silence(string line)
    {
        TestClient client = _node.Connect();
        client.Send("PING\r\n" + line + "PING\r\n");
        client.AssertReads("PONG\r\n");
        Assert.Equal(CloseReason.ProtocolViolation, client.CloseReason);
    }

    [Fact]
    public void An_error_told_by_the_client_closes_in_silence()
    {
        TestClient client = _node.Connect();
        client.Send("PING\r\n-ERR 'x'\r\nPING\r\n");
        client.AssertReads("PONG\r\n");
        Assert.Equal(CloseReason.ClientClosed, client.CloseReason);
    }

    [Fact]
    public void A_line_too_long_closes_even_before_its_end()
    {
        TestClient client = _node.Connect();
        client.Send("PING\r\nSUB " + new string('a', 200));
        client.AssertReads("PONG\r\n-ERR 'maximum control line exceeded'\r\n");
        Assert.Equal(CloseReason.MaxControlLineExceeded, client.CloseReason);
    }

    [Fact]
    public void A_payload_too_large_closes_at_its_line()
    {
        TestClient client = _node.Connect();
        client.Send("PING\r\nPUB a 101\r\n");
        client.AssertReads("PONG\r\n-ERR 'Maximum Payload Violation'\r\n");
        Assert.Equal(CloseReason.MaxPayloadExceeded, client.CloseReason);
    }

    [Theory]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData(".")]
    [InlineData("a.>.b")]
    [InlineData(">.a")]
    public void An_invalid_subject_does_not_close_and_leaves_its_sid_free(string subject)
    {
        TestClient client = _node.Connect();
        client.Send($"SUB {subject} 1\r\nSUB a 1\r\nPUB a 1\r\nx\r\n");
        client.AssertReads("-ERR 'Invalid Subject'\r\nMSG a 1 1\r\nx\r\n");
        Assert.Equal(CloseReason.None, client.CloseReason);
    }

    [Fact]
    public void Nothing_is_received_any_more_once_the_session_ends()
    {
        TestClient client = _node.Connect();
        client.Send("x");
        client.Read();
        Assert.Equal(0, client.Session.Receive("PING\r\n"u8, _node.Batch, out int needed));
        Assert.Equal(0, needed);
        client.Flush();
        client.AssertReads("");
    }

    [Fact]
    public void A_pattern_deeper_than_the_limit_is_invalid_and_a_literal_of_that_depth_is_not()
    {
        TestNode node = new(new Limits { MaxControlLineBytes = 8192 });
        TestClient client = node.Connect();
        string deepest = string.Join('.', Enumerable.Repeat("a", Limits.MaxPatternTokens - 1));
        client.Send($"SUB {deepest}.* 1\r\nSUB {deepest}.b.* 2\r\nSUB {deepest}.b.c.d 3\r\n");
        client.AssertReads("-ERR 'Invalid Subject'\r\n");
        Assert.Equal(2, client.Session.Subscriptions.Count);
        client.Send($"PUB {deepest}.x 0\r\n\r\n");
        client.AssertReads($"MSG {deepest}.x 1 0\r\n\r\n");
        client.Disconnect();
        node.AssertNothingHeld();
    }
}
