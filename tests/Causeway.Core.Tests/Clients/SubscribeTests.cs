using Causeway.Core.Clients;
using Causeway.Core.Subscriptions;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Clients;

public sealed class SubscribeTests
{
    private readonly TestNode _node = new();

    [Fact]
    public void A_sid_in_use_is_left_as_it_is()
    {
        TestClient client = _node.Connect("\"verbose\":true");
        client.Send("SUB a 1\r\nSUB b 1\r\nSUB a q 1\r\n");
        client.AssertReads("+OK\r\n+OK\r\n+OK\r\n");
        client.Send("PUB a 1\r\n1\r\nPUB b 1\r\n2\r\n");
        client.AssertReads("+OK\r\nMSG a 1 1\r\n1\r\n+OK\r\n");
        Assert.Equal(1, client.Session.Subscriptions.Count);
    }

    [Fact]
    public void A_sid_is_free_again_after_unsub()
    {
        TestClient client = _node.Connect();
        client.Send("SUB a 1\r\nUNSUB 1\r\nSUB b 1\r\nPUB a 1\r\n1\r\nPUB b 1\r\n2\r\n");
        client.AssertReads("MSG b 1 1\r\n2\r\n");
    }

    [Theory]
    [InlineData("UNSUB 1")]
    [InlineData("UNSUB 1 0")]
    [InlineData("UNSUB 1 -1")]
    [InlineData("UNSUB 1 abc")]
    [InlineData("UNSUB 1 1.5")]
    [InlineData("UNSUB 1 1234567890")]
    public void Unsub_without_a_number_ends_at_once(string unsub)
    {
        TestClient client = _node.Connect();
        client.Send($"SUB a 1\r\n{unsub}\r\nPUB a 1\r\nx\r\nPING\r\n");
        client.AssertReads("PONG\r\n");
        Assert.Equal(0, client.Session.Subscriptions.Count);
        Assert.Equal(0, _node.Tenant.Subscriptions.Count);
    }

    [Fact]
    public void Unsub_with_a_number_counts_from_the_beginning()
    {
        TestClient client = _node.Connect();
        client.Send("SUB a 1\r\nPUB a 1\r\n1\r\nUNSUB 1 3\r\nPUB a 1\r\n2\r\nPUB a 1\r\n3\r\nPUB a 1\r\n4\r\nPING\r\n");
        client.AssertReads("MSG a 1 1\r\n1\r\nMSG a 1 1\r\n2\r\nMSG a 1 1\r\n3\r\nPONG\r\n");
        Assert.Equal(0, client.Session.Subscriptions.Count);
        client.Send("SUB b 1\r\nPUB b 1\r\n5\r\n");
        client.AssertReads("MSG b 1 1\r\n5\r\n");
    }

    [Fact]
    public void Unsub_with_a_number_that_is_reached_already_ends_at_once()
    {
        TestClient client = _node.Connect();
        client.Send("SUB a 1\r\nPUB a 1\r\n1\r\nPUB a 1\r\n2\r\nUNSUB 1 2\r\nPUB a 1\r\n3\r\nPING\r\n");
        client.AssertReads("MSG a 1 1\r\n1\r\nMSG a 1 1\r\n2\r\nPONG\r\n");
        Assert.Equal(0, client.Session.Subscriptions.Count);
    }

    [Fact]
    public void A_later_number_takes_the_place_of_an_earlier_one()
    {
        TestClient client = _node.Connect();
        client.Send("SUB a 1\r\nUNSUB 1 1\r\nUNSUB 1 3\r\n");
        client.Send(string.Concat(Enumerable.Repeat("PUB a 1\r\nx\r\n", 5)));
        client.AssertReads(string.Concat(Enumerable.Repeat("MSG a 1 1\r\nx\r\n", 3)));
    }

