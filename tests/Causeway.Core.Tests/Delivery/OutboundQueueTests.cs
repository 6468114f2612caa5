using Causeway.Core.Delivery;
using Causeway.Core.Memory;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Delivery;

public sealed class OutboundQueueTests
{
    private readonly MemoryBudget _budget = new(1L << 30);
    private readonly BlockPool _pool;
    private readonly MemoryAccount _account;
    private readonly OutboundQueue _queue;

    public OutboundQueueTests()
    {
        _pool = new BlockPool(_budget, 1 << 20);
        _account = _budget.Open("client");
        _queue = new OutboundQueue(_pool, _account);
    }

    [Fact]
    public void A_small_answer_takes_a_small_block()
    {
        Append("PONG\r\n");
        Assert.Equal((6, BlockPool.SmallBytes), (_queue.PendingBytes, _account.BytesOf(MemoryUse.Pending)));
        Append(new string('x', BlockPool.SmallBytes - 6));
        Assert.Equal(BlockPool.SmallBytes, _account.Bytes);
        Append("y");
        Assert.Equal(BlockPool.SmallBytes + BlockPool.LargeBytes, _account.Bytes);
        Assert.Equal("PONG\r\n" + new string('x', BlockPool.SmallBytes - 6) + "y", Drain());
        Assert.Equal((0, BlockPool.SmallBytes + 1, 0), (_queue.PendingBytes, _queue.SentBytes, _account.Bytes));
    }

    [Fact]
    public void Bytes_are_split_over_blocks_where_they_must_be()
    {
        string text = string.Concat(Enumerable.Range(0, 40_000).Select(i => (char)('a' + (i % 26))));
        Append("first ");
        for (int i = 0; i < 5; i++)
        {
            Append(text);
        }

        Assert.Equal("first " + string.Concat(Enumerable.Repeat(text, 5)), Drain());
        Assert.Equal(0, _account.Bytes);
    }

    [Fact]
    public void Room_is_in_one_piece_up_to_an_eighth_of_a_block_and_larger_only_where_a_block_has_it()
    {
        Assert.Equal(8192, Reserve(8192, 'a'));
        Assert.Equal(50_000, Reserve(50_000, 'b'));
        Assert.Equal(0, Reserve(8193, 'c'));
        Assert.Equal(7344, Reserve(7344, 'd'));
        Assert.Equal(8192, Reserve(8192, 'e'));
        Assert.Equal(0, Reserve(70_000, 'f'));
        Assert.Equal(8192 + 50_000 + 7344 + 8192, _queue.PendingBytes);
        Assert.Equal(new string('a', 8192) + new string('b', 50_000) + new string('d', 7344) + new string('e', 8192), Drain());
    }

    [Fact]
    public void Room_that_does_not_fit_behind_the_last_bytes_begins_a_new_block_and_keeps_the_order()
    {
        Reserve(BlockPool.SmallBytes - 10, 'a');
        Reserve(11, 'b');
        Append("c");
        Assert.Equal(new string('a', BlockPool.SmallBytes - 10) + new string('b', 11) + "c", Drain());
    }

    [Fact]
    public void Without_memory_nothing_is_reserved_and_an_append_says_no()
    {
        _budget.LimitBytes = BlockPool.SmallBytes;
        Assert.Equal(2000, Reserve(2000, 'a'));
        Assert.Equal(0, Reserve(100, 'b'));
        lock (_queue.Gate)
        {
            Assert.False(_queue.TryAppend(new byte[100]));
            Assert.Equal(BlockPool.SmallBytes, _queue.PendingBytes);
        }

        _queue.Discard(null);
        Assert.Equal((0, 0), (_queue.PendingBytes, _account.Bytes));
    }

    [Fact]
    public void One_of_many_appenders_is_asked_to_flush()
    {
        Append("a");
        Assert.True(Mark());
        Append("b");
        Assert.False(Mark());
        Assert.True(_queue.FlushIsDue);
        Block first = _queue.BeginSend()!;
        Assert.False(_queue.FlushIsDue);
        Append("c");
        Assert.False(Mark());
        Block second = Sent(first)!;
        Assert.Equal("c", Wire.Text(second.Used));
        Assert.Null(Sent(second));
        Append("d");
        Assert.True(Mark());
        Assert.Equal("d", Drain());
    }

    [Fact]
    public void One_thread_at_a_time_sends()
    {
        Assert.Null(_queue.BeginSend());
        Append("a");
        Block block = _queue.BeginSend()!;
        Append("b");
        Assert.Null(_queue.BeginSend());
        block = Sent(block)!;
        Assert.Null(_queue.BeginSend());
        Assert.Null(Sent(block));
        Append("c");
        Assert.Equal("c", Drain());
    }

