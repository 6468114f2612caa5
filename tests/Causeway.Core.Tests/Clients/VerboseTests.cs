using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Clients;

/// <summary>What is acknowledged, when, and in which order with everything else.</summary>
public sealed class VerboseTests
{
    private readonly TestNode _node = new();

    [Theory]
    [InlineData("SUB a 1\r\n", "+OK\r\n")]
    [InlineData("UNSUB 1\r\n", "+OK\r\n")]
    [InlineData("UNSUB 77 3\r\n", "+OK\r\n")]
    [InlineData("PUB a 1\r\nx\r\n", "+OK\r\n")]
    [InlineData("HPUB a 0 1\r\nx\r\n", "+OK\r\n")]
    [InlineData("PING\r\n", "PONG\r\n")]
    [InlineData("PONG\r\n", "")]
    [InlineData("+OK\r\n", "")]
    [InlineData("INFO {}\r\n", "")]
    [InlineData("SUB a..b 1\r\n", "-ERR 'Invalid Subject'\r\n")]
    public void Each_command_has_its_answer(string command, string answer)
    {
        TestClient client = _node.Connect("\"verbose\":true");
        client.Send(command);
        client.AssertReads(answer);
    }

    [Fact]
    public void A_message_is_acknowledged_once_it_is_whole_and_before_its_echo()
    {
        TestClient client = _node.Connect("\"verbose\":true");
        client.Send("SUB a 1\r\n");
        client.AssertReads("+OK\r\n");
        client.Send("PUB a 5\r\nhel");
        client.AssertReads("");
        client.Send("lo\r");
        client.AssertReads("");
        client.Send("\n");
        client.AssertReads("+OK\r\nMSG a 1 5\r\nhello\r\n");
    }

    [Theory]
    [InlineData("a.*")]
    [InlineData(">")]
    [InlineData("*")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a.>")]
    public void A_pedantic_client_is_told_of_a_subject_that_it_cant_publish_to(string subject)
    {
        TestClient client = _node.Connect("\"verbose\":true,\"pedantic\":true");
        client.Send($"PUB {subject} 1\r\nx\r\nPING\r\n");
        client.AssertReads("-ERR 'Invalid Publish Subject'\r\n+OK\r\nPONG\r\n");

        TestClient silent = _node.Connect("\"pedantic\":true");
        silent.Send($"PUB {subject} 1\r\nx\r\nPING\r\n");
        silent.AssertReads("-ERR 'Invalid Publish Subject'\r\nPONG\r\n");

        TestClient careless = _node.Connect();
        careless.Send($"PUB {subject} 1\r\nx\r\nPING\r\n");
        careless.AssertReads("PONG\r\n");
    }

    [Theory]
    [InlineData("a.*b")]
    [InlineData("a*")]
    [InlineData("**")]
    [InlineData(">>")]
    [InlineData("a.>b")]
    public void A_wildcard_inside_a_token_is_an_ordinary_character(string subject)
    {
        TestClient client = _node.Connect("\"verbose\":true,\"pedantic\":true");
        client.Send($"SUB {subject} 1\r\nPUB {subject} 1\r\nx\r\n");
        client.AssertReads($"+OK\r\n+OK\r\nMSG {subject} 1 1\r\nx\r\n");
    }

    [Fact]
    public void What_a_pedantic_client_should_not_publish_is_delivered_where_it_matches()
    {
        TestClient client = _node.Connect("\"verbose\":true,\"pedantic\":true");
        client.Send("SUB a.* 1\r\nPUB a.* 1\r\nx\r\n");
        client.AssertReads("+OK\r\n-ERR 'Invalid Publish Subject'\r\n+OK\r\nMSG a.* 1 1\r\nx\r\n");
    }
}
