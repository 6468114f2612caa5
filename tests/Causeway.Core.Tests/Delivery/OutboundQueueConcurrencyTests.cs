using System.Buffers.Binary;
using Causeway.Core.Delivery;
using Causeway.Core.Memory;
using Xunit;

namespace Causeway.Core.Tests.Delivery;

/// <summary>
/// Several threads append numbered records and flush as sessions do, against a socket that takes what it likes: each record
/// arrives once, whole, and in its thread's order.
/// </summary>
public sealed class OutboundQueueConcurrencyTests
{
    private const int Appenders = 3;
    private const int HeaderBytes = 12;

    private readonly MemoryBudget _budget = new(1L << 30);
    private readonly List<byte> _socket = [];
    private readonly Random _socketDice = new(5);
    private readonly BlockPool _pool;
    private readonly MemoryAccount _account;
    private readonly OutboundQueue _queue;
    private Block? _unsent;
    private int _senders;

    public OutboundQueueConcurrencyTests()
    {
        _pool = new BlockPool(_budget, 1 << 20);
        _account = _budget.Open("client");
        _queue = new OutboundQueue(_pool, _account);
    }

    [Fact]
    public async Task Every_record_arrives_once_whole_and_in_its_threads_order()
    {
        const int Records = 20_000;
        CancellationToken cancel = TestContext.Current.CancellationToken;
        Task[] appenders = [.. Enumerable.Range(0, Appenders).Select(id => Task.Run(() => Append(id, Records), cancel))];
        Task all = Task.WhenAll(appenders);
        while (!all.IsCompleted)
        {
            ResumeIfBlocked();
        }

        await all;
        while (_queue.PendingBytes > 0)
        {
            ResumeIfBlocked();
            Flush();
        }

        int[] next = new int[Appenders];
        byte[] bytes = [.. _socket];
        for (int at = 0; at < bytes.Length;)
        {
            int id = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
            int number = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 4));
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 8));
            Assert.Equal(next[id]++, number);
            Assert.False(bytes.AsSpan(at + HeaderBytes, length).ContainsAnyExcept((byte)number));
            at += HeaderBytes + length;
        }

        Assert.All(next, count => Assert.Equal(Records, count));
        Assert.Equal(_socket.Count, _queue.SentBytes);
        Assert.Equal((0, 0, 0), (_queue.PendingBytes, _account.Bytes, _budget.Leaks));
        Assert.True(_queue.TryEndSending());
        _queue.Discard(_unsent);
        Assert.Equal(_pool.IdleBytes, _budget.Total);
    }

    [Fact]
    public async Task An_end_in_the_middle_of_it_all_gives_everything_back()
    {
        for (int round = 0; round < 200; round++)
        {
            MemoryAccount account = _budget.Open("round");
            OutboundQueue queue = new(_pool, account);
            Task[] appenders = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => AppendUntilClosed(queue), TestContext.Current.CancellationToken))];
            while (queue.SentBytes < 20_000)
            {
                Thread.Yield();
            }

            while (!queue.TryEndSending())
            {
                Thread.Yield();
            }

            queue.Discard(null);
            await Task.WhenAll(appenders);
            Assert.Equal((0, 0), (queue.PendingBytes, account.Bytes));
            _budget.Close(account);
        }

        Assert.Equal(0, _budget.Leaks);
        Assert.Equal(_pool.IdleBytes, _budget.Total);
    }

    private static void AppendUntilClosed(OutboundQueue queue)
    {
        byte[] record = new byte[1000];
        while (true)
        {
            bool flush;
            lock (queue.Gate)
            {
                if (queue.IsClosed)
                {
                    return;
                }

                Assert.True(queue.TryAppend(record));
                flush = queue.MarkAppended();
            }

            for (Block? blocks = flush ? queue.BeginSend() : null; blocks is not null;)
            {
                long sent = 0;
                while (blocks is not null)
                {
                    sent += blocks.Length;
                    blocks = queue.ReturnFirst(blocks);
                }

                blocks = queue.EndSend(sent, null);
            }
        }
    }

    private void Append(int id, int records)
    {
        Random random = new(id);
        byte[] record = new byte[HeaderBytes + 20_000];
        for (int number = 0; number < records; number++)
        {
            int length = random.Next(100) switch { 0 => random.Next(20_000), < 10 => random.Next(3000), _ => random.Next(100) };
            BinaryPrimitives.WriteInt32LittleEndian(record, id);
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), number);
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), length);
            record.AsSpan(HeaderBytes, length).Fill((byte)number);
            ReadOnlySpan<byte> whole = record.AsSpan(0, HeaderBytes + length);
            bool flush;
            lock (_queue.Gate)
            {
                Span<byte> room = _queue.Reserve(whole.Length);
                whole[..room.Length].CopyTo(room);
                Assert.True(room.Length == whole.Length || _queue.TryAppend(whole));
                flush = _queue.MarkAppended();
            }

            if (flush)
            {
                Flush();
            }
        }
    }

    private void Flush()
    {
        if (_queue.BeginSend() is { } blocks)
        {
            Send(blocks);
        }
    }

    private void ResumeIfBlocked()
    {
        bool blocked;
        lock (_queue.Gate)
        {
            blocked = _queue.IsBlocked;
        }

        if (blocked)
        {
            Block blocks = _unsent!;
            _unsent = null;
            _queue.ResumeSend();
            Send(blocks);
        }
    }

    /// <summary>Sends as a connection does, to a socket that takes all, a part, or nothing.</summary>
    private void Send(Block first)
    {
        Assert.Equal(1, Interlocked.Increment(ref _senders));
        Block? blocks = first;
        while (blocks is not null)
        {
            long offered = 0;
            for (Block? block = blocks; block is not null; block = block.Next)
            {
                offered += block.Length;
            }

            long taken = _socketDice.Next(4) == 0 ? _socketDice.NextInt64(offered + 1) : offered;
            blocks = Take(blocks, taken);
            if (blocks is not null)
            {
                _unsent = blocks;
                Interlocked.Decrement(ref _senders);
                _queue.EndSend(taken, blocks);
                return;
            }

            Interlocked.Decrement(ref _senders);
            blocks = _queue.EndSend(taken, null);
            if (blocks is not null)
            {
                Assert.Equal(1, Interlocked.Increment(ref _senders));
            }
        }
    }

    private Block? Take(Block? block, long bytes)
    {
        while (block is not null && bytes >= block.Length)
        {
            _socket.AddRange(block.Used);
            bytes -= block.Length;
            block = _queue.ReturnFirst(block);
        }

        if (block is not null)
        {
            _socket.AddRange(block.Used[..(int)bytes]);
            block.Start += (int)bytes;
        }

        return block;
    }
}
