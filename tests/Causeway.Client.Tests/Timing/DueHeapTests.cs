using Causeway.Client.Timing;
using CsCheck;
using Xunit;

namespace Causeway.Client.Tests.Timing;

public sealed class DueHeapTests
{
    [Fact]
    public void Items_come_out_when_due_and_in_order_whatever_was_removed_between() =>
        Gen.Select(Gen.Int[0, 50], Gen.Int[0, 3]).Array[0, 200].Sample(steps =>
        {
            DueHeap<Item> heap = new();
            List<Item> model = [];
            foreach ((int number, int step) in steps)
            {
                if (step <= 1)
                {
                    Item item = new(number);
                    heap.Add(item);
                    model.Add(item);
                }
                else if (step == 2 && model.Count > 0)
                {
                    Item item = model[number % model.Count];
                    heap.Remove(item);
                    heap.Remove(item);
                    model.Remove(item);
                    Assert.True(item.HeapIndex < 0);
                }
                else
                {
                    while (heap.TryTake(number, out Item? taken))
                    {
                        Assert.Equal(model.Min(item => item.DueAt), taken.DueAt);
                        Assert.True(model.Remove(taken));
                    }

                    Assert.DoesNotContain(model, item => item.DueAt <= number);
                }

                Assert.Equal(model.Count, heap.Count);
                Assert.Equal(model.Select(item => item.DueAt).DefaultIfEmpty(long.MaxValue).Min(), heap.FirstDue);
            }
        });

    private sealed class Item(long dueAt) : IDue
    {
        public long DueAt => dueAt;

        public int HeapIndex { get; set; } = -1;
    }
}
