using Causeway.Core.Clients;
using Causeway.Core.Memory;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Clients;

public sealed class SlowConsumerTests
{
    private static readonly Limits Small = new() { MaxPendingBytes = 100_000, PausePendingBytes = 50_000, MaxPayloadBytes = 60_000 };

    [Fact]
    public void A_client_with_too_much_waiting_is_closed_in_silence_and_others_get_everything()
    {
        TestNode node = new(Small);
        TestClient slow = node.Connect();
        TestClient fast = node.Connect();
        TestClient publisher = node.Connect();
        slow.Send("SUB a 1\r\n");
        fast.Send("SUB a 1\r\n");
        slow.Stalled = true;
        string message = $"PUB a 1000\r\n{new string('x', 1000)}\r\n";
        for (int i = 0; i < 200; i++)
        {
            publisher.Send(message);
        }

        Assert.Equal(CloseReason.SlowConsumerPendingBytes, slow.CloseReason);
        Assert.InRange(slow.Session.Outbound.PendingBytes, 90_000, 100_000);
        Assert.Equal(200 * ("MSG a 1 1000\r\n".Length + 1002), fast.Read().Length);
        slow.Disconnect();
        fast.Disconnect();
        publisher.Disconnect();
        node.AssertNothingHeld();
    }

    [Fact]
    public void Just_as_much_as_may_wait_waits()
    {
        string line = "MSG a 1 990\r\n";
        long most = 10 * (line.Length + 992);
        TestNode node = new(new Limits { MaxPendingBytes = most, PausePendingBytes = most, MaxPayloadBytes = 1000 });
        TestClient client = node.Connect();
        client.Send("SUB a 1\r\n");
        client.Stalled = true;
        TestClient publisher = node.Connect();
        string message = $"PUB a 990\r\n{new string('x', 990)}\r\n";
        publisher.Send(string.Concat(Enumerable.Repeat(message, 10)));
        Assert.Equal(most, client.Session.Outbound.PendingBytes);
        Assert.Equal(CloseReason.None, client.CloseReason);
        Assert.Null(node.Batch.Lagging);
        client.Send("PING\r\n");
        Assert.Equal(CloseReason.SlowConsumerPendingBytes, client.CloseReason);
    }

    [Fact]
    public void A_client_that_lags_is_named_so_that_its_publisher_can_wait()
    {
        TestNode node = new(Small);
        TestClient slow = node.Connect();
        slow.Send("SUB a 1\r\n");
        slow.Stalled = true;
        TestClient publisher = node.Connect();
        string message = $"PUB a 10000\r\n{new string('x', 10_000)}\r\n";
        for (int i = 0; i < 4; i++)
        {
            publisher.Send(message);
            Assert.Null(node.Batch.Lagging);
        }

        publisher.Send(message);
        Assert.Same(slow.Session.Outbound, node.Batch.Lagging);
        node.Batch.Lagging = null;
        slow.Stalled = false;
        slow.Flush();
        publisher.Send(message);
        Assert.Null(node.Batch.Lagging);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(60_000)]
    public void A_client_is_closed_when_memory_has_no_room_for_what_it_should_get(int payload)
    {
        TestNode node = new(new Limits { MaxPendingBytes = 1 << 30, PausePendingBytes = 1 << 30 });
        TestClient slow = node.Connect();
        TestClient publisher = node.Connect();
        slow.Send("SUB a 1\r\n");
        publisher.Send("PUB a 0\r\n\r\n");
        slow.Stalled = true;
        node.Budget.LimitBytes = node.Budget.Total + (200 * 1024);
        string message = $"PUB a {payload}\r\n{new string('x', payload)}\r\n";
        for (int i = 0; i < 5000 && slow.CloseReason == CloseReason.None; i++)
        {
            publisher.Send(message);
        }

        Assert.Equal(CloseReason.SlowConsumerMemory, slow.CloseReason);
        Assert.True(slow.Session.Outbound.IsClosed);
        Assert.True(node.Budget.Total <= node.Budget.LimitBytes);
        Assert.True(node.Budget.Refusals > 0);
        Assert.Equal(CloseReason.None, publisher.CloseReason);
        slow.Disconnect();
        publisher.Disconnect();
        node.AssertNothingHeld();
    }

    [Fact]
    public void A_publisher_that_is_its_own_slow_consumer_still_reaches_the_others()
    {
        TestNode node = new(Small);
        TestClient other = node.Connect();
        TestClient publisher = node.Connect();
        other.Send("SUB a 1\r\n");
        publisher.Send("SUB a 1\r\n");
        publisher.Stalled = true;
        for (int i = 0; i < 150; i++)
        {
            publisher.Send($"PUB a 1000\r\n{new string('x', 1000)}\r\n");
        }

        Assert.Equal(CloseReason.SlowConsumerPendingBytes, publisher.CloseReason);
        Assert.Equal(150 * ("MSG a 1 1000\r\n".Length + 1002), other.Read().Length);
        publisher.Disconnect();
        other.Disconnect();
        node.AssertNothingHeld();
    }

    [Fact]
    public void A_client_with_nothing_waiting_gets_the_largest_message_whatever_else_its_line_holds()
    {
        Limits limits = new() { MaxControlLineBytes = 1024, MaxPayloadBytes = 8192, MaxPendingBytes = 8192, PausePendingBytes = 8192 };
        Assert.Empty(limits.Validate());
        TestNode node = new(limits);
        TestClient client = node.Connect();
        string sid = new('9', 1000);
        string subject = new('a', 500);
        string reply = new('r', 512);
        client.Send($"SUB * {sid}\r\nHPUB {subject} {reply} 10 8192\r\n{new string('x', 8192)}\r\n");
        Assert.Equal(CloseReason.None, client.CloseReason);
        client.AssertReads($"HMSG {subject} {sid} {reply} 10 8192\r\n{new string('x', 8192)}\r\n");
    }

    [Fact]
    public void An_answer_that_memory_has_no_room_for_closes_by_that_reason_who_has_more_waiting()
    {
        TestNode node = new();
        TestClient client = node.Connect();
        node.Pool.Trim();
        node.Pool.Trim();
        node.Budget.LimitBytes = node.Budget.Total + 100;
        client.Stalled = true;
        for (int i = 0; i * "PONG\r\n".Length < BlockPool.SmallBytes; i++)
        {
            Assert.Equal(CloseReason.None, client.CloseReason);
            client.Send("PING\r\n");
        }

        Assert.Equal(CloseReason.SlowConsumerMemory, client.CloseReason);
        client.Disconnect();
        node.AssertNothingHeld();
    }

    [Fact]
    public void What_was_appended_in_part_does_not_count_as_delivered()
    {
        TestNode node = new(new Limits { MaxPendingBytes = 1 << 30, PausePendingBytes = 1 << 30 });
        TestClient slow = node.Connect();
        TestClient publisher = node.Connect("\"no_responders\":true");
        slow.Send("SUB a 1\r\n");
        publisher.Send("SUB r 1\r\n");
        slow.Stalled = true;
        node.Budget.LimitBytes = node.Budget.Total + (100 * 1024);
        publisher.Stalled = true;
        publisher.Send($"PUB a r 300000\r\n{new string('x', 300_000)}\r\n");
        Assert.Equal(0, slow.Session.OutMessages);
        Assert.Equal(CloseReason.SlowConsumerMemory, slow.CloseReason);
        slow.Disconnect();
        publisher.Disconnect();
        Assert.Equal(0, node.Budget.TotalOf(MemoryUse.Pending));
        node.AssertNothingHeld();
    }
}
