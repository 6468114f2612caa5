using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Routing;

public sealed class NoRespondersTests
{
    private const string None = "HMSG r.1 7 16 16\r\nNATS/1.0 503\r\n\r\n\r\n";

    private readonly TestNode _node = new();

    [Theory]
    [InlineData("SUB r.1 7\r\n")]
    [InlineData("SUB r.* 7\r\n")]
    [InlineData("SUB > 7\r\n", "PUB svc..x r.1 0\r\n\r\n")]
    [InlineData("SUB r.1 7\r\n", "PUB svc.* r.1 0\r\n\r\n")]
    [InlineData("SUB r.1 7\r\n", "PUB $JS.API.INFO r.1 0\r\n\r\n")]
    [InlineData("SUB r.1 7\r\n", "HPUB svc r.1 3 3\r\nabc\r\n")]
    [InlineData("SUB r.1 7\r\n", "PUB  svc  r.1  0\n\r\n")]
    public void A_request_that_nobody_hears_is_answered_on_the_requesters_own_subscription(string sub, string request = "PUB svc r.1 0\r\n\r\n")
    {
        TestClient client = _node.Connect();
        client.Send(sub + request + "PING\r\n");
        client.AssertReads(None + "PONG\r\n");
    }

    [Theory]
    [InlineData("SUB r.1 q 7\r\n")]
    [InlineData("SUB r.2 7\r\n")]
    [InlineData("")]
    public void Without_a_plain_subscription_of_its_own_it_is_not(string sub)
    {
        TestClient other = _node.Connect();
        other.Send("SUB r.1 7\r\n");
        TestClient client = _node.Connect();
        client.Send(sub + "PUB svc r.1 0\r\n\r\nPING\r\n");
        client.AssertReads("PONG\r\n");
        other.AssertReads("");
    }

    [Theory]
    [InlineData("\"no_responders\":false")]
    [InlineData("\"headers\":false,\"no_responders\":false")]
    public void Nor_for_a_client_that_did_not_ask_for_it(string options)
    {
        TestClient client = _node.Connect(options);
        client.Send("SUB r.1 7\r\nPUB svc r.1 0\r\n\r\nPING\r\n");
        client.AssertReads("PONG\r\n");
    }

    [Fact]
    public void Nor_without_a_reply_subject_or_with_a_responder()
    {
        TestClient client = _node.Connect();
        client.Send("SUB r.1 7\r\nPUB svc 0\r\n\r\nPING\r\n");
        client.AssertReads("PONG\r\n");
        TestClient responder = _node.Connect();
        responder.Send("SUB svc q 1\r\n");
        client.Send("PUB svc r.1 0\r\n\r\nPING\r\n");
        client.AssertReads("PONG\r\n");
        responder.AssertReads("MSG svc 1 r.1 0\r\n\r\n");
    }

    [Fact]
    public void Several_own_subscriptions_get_one_answer()
    {
        TestClient client = _node.Connect();
        client.Send("SUB r.1 7\r\nSUB r.* 7x\r\nSUB r.1 7y\r\nPUB svc r.1 0\r\n\r\nPING\r\n");
        Assert.Single(client.Read().Split("NATS/1.0 503").Skip(1));
    }

    [Theory]
    [InlineData("SUB svc 1\r\n")]
    [InlineData("SUB svc q 1\r\n")]
    public void A_client_without_echo_is_no_responder_to_itself(string sub)
    {
        TestClient client = _node.Connect("\"echo\":false");
        client.Send("SUB r.1 7\r\n" + sub + "PUB svc r.1 0\r\n\r\nPING\r\n");
        client.AssertReads(None + "PONG\r\n");
    }

    [Fact]
    public void The_answer_does_not_count_toward_the_limit_and_comes_behind_the_acknowledgement()
    {
        TestClient client = _node.Connect("\"verbose\":true");
        client.Send("SUB r.1 7\r\nUNSUB 7 1\r\n");
        client.AssertReads("+OK\r\n+OK\r\n");
        client.Send("PUB svc r.1 0\r\n\r\n");
        client.AssertReads("+OK\r\n" + None);
        client.Send("PUB svc r.1 0\r\n\r\nPUB r.1 0\r\n\r\n");
        client.AssertReads("+OK\r\n" + None + "+OK\r\nMSG r.1 7 0\r\n\r\n");
        client.Send("PUB svc r.1 0\r\n\r\n");
        client.AssertReads("+OK\r\n");
    }
}
