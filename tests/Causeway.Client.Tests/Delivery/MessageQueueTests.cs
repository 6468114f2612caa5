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
