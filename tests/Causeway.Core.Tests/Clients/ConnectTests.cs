using Causeway.Core.Clients;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Clients;

public sealed class ConnectTests
{
    private readonly TestNode _node = new();

    [Fact]
    public void Before_connect_a_client_is_verbose_and_can_do_all_but_headers()
    {
        TestClient client = _node.Accept();
        client.Send("PING\r\nSUB a 1\r\nPUB a 1\r\nx\r\nUNSUB 1\r\nPING\r\n");
        client.AssertReads("PONG\r\n+OK\r\n+OK\r\nMSG a 1 1\r\nx\r\n+OK\r\nPONG\r\n");
        client.Send("HPUB a 0 0\r\n\r\n");
        client.AssertReads("");
        Assert.Equal(CloseReason.ProtocolViolation, client.CloseReason);
    }

    [Fact]
    public void Connect_is_acknowledged_by_what_it_says_itself()
    {
        TestClient client = _node.Accept();
        client.Send("CONNECT {}\r\n");
        client.AssertReads("+OK\r\n");
        client.Send("CONNECT {\"verbose\":false}\r\n");
        client.AssertReads("");
        client.Send("CONNECT {\"name\":\"n\"}\r\n");
        client.AssertReads("");
        client.Send("CONNECT {\"verbose\":true}\r\n");
        client.AssertReads("+OK\r\n");
        Assert.Equal("n", client.Session.Options.Name);
    }

    [Fact]
    public void A_later_connect_keeps_what_it_does_not_name()
    {
        TestClient client = _node.Connect("\"echo\":false,\"name\":\"first\"");
        client.Send("CONNECT {\"lang\":\"c\"}\r\nSUB a 1\r\nPUB a 1\r\nx\r\nPING\r\n");
        client.AssertReads("PONG\r\n");
        Assert.Equal("first", client.Session.Options.Name);
        client.Send("CONNECT {\"echo\":true}\r\nPUB a 1\r\nx\r\n");
        client.AssertReads("MSG a 1 1\r\nx\r\n");
        client.Send("CONNECT {\"echo\":false}\r\nPUB a 1\r\nx\r\nPING\r\n");
        client.AssertReads("PONG\r\n");
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("2")]
    [InlineData("5")]
    public void A_protocol_that_does_not_exist_is_refused(string protocol)
    {
        TestClient client = _node.Accept();
        client.Send($"PING\r\nCONNECT {{\"protocol\":{protocol}}}\r\nPING\r\n");
        client.AssertReads("PONG\r\n-ERR 'invalid client protocol'\r\n");
        Assert.Equal(CloseReason.ProtocolViolation, client.CloseReason);
    }

    [Fact]
    public void No_responders_without_headers_is_refused()
    {
        TestClient client = _node.Accept();
        client.Send("CONNECT {\"no_responders\":true}\r\n");
        client.AssertReads("-ERR 'no responders requires headers support'\r\n");
        Assert.Equal(CloseReason.ProtocolViolation, client.CloseReason);
    }

    [Theory]
    [InlineData("CONNECT\r\n")]
    [InlineData("CONNECT {bad\r\n")]
    [InlineData("CONNECT []\r\n")]
    [InlineData("CONNECT {\"verbose\":\"x\"}\r\n")]
    [InlineData("CONNECT {\"name\":5}\r\n")]
    [InlineData("CONNECT {} x\r\n")]
    public void What_is_no_connect_closes_in_silence(string line)
    {
        TestClient client = _node.Accept();
        client.Send("PING\r\n" + line + "PING\r\n");
        client.AssertReads("PONG\r\n");
        Assert.Equal(CloseReason.ProtocolViolation, client.CloseReason);
    }

    [Theory]
    [InlineData("CONNECT{}\r\n")]
    [InlineData("CONNECT null\r\n")]
    [InlineData("CONNECT {\"VERBOSE\":null}\r\n")]
    public void Odd_forms_are_accepted(string line)
    {
        TestClient client = _node.Accept();
        client.Send(line);
        client.AssertReads("+OK\r\n");
        Assert.Equal(CloseReason.None, client.CloseReason);
    }

    [Fact]
    public void Info_comes_again_only_to_a_client_that_can_take_it_and_has_its_first_pong()
    {
        TestClient quiet = _node.Accept();
        TestClient old = _node.Accept();
        TestClient fresh = _node.Accept();
        TestClient ready = _node.Accept();
        old.Send("CONNECT {\"verbose\":false,\"protocol\":0}\r\nPING\r\n");
        fresh.Send("CONNECT {\"verbose\":false,\"protocol\":1}\r\n");
        ready.Send("CONNECT {\"verbose\":false,\"protocol\":1}\r\nPING\r\n");
        old.AssertReads("PONG\r\n");
        ready.AssertReads("PONG\r\n");

        _node.Context.Info = TestNode.Info with { LameDuck = true };
        foreach (TestClient client in new[] { quiet, old, fresh, ready })
        {
            client.Session.TellInfo();
        }

        quiet.AssertReads("");
        old.AssertReads("");
        fresh.AssertReads("");
        Assert.Contains("\"ldm\":true", ready.Read(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_changed_before_the_first_pong_is_told_with_it_and_once()
    {
        TestClient client = _node.Accept();
        TestClient old = _node.Accept();
        _node.Context.Info = TestNode.Info with { LameDuck = true };
        client.Session.TellInfo();
        client.Send("CONNECT {\"verbose\":false,\"protocol\":1}\r\nPING\r\n");
        string told = client.Read();
        Assert.StartsWith("PONG\r\nINFO {", told, StringComparison.Ordinal);
        Assert.Contains("\"ldm\":true", told, StringComparison.Ordinal);
        client.Send("PING\r\n");
        client.AssertReads("PONG\r\n");
        old.Send("CONNECT {\"verbose\":false,\"protocol\":0}\r\nPING\r\n");
        old.AssertReads("PONG\r\n");
    }
}
