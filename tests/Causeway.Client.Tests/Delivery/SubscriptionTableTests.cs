using Causeway.Client.Delivery;
using Causeway.Client.Protocol;
using Xunit;

namespace Causeway.Client.Tests.Delivery;

public sealed class SubscriptionTableTests
{
    private readonly SubscriptionTable _table = new();

    [Fact]
    public void A_sink_is_told_once_when_all_that_was_received_together_is_delivered()
    {
        RecordingSink one = new();
        RecordingSink two = new();
        RecordingSink idle = new();
        SubscriptionEntry first = _table.Add("a", null, null, one);
        SubscriptionEntry second = _table.Add("b", null, null, two);
        _table.Add("c", null, null, idle);
        Deliver(first, first, second, first);
        _table.Delivered();
        Deliver(first);
        _table.Delivered();
        _table.Delivered();

        Assert.Equal("mmm.m.", one.Log);
        Assert.Equal("m.", two.Log);
        Assert.Equal("", idle.Log);
    }

    [Fact]
    public void What_was_removed_gets_nothing_even_if_it_got_the_last_message()
    {
        RecordingSink sink = new();
        SubscriptionEntry entry = _table.Add("a", null, null, sink);
        Deliver(entry);
        Assert.True(_table.Remove(entry));
        Assert.False(_table.Remove(entry));
        Deliver(entry);

        Assert.Equal("m", sink.Log);
    }

    [Fact]
    public void A_subscription_ends_with_its_last_message_and_is_still_told_that_it_came()
    {
        RecordingSink sink = new();
        SubscriptionEntry entry = _table.Add("a", null, 2, sink);
        Deliver(entry, entry, entry);
        _table.Delivered();

        Assert.Equal("mme.", sink.Log);
        Assert.Equal(0, _table.Count);
    }

    private void Deliver(params SubscriptionEntry[] entries)
    {
        foreach (SubscriptionEntry entry in entries)
        {
            _table.Deliver(new InboundMessage { Sid = entry.Sid, Subject = "a"u8, ReplyTo = default, Headers = default, Payload = default });
        }
    }

    /// <summary>Writes a letter for each call: message, point for all delivered, end.</summary>
    private sealed class RecordingSink : IMessageSink
    {
        public string Log { get; private set; } = "";

        public void Deliver(in InboundMessage message) => Log += "m";

        public void Delivered() => Log += ".";

        public void End(Exception? error) => Log += "e";
    }
}
