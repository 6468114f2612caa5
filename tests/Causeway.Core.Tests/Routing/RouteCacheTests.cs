using System.Globalization;
using System.Runtime.CompilerServices;
using Causeway.Core.Memory;
using Causeway.Core.Routing;
using Causeway.Core.Subjects;
using Causeway.Core.Subscriptions;
using Causeway.Core.Tests.Subjects;
using Causeway.Core.Tests.Subscriptions;
using Causeway.Core.Tests.Support;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Routing;

public sealed class RouteCacheTests
{
    private readonly MemoryBudget _budget = new(1L << 30);
    private readonly MemoryAccount _account;
    private readonly Tenant _tenant = new("t", new ByteHash(3));

    public RouteCacheTests() => _account = _budget.Open("loop");

    [Fact]
    public void A_cached_route_is_never_stale() =>
        Gen.Select(Gen.ULong, Gen.Select(IndexStep.Any, SubjectGen.Published, Gen.Int[0, 2]).Array[1, 60]).Sample(
            (seed, steps) =>
            {
                Tenant tenant = new("t", new ByteHash(seed));
                SubscriptionIndex index = tenant.Subscriptions;
                RouteCache cache = new(_budget.Open("loop"), 1 << 20);
                IndexModel model = new();
                foreach ((IndexStep step, string subject, int what) in steps)
                {
                    if (what > 0)
                    {
                        model.AssertRoute(subject, cache.Find(tenant, Wire.Bytes(subject)));
                    }
                    else if (step.Add is not null)
                    {
                        QueueGroupName? queue = step.Queue.Length > 0 ? index.InternQueue(Wire.Bytes(step.Queue)) : null;
                        Subscription subscription = TestSubscriptions.Create(step.Add, queue: queue);
                        index.Add(subscription);
                        model.Add(subscription);
                    }
                    else if (model.RemoveAt(step.Remove) is { } removed)
                    {
                        index.Remove(removed);
                    }
                }
            },
            iter: 5000);

    [Fact]
    public void A_route_is_looked_up_once_until_something_changes()
    {
        RouteCache cache = new(_account, 1 << 20);
        Find(cache, "a.b");
        Find(cache, "a.b");
        Find(cache, "a.b");
        Assert.Equal((2, 1), (cache.Hits, cache.Misses));
        _tenant.Subscriptions.Add(TestSubscriptions.Create("a.*"));
        Assert.Equal(1, Find(cache, "a.b").Plain.Length);
        Find(cache, "a.b");
        Assert.Equal((3, 2), (cache.Hits, cache.Misses));
    }

    [Fact]
    public void Subjects_of_another_tenant_are_others()
    {
        RouteCache cache = new(_account, 1 << 20);
        Tenant other = new("other", new ByteHash(3));
        Subscription here = TestSubscriptions.Create("a");
        Subscription there = TestSubscriptions.Create("a");
        _tenant.Subscriptions.Add(here);
        other.Subscriptions.Add(there);
        Assert.Same(here, Find(cache, "a").Plain[0]);
        Assert.Same(there, cache.Find(other, "a"u8).Plain[0]);
        Assert.Same(here, Find(cache, "a").Plain[0]);
    }

    /// <summary>More subjects than slots, each longer than the one before: every answer is still its own.</summary>
    [Fact]
    public void Subjects_that_share_a_slot_are_told_apart()
    {
        RouteCache cache = new(_account, 1L << 30);
        Subscription[] all = [.. Enumerable.Range(0, 5000).Select(i => TestSubscriptions.Create(Name(i)))];
        Array.ForEach(all, _tenant.Subscriptions.Add);
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < all.Length; i++)
            {
                Route route = Find(cache, Name(i));
                Assert.Equal(1, route.Plain.Length);
                Assert.Same(all[i], route.Plain[0]);
            }
        }
    }

    /// <summary>Else a client that is gone would stay in memory, in nobody's books, until somebody publishes on its subjects.</summary>
    [Fact]
    public void Routes_that_no_longer_hold_keep_nobody_alive()
    {
        RouteCache cache = new(_account, 1 << 20);
        _tenant.Subscriptions.Add(TestSubscriptions.Create("kept"));
        WeakReference[] gone = [.. new[] { "a", "b", "b.c" }.Select(subject => AddFindAndRemove(cache, subject))];
        Assert.Equal(1, Find(cache, "kept").Plain.Length);
        long held = _account.Bytes;
        cache.DropStale();
        GC.Collect();
        Assert.All(gone, reference => Assert.False(reference.IsAlive));
        Assert.Equal(held, _account.Bytes);
        Assert.True(Find(cache, "a").IsEmpty);
        long hits = cache.Hits;
        Assert.Equal(1, Find(cache, "kept").Plain.Length);
        Assert.Equal(hits + 1, cache.Hits);
        new RouteCache(_account, 0).DropStale();
    }

    [Fact]
    public void What_it_holds_is_booked_and_given_back()
    {
        RouteCache cache = new(_account, 1L << 30);
        for (int i = 0; i < 30; i++)
        {
            _tenant.Subscriptions.Add(TestSubscriptions.Create(">", queue: _tenant.Subscriptions.InternQueue(Wire.Bytes(Name(i % 5)))));
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 3000; i++)
        {
            Find(cache, Name(i));
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.InRange(_account.BytesOf(MemoryUse.Routes), allocated / 4, allocated);
        cache.Clear();
        Assert.Equal((0, 0), (_account.Bytes, _budget.Total));
        cache.Clear();
        Assert.Equal(0, _account.Bytes);
        Assert.Equal(30, TestSubscriptions.All(Find(cache, "x")).Count);
    }

    [Fact]
    public void It_begins_anew_when_it_would_hold_too_much_and_still_answers()
    {
        RouteCache cache = new(_account, 250_000);
        for (int i = 0; i < 5000; i++)
        {
            Subscription subscription = TestSubscriptions.Create(Name(i));
            _tenant.Subscriptions.Add(subscription);
            Assert.Same(subscription, Find(cache, Name(i)).Plain[0]);
            Assert.InRange(_account.BytesOf(MemoryUse.Routes), 0, 250_000);
        }

        Assert.True(cache.Overflows > 0);
    }

    [Fact]
    public void Without_any_room_it_answers_and_holds_nothing()
    {
        RouteCache cache = new(_account, 0);
        _tenant.Subscriptions.Add(TestSubscriptions.Create("a"));
        Assert.Equal(1, Find(cache, "a").Plain.Length);
        Assert.Equal(1, Find(cache, "a").Plain.Length);
        Assert.Equal(0, _account.Bytes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference AddFindAndRemove(RouteCache cache, string subject)
    {
        SubscriptionIndex index = _tenant.Subscriptions;
        Subscription subscription = TestSubscriptions.Create(subject, queue: subject == "b" ? index.InternQueue("q"u8) : null);
        index.Add(subscription);
        Assert.Single(TestSubscriptions.All(Find(cache, subject)));
        index.Remove(subscription);
        return new WeakReference(subscription);
    }

    private static string Name(int number) => $"subject.{new string('x', number % 70)}.{number.ToString(CultureInfo.InvariantCulture)}";

    private Route Find(RouteCache cache, string subject) => cache.Find(_tenant, Wire.Bytes(subject));
}
