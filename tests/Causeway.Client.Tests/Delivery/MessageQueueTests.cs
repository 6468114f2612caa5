using Causeway.Client.Delivery;
using CsCheck;
using Xunit;

namespace Causeway.Client.Tests.Delivery;

public sealed class MessageQueueTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void The_bounds_hold_whatever_comes_and_the_policy_chooses_what_is_dropped() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 200], Gen.Bool, Gen.Int[0, 100].Array[0, 30]).Sample((messagesMax, bytesMax, oldest, sizes) =>
        {
            MessageQueue queue = new(messagesMax, bytesMax, oldest ? SlowConsumerPolicy.DropOldest : SlowConsumerPolicy.DropNewest);
            List<int> model = [];
            int dropped = 0;
            foreach (int size in sizes)
            {
                queue.Add(MessageOf(size));
                bool full = Full(model, size);
                while (oldest && Full(model, size))
                {
                    model.RemoveAt(0);
                    dropped++;
                }

                if (full && !oldest)
                {
                    dropped++;
                }
                else
                {
                    model.Add(size);
                }

                Assert.Equal((model.Count, model.Sum(held => held + 1), dropped), queue.Pending);
            }

            queue.Complete();
            Assert.Equal(model, Read(queue).Result);
            Assert.Equal((0, 0, dropped), queue.Pending);

            bool Full(List<int> held, int size) =>
                held.Count > 0 && (held.Count >= messagesMax || held.Sum(one => one + 1) + size + 1 > bytesMax);
        });

    [Fact]
    public void What_the_reader_has_taken_and_not_handed_on_counts_as_waiting() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 200], Gen.Bool, Gen.Int[-60, 100].Array[0, 60]).Sample((messagesMax, bytesMax, oldest, steps) =>
        {
            MessageQueue queue = new(messagesMax, bytesMax, oldest ? SlowConsumerPolicy.DropOldest : SlowConsumerPolicy.DropNewest);
            List<int> model = [];
            int dropped = 0;
            bool slow = false;
            foreach (int step in steps)
            {
                if (step < 0)
                {
                    Assert.Equal(model.Count > 0, queue.TryTake(out Message taken));
                    if (model.Count > 0)
                    {
                        Assert.Equal(model[0], taken.Data.Length);
                        model.RemoveAt(0);
                    }

                    slow &= model.Count > 0;
                }
                else
                {
                    bool full = Full(step);
                    Assert.Equal(full && !slow, queue.Add(MessageOf(step), out bool drops));
                    Assert.Equal(full, drops);
                    slow |= full;
                    while (oldest && Full(step))
                    {
                        model.RemoveAt(0);
                        dropped++;
                    }

                    dropped += full && !oldest ? 1 : 0;
                    model.AddRange(full && !oldest ? [] : [step]);
                }

                Assert.Equal((model.Count, model.Sum(held => held + 1), dropped), queue.Pending);
            }

            bool Full(int size) => model.Count > 0 && (model.Count >= messagesMax || model.Sum(one => one + 1) + size + 1 > bytesMax);
        });

    [Fact]
    public async Task Discarding_reaches_what_the_reader_has_taken_already()
    {
        MessageQueue queue = new(10, 1000, SlowConsumerPolicy.DropNewest);
        for (int i = 1; i <= 3; i++)
        {
            queue.Add(MessageOf(i));
        }

        await using IAsyncEnumerator<Message> reader = queue.ReadAllAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal(2, queue.Pending.Messages);
        queue.Complete(discard: true);
        Assert.Equal((0, 0, 0), queue.Pending);
        Assert.False(await reader.MoveNextAsync());
        Assert.True(queue.Finished.IsCompleted);
        Assert.False(await reader.MoveNextAsync());
    }

    [Fact]
    public async Task Another_reader_goes_on_where_one_has_left()
    {
        MessageQueue queue = new(10, 1000, SlowConsumerPolicy.DropNewest);
        for (int i = 1; i <= 3; i++)
        {
            queue.Add(MessageOf(i));
        }

        await using (IAsyncEnumerator<Message> first = queue.ReadAllAsync(Cancelled).GetAsyncEnumerator(Cancelled))
        {
            Assert.True(await first.MoveNextAsync());
            await using IAsyncEnumerator<Message> second = queue.ReadAllAsync(Cancelled).GetAsyncEnumerator(Cancelled);
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await second.MoveNextAsync());
        }

        queue.Complete();
        Assert.Equal([2, 3], await Read(queue));
    }

    [Fact]
    public async Task A_waiting_reader_is_woken_once_for_all_that_were_added()
    {
        MessageQueue queue = new(10, 1000, SlowConsumerPolicy.DropNewest);
        await using IAsyncEnumerator<Message> reader = queue.ReadAllAsync(Cancelled).GetAsyncEnumerator(Cancelled);
        ValueTask<bool> next = reader.MoveNextAsync();
        queue.Add(MessageOf(1), out _);
        queue.Add(MessageOf(2), out _);
        Assert.False(next.IsCompleted);
        queue.Wake();
        Assert.True(await next);
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal(2, reader.Current.Data.Length);
    }

    [Fact]
    public async Task A_reader_that_waits_can_be_cancelled()
    {
        MessageQueue queue = new(10, 1000, SlowConsumerPolicy.DropNewest);
        using CancellationTokenSource cancel = new();
        await using IAsyncEnumerator<Message> reader = queue.ReadAllAsync(cancel.Token).GetAsyncEnumerator(Cancelled);
        ValueTask<bool> next = reader.MoveNextAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await next);
        queue.Complete();
        Assert.True(queue.Finished.IsCompleted);
    }

    [Fact]
    public async Task A_reader_gets_all_in_order_while_they_come()
    {
        MessageQueue queue = new(int.MaxValue, long.MaxValue, SlowConsumerPolicy.DropNewest);
        Task<List<int>> reading = Task.Run(() => Read(queue), Cancelled);
        for (int i = 0; i < 50_000; i++)
        {
            queue.Add(MessageOf(i % 100));
        }

        queue.Complete();

        Assert.Equal(Enumerable.Range(0, 50_000).Select(i => i % 100), await reading);
    }

    [Fact]
    public async Task The_end_waits_for_the_reader_only_where_there_is_one()
    {
        MessageQueue unread = new(10, 1000, SlowConsumerPolicy.DropNewest);
        unread.Complete();
        Assert.True(unread.Finished.IsCompleted);

        MessageQueue queue = new(10, 1000, SlowConsumerPolicy.DropNewest);
        queue.Add(MessageOf(1));
        await using (IAsyncEnumerator<Message> reader = queue.ReadAllAsync(Cancelled).GetAsyncEnumerator(Cancelled))
        {
            await reader.MoveNextAsync();
            queue.Complete(new BusException("end"));
            Assert.False(queue.Finished.IsCompleted);
            Assert.False(queue.Add(MessageOf(1)));
            await Assert.ThrowsAsync<BusException>(async () => await reader.MoveNextAsync());
        }

        Assert.True(queue.Finished.IsCompleted);
    }

    [Fact]
    public async Task Discarding_empties_the_queue_and_ends_the_reader()
    {
        MessageQueue queue = new(10, 1000, SlowConsumerPolicy.DropNewest);
        queue.Add(MessageOf(1));
        queue.Complete(discard: true);

        Assert.Empty(await Read(queue));
        Assert.Equal((0, 0, 0), queue.Pending);
    }

    private static Message MessageOf(int size) => new(null, "s", null, null, 0, new byte[size]);

    private static async Task<List<int>> Read(MessageQueue queue)
    {
        List<int> sizes = [];
        await foreach (Message message in queue.ReadAllAsync(Cancelled))
        {
            sizes.Add(message.Data.Length);
        }

        return sizes;
    }
}
