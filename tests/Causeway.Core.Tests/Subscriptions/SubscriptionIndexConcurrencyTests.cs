using Causeway.Core.Memory;
using Causeway.Core.Routing;
using Causeway.Core.Subscriptions;
using Causeway.Core.Tests.Subjects;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Subscriptions;

/// <summary>Threads that add and remove their own subscriptions while others match: every answer is possible, the last one exact.</summary>
public sealed class SubscriptionIndexConcurrencyTests
{
    private const int Writers = 3;
    private const int Steps = 30_000;

    private static readonly string[] Patterns = ["a", "b", "a.b", "a.c", "a.*", "*.b", "a.>", ">", "*", "a.b.c", "a.*.c", "b.>"];
    private static readonly string[] Published = ["a", "b", "c", "a.b", "a.c", "b.b", "a.b.c", "a.x.c", "x.y.z", "a..b", "a.*", ">"];
    private static readonly string?[] Queues = [null, null, "q", "p"];

    private readonly Tenant _tenant = new("t", new Core.Subjects.ByteHash(9));
    private readonly MemoryBudget _budget = new(1L << 30);

    [Fact]
    public async Task The_end_is_exact_and_so_is_every_cached_route()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        SubscriptionIndex index = _tenant.Subscriptions;
        bool done = false;
        Task<RouteCache>[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => Match(ref done), cancel))];
        List<Subscription>[] left = await Task.WhenAll(Enumerable.Range(0, Writers).Select(seed => Task.Run(() => AddAndRemove(seed), cancel)));
        Volatile.Write(ref done, true);
        RouteCache[] caches = await Task.WhenAll(readers);

        IndexModel model = new();
        foreach (Subscription subscription in left.SelectMany(kept => kept))
        {
            model.Add(subscription);
        }

        model.AssertHeld(index);
        foreach (string subject in Published)
        {
            foreach (RouteCache cache in caches)
            {
                model.AssertRoute(subject, cache.Find(_tenant, Wire.Bytes(subject)));
            }
        }

        await Task.WhenAll(left.Select(kept => Task.Run(() => kept.ForEach(subscription => Assert.True(index.Remove(subscription))), cancel)));
        Assert.Equal((0, 0, 0), (index.Count, index.PatternCount, index.LiteralSubjects));
        foreach (string subject in Published)
        {
            Assert.All(caches, cache => Assert.True(cache.Find(_tenant, Wire.Bytes(subject)).IsEmpty));
        }
    }

    /// <summary>Two threads end the same subscriptions; each is ended once.</summary>
    [Fact]
    public async Task A_subscription_is_removed_by_one_of_many_threads()
    {
        SubscriptionIndex index = _tenant.Subscriptions;
        for (int round = 0; round < 200; round++)
        {
            Subscription[] all = [.. Enumerable.Range(0, 50).Select(i => TestSubscriptions.Create(Patterns[i % Patterns.Length]))];
            Array.ForEach(all, index.Add);
            int[] removed = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ =>
                Task.Run(() => all.Count(index.Remove), TestContext.Current.CancellationToken)));
            Assert.Equal(50, removed.Sum());
            Assert.Equal(0, index.Count);
        }
    }

    private List<Subscription> AddAndRemove(int seed)
    {
        SubscriptionIndex index = _tenant.Subscriptions;
        Random random = new(seed);
        List<Subscription> held = [];
        for (int step = 0; step < Steps; step++)
        {
            if (held.Count < 20 && random.Next(2) == 0)
            {
                string? queue = Queues[random.Next(Queues.Length)];
                QueueGroupName? name = queue is null ? null : index.InternQueue(Wire.Bytes(queue));
                Subscription subscription = TestSubscriptions.Create(Patterns[random.Next(Patterns.Length)], queue: name);
                index.Add(subscription);
                held.Add(subscription);
            }
            else if (held.Count > 0)
            {
                int place = random.Next(held.Count);
                Assert.True(index.Remove(held[place]));
                held.RemoveAt(place);
            }
        }

        return held;
    }

    private RouteCache Match(ref bool done)
    {
        RouteCache cache = new(_budget.Open("reader"), 1 << 20);
        byte[][] published = [.. Published.Select(Wire.Bytes)];
        while (!Volatile.Read(ref done))
        {
            for (int i = 0; i < published.Length; i++)
            {
                foreach (Subscription subscription in TestSubscriptions.All(cache.Find(_tenant, published[i])))
                {
                    Assert.True(NaiveSubject.Matches(TestSubscriptions.SubjectOf(subscription), Published[i]));
                }
            }
        }

        return cache;
    }
}