    /// <summary>Another thread may have delivered the last message and not have ended the subscription yet.</summary>
    [Fact]
    public void A_sid_whose_subscription_has_its_last_message_is_free()
    {
        TestClient client = _node.Connect();
        client.Send("SUB a 1\r\nUNSUB 1 2\r\n");
        Subscription subscription = Assert.Single(client.Session.Subscriptions.List(10));
        subscription.Delivered = 2;
        client.Send("SUB b 1\r\n");
        client.Session.Subscriptions.End(subscription);
        client.Send("PUB b 1\r\nx\r\n");
        client.AssertReads("MSG b 1 1\r\nx\r\n");
        Assert.Equal(1, client.Session.Subscriptions.Count);
        Assert.Equal(1, _node.Tenant.Subscriptions.Count);
    }

    [Fact]
    public void A_new_number_does_not_revive_a_subscription_that_has_its_last_message()
    {
        TestClient client = _node.Connect();
        client.Send("SUB a 1\r\nUNSUB 1 2\r\n");
        Subscription subscription = Assert.Single(client.Session.Subscriptions.List(10));
        subscription.Delivered = 2;
        client.Send("UNSUB 1 5\r\nPUB a 1\r\nx\r\nPING\r\n");
        client.AssertReads("PONG\r\n");
    }

    [Fact]
    public void Another_client_has_its_own_sids()
    {
        TestClient first = _node.Connect();
        TestClient second = _node.Connect();
        first.Send("SUB a 1\r\n");
        second.Send("SUB a 1\r\nUNSUB 1\r\nPUB a 1\r\nx\r\n");
        first.AssertReads("MSG a 1 1\r\nx\r\n");
        second.AssertReads("");
    }

    [Fact]
    public void The_limit_is_told_before_all_else_and_does_not_close()
    {
        TestNode node = new(new Limits { MaxSubscriptions = 2 });
        TestClient client = node.Connect();
        client.Send("SUB a 1\r\nSUB b 2\r\nSUB c 3\r\nSUB a 1\r\nSUB a..b 4\r\nPING\r\n");
        string error = "-ERR 'maximum subscriptions exceeded'\r\n";
        client.AssertReads(error + error + error + "PONG\r\n");
        client.Send("UNSUB 1\r\nSUB c 3\r\nPUB c 1\r\nx\r\n");
        client.AssertReads("MSG c 3 1\r\nx\r\n");
        Assert.Equal(CloseReason.None, client.CloseReason);
    }

    [Fact]
    public void A_governor_that_refuses_is_obeyed_and_counts()
    {
        TestClient client = _node.Connect();
        client.Send("SUB a 1\r\n");
        _node.Governor.Evaluate(0.95);
        client.Send("SUB b 2\r\nUNSUB 1\r\n");
        client.AssertReads("-ERR 'maximum subscriptions exceeded'\r\n");
        Assert.Equal(1, _node.Governor.RefusedSubscriptions);
        _node.Governor.Evaluate(0.1);
        client.Send("SUB b 2\r\nPUB b 0\r\n\r\n");
        client.AssertReads("MSG b 2 0\r\n\r\n");
    }

    [Fact]
    public void A_budget_that_has_no_room_is_obeyed_and_nothing_stays_behind()
    {
        TestClient client = _node.Connect();
        _node.Budget.LimitBytes = _node.Budget.Held + 100;
        client.Send("SUB a queue 1\r\nSUB > 2\r\n");
        _node.Budget.LimitBytes = 1 << 30;
        client.Flush();
        Assert.Equal(2, _node.Governor.RefusedSubscriptions);
        Assert.Equal(0, client.Session.Subscriptions.Count);
        client.Disconnect();
        _node.AssertNothingHeld();
    }

    [Fact]
    public void A_sid_and_a_queue_may_be_any_token()
    {
        TestClient client = _node.Connect();
        client.Send("SUB a *.> sid-1.x\r\nSUB a q..b abc\r\nSUB a Q..b ABC\r\nPUB a 1\r\nx\r\n");
        string[] got = client.Read().Split("\r\nx\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["MSG a ABC 1", "MSG a abc 1", "MSG a sid-1.x 1"], got.Order(StringComparer.Ordinal));
    }
}
