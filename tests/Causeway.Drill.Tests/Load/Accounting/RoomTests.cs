using Causeway.Drill.Load.Accounting;
using Xunit;

namespace Causeway.Drill.Tests.Load.Accounting;

/// <summary>What counts as lost, doubled or out of order.</summary>
public sealed class RoomTests
{
    private readonly Room _room = new("a.b");
    private readonly Tally _tally = new();
    private int _ids;

    [Fact]
    public void What_is_published_before_a_subscriber_is_settled_is_not_owed_to_it()
    {
        MessageStream stream = Publish(3);
        Receiver receiver = Settled("reader");
        receiver.Receive(stream.Id, 2);
        Publish(stream, 1);
        receiver.Receive(stream.Id, 3);
        Assert.Equal((1, 0, 0), (_tally.LocalReceived, _tally.LocalLost, _tally.Disordered));
    }

    [Fact]
    public void A_gap_in_a_stream_that_goes_on_is_a_loss_and_what_comes_late_is_only_out_of_order()
    {
        Receiver receiver = Settled("reader");
        MessageStream stream = Publish(6);
        Receive(receiver, stream, 0, 1, 5);
        Assert.Equal(3, _tally.LocalLost);
        Receive(receiver, stream, 3);
        Assert.Equal((4, 2, 1), (_tally.LocalReceived, _tally.LocalLost, _tally.Disordered));
        Receive(receiver, stream, 2, 4);
        Assert.Equal((6, 0, 3), (_tally.LocalReceived, _tally.LocalLost, _tally.Disordered));
    }

    [Fact]
    public void A_message_that_comes_twice_is_disorder_and_no_delivery()
    {
        Receiver receiver = Settled("reader");
        MessageStream stream = Publish(2);
        Receive(receiver, stream, 0, 0, 1, 0);
        Assert.Equal((2, 0, 2), (_tally.LocalReceived, _tally.LocalLost, _tally.Disordered));
    }

    [Fact]
    public void What_a_publisher_sent_last_before_its_node_died_is_owed_by_nobody()
    {
        Receiver receiver = Settled("reader");
        MessageStream stream = Publish(10);
        Receive(receiver, stream, 0, 1);
        _room.Close(stream);
        Assert.All(_room.Debts(), debt => Assert.True(_room.IsPaid(debt)));

        // What its client still had to send went over the next connection.
        Receive(receiver, stream, 8, 9);
        Assert.Equal((4, 0, 0), (_tally.LocalReceived, _tally.LocalLost, _tally.Disordered));
    }

    [Fact]
    public void What_was_missing_before_the_node_died_stays_lost()
    {
        Receiver receiver = Settled("reader");
        MessageStream stream = Publish(10);
        Receive(receiver, stream, 0, 4);
        _room.Close(stream);
        Assert.Equal(3, _tally.LocalLost);
    }

    [Fact]
    public void A_stream_that_begins_later_is_owed_from_its_first_message()
    {
        Receiver receiver = Settled("reader");
        MessageStream stream = Publish(3);
        Receive(receiver, stream, 2);
        Assert.Equal(2, _tally.LocalLost);
    }

    [Fact]
    public void Its_own_messages_are_not_owed_to_a_client()
    {
        Receiver receiver = Settled("writer");
        Publish(3);
        Debt debt = Assert.Single(_room.Debts());
        Assert.True(_room.IsPaid(debt));
        Assert.Equal("writer", receiver.Client);
    }

    [Fact]
    public void Deliveries_between_regions_count_as_remote()
    {
        Receiver receiver = Settled("reader", "west");
        MessageStream stream = Publish(3);
        Receive(receiver, stream, 0, 2);
        Assert.Equal((0, 0, 2, 1), (_tally.LocalReceived, _tally.LocalLost, _tally.RemoteReceived, _tally.RemoteLost));
    }

    [Fact]
    public void What_has_not_come_by_the_end_is_lost_until_it_comes_after_all()
    {
        Receiver receiver = Settled("reader");
        MessageStream stream = Publish(5);
        Receive(receiver, stream, 0, 1);
        Debt debt = Assert.Single(_room.Debts());
        Assert.False(_room.IsPaid(debt));
        debt.Receiver.GiveUp(stream.Id, debt.Number);
        Assert.Equal(3, _tally.LocalLost);
        Assert.True(_room.IsPaid(debt));
        Receive(receiver, stream, 2, 3, 4);
        Assert.Equal((5, 0), (_tally.LocalReceived, _tally.LocalLost));
    }

    [Fact]
    public void Ended_streams_are_forgotten_at_the_second_look()
    {
        Receiver receiver = Settled("reader");
        MessageStream stream = Publish(5);
        _room.Close(stream);
        List<MessageStream> ended = [];
        _room.Sweep(ended);
        Receive(receiver, stream, 0);
        Assert.Equal(1, _tally.LocalReceived);
        _room.Sweep(ended);
        Receive(receiver, stream, 1);
        Assert.Equal(1, _tally.LocalReceived);
        Assert.Empty(ended);
    }

    private static void Receive(Receiver receiver, MessageStream stream, params long[] numbers) => Array.ForEach(numbers, number => receiver.Receive(stream.Id, number));

    private static void Publish(MessageStream stream, int count)
    {
        for (int i = 0; i < count; i++)
        {
            stream.CountSent();
        }
    }

    private Receiver Settled(string client, string region = "east")
    {
        Receiver receiver = new(client, region, _tally);
        _room.Settle(receiver);
        return receiver;
    }

    private MessageStream Publish(int count)
    {
        MessageStream stream = new(++_ids, "writer", "east");
        _room.Open(stream);
        Publish(stream, count);
        return stream;
    }
}