    [Fact]
    public void A_sender_whose_socket_is_full_stays_the_sender_and_goes_on_later()
    {
        Append("abcdef");
        Block block = _queue.BeginSend()!;
        block.Start += 2;
        Assert.Null(_queue.EndSend(2, block));
        Assert.True(_queue.IsBlocked);
        Assert.Equal((4, 2), (_queue.PendingBytes, _queue.SentBytes));
        Append("gh");
        Assert.False(Mark());
        Assert.Null(_queue.BeginSend());
        _queue.ResumeSend();
        Assert.False(_queue.IsBlocked);
        Assert.Equal("cdef", Wire.Text(block.Used));
        Block next = Sent(block)!;
        Assert.Equal("gh", Wire.Text(next.Used));
        _queue.CountSent(1);
        Assert.Equal(1, _queue.PendingBytes);
        _queue.ReturnFirst(next);
        Assert.Null(_queue.EndSend(1, null));
        Assert.Equal((0, 8, 0), (_queue.PendingBytes, _queue.SentBytes, _account.Bytes));
    }

    [Fact]
    public void A_closed_queue_still_sends_what_waits()
    {
        Append("last words");
        _queue.Close();
        Assert.True(_queue.IsClosed);
        Assert.Equal("last words", Drain());
    }

    [Fact]
    public void Once_sending_ends_nobody_begins()
    {
        Append("a");
        Assert.True(_queue.TryEndSending());
        Assert.True(_queue.IsClosed);
        Assert.Null(_queue.BeginSend());
        _queue.Discard(null);
        Assert.Equal((0, 0), (_queue.PendingBytes, _account.Bytes));
        Assert.Null(_queue.BeginSend());
        _queue.Discard(null);
    }

    [Fact]
    public void Sending_does_not_end_while_a_thread_is_at_it()
    {
        Append("a");
        Block block = _queue.BeginSend()!;
        Assert.False(_queue.TryEndSending());
        Assert.Null(Sent(block));
        Assert.True(_queue.TryEndSending());
        _queue.Discard(null);
        Assert.Equal(0, _account.Bytes);
    }

    [Fact]
    public void What_a_blocked_sender_holds_is_given_back_with_the_rest()
    {
        Append(new string('x', 100_000));
        Block blocks = _queue.BeginSend()!;
        Append("more");
        Assert.Null(_queue.EndSend(0, blocks));
        Assert.True(_queue.TryEndSending());
        _queue.Discard(blocks);
        Assert.Equal((0, 0, false), (_queue.PendingBytes, _account.Bytes, _queue.IsBlocked));
        Assert.Equal(_pool.IdleBytes, _budget.Total);
    }

    [Fact]
    public void A_peek_copies_what_waits_and_takes_nothing()
    {
        byte[] sample = new byte[100_000];
        Assert.Equal(0, _queue.Peek(sample));
        Append(new string('a', 5000));
        Append(new string('b', 90_000));
        Assert.Equal(95_000, _queue.Peek(sample));
        Assert.Equal(new string('a', 5000) + new string('b', 90_000), Wire.Text(sample.AsSpan(0, 95_000)));
        Assert.Equal(10, _queue.Peek(sample.AsSpan(0, 10)));
        Assert.Equal(0, _queue.Peek([]));
        Assert.Equal(95_000, Drain().Length);
    }

    [Fact]
    public void Blocks_are_leased_again_rather_than_allocated()
    {
        for (int i = 0; i < 100; i++)
        {
            Append(new string('x', 3000));
            Drain();
        }

        Assert.Equal(1, _pool.Allocations);
        Assert.Equal(100, _pool.Leases);
    }

    private void Append(string text)
    {
        lock (_queue.Gate)
        {
            Assert.True(_queue.TryAppend(Wire.Bytes(text)));
        }
    }

    private int Reserve(int bytes, char fill)
    {
        lock (_queue.Gate)
        {
            Span<byte> room = _queue.Reserve(bytes);
            room.Fill((byte)fill);
            return room.Length;
        }
    }

    private bool Mark()
    {
        lock (_queue.Gate)
        {
            return _queue.MarkAppended();
        }
    }

    /// <summary>All of <paramref name="block"/>, which is alone, was sent.</summary>
    private Block? Sent(Block block)
    {
        int length = block.Length;
        Assert.Null(_queue.ReturnFirst(block));
        return _queue.EndSend(length, null);
    }

    private string Drain()
    {
        string text = "";
        Block? blocks = _queue.BeginSend();
        while (blocks is not null)
        {
            long sent = 0;
            while (blocks is not null)
            {
                text += Wire.Text(blocks.Used);
                sent += blocks.Length;
                blocks = _queue.ReturnFirst(blocks);
            }

            blocks = _queue.EndSend(sent, null);
        }

        return text;
    }
}
