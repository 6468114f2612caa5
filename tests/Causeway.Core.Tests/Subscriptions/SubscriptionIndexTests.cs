using System.Reflection;
using Causeway.Core.Subjects;
using Causeway.Core.Subscriptions;
using Causeway.Core.Tests.Subjects;
using Causeway.Core.Tests.Support;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Subscriptions;

/// <summary>The index against a list that is matched one by one.</summary>
public sealed class SubscriptionIndexTests
{
    [Fact]
    public void Any_course_of_adding_and_removing_leaves_the_routes_that_a_list_has() =>
        Gen.Select(Gen.ULong, IndexStep.Any.Array[0, 40], SubjectGen.Published.Array[1, 12]).Sample(
            (seed, steps, subjects) =>
            {
                SubscriptionIndex index = new(new ByteHash(seed));
                IndexModel model = new();
                Route route = new();
                foreach (IndexStep step in steps)
                {
                    Apply(step, index, model);
                    foreach (string subject in subjects)
                    {
                        byte[] bytes = Wire.Bytes(subject);
                        Assert.Equal(index.Stamp(index.Hash.Of(bytes)), index.Match(bytes, index.Hash.Of(bytes), route));
                        model.AssertRoute(subject, route);
                    }
                }

                model.AssertHeld(index);
                while (model.RemoveAt(0) is { } left)
                {
                    Assert.True(index.Remove(left));
                    Assert.False(index.Remove(left));
                }

                model.AssertHeld(index);
                AssertEmpty(index);
            },
            iter: 5000);

    [Fact]
    public void A_sample_is_bounded_has_each_subscription_once_and_is_fair_to_all_prefixes()
    {
        SubscriptionIndex index = new(new ByteHash(7));
        for (int i = 0; i < 20_000; i++)
        {
            index.Add(TestSubscriptions.Create($"{(i % 4 == 0 ? "few" : "many")}.{i}"));
            index.Add(TestSubscriptions.Create($"pattern.{i}.*"));
        }

        HashSet<string> all = [];
        Assert.Equal((20_000, 20_000), index.Sample(1_000_000, subscription => Assert.True(all.Add(TestSubscriptions.SubjectOf(subscription)))));
        int few = 0;
        (int literals, int patterns) = index.Sample(4000, subscription => few += subscription.Subject.StartsWith("few"u8) ? 1 : 0);
        Assert.Equal((4000, 1000), (literals, patterns));
        Assert.InRange(few, 800, 1200);
        Assert.Equal((0, 0), new SubscriptionIndex(new ByteHash(7)).Sample(10, _ => Assert.Fail("nobody is there")));
    }

    [Fact]
    public void A_stamp_changes_whenever_the_route_does() =>
        Gen.Select(Gen.ULong, IndexStep.Any.Array[1, 30], SubjectGen.Published.Array[1, 8]).Sample(
            (seed, steps, subjects) =>
            {
                SubscriptionIndex index = new(new ByteHash(seed));
                IndexModel model = new();
                Route route = new();
                Dictionary<string, (long Stamp, HashSet<Subscription> Route)> before = [];
                foreach (IndexStep step in steps)
                {
                    Apply(step, index, model);
                    foreach (string subject in subjects)
                    {
                        byte[] bytes = Wire.Bytes(subject);
                        long stamp = index.Match(bytes, index.Hash.Of(bytes), route);
                        HashSet<Subscription> now = TestSubscriptions.All(route);
                        if (before.TryGetValue(subject, out (long Stamp, HashSet<Subscription> Route) last) && last.Stamp == stamp)
                        {
                            Assert.True(now.SetEquals(last.Route), $"the route of {subject} changed under one stamp");
                        }

                        before[subject] = (stamp, now);
                    }
                }
            },
            iter: 5000);

    [Fact]
    public void A_literal_makes_stale_only_the_routes_of_its_bucket()
    {
        SubscriptionIndex index = new(new ByteHash(3));
        long[] before = [.. Enumerable.Range(0, 256).Select(bucket => index.Stamp((uint)bucket))];
        index.Add(TestSubscriptions.Create("a.literal"));
        Assert.Single(Enumerable.Range(0, 256), bucket => index.Stamp((uint)bucket) != before[bucket]);
        index.Add(TestSubscriptions.Create("a.*"));
        Assert.All(Enumerable.Range(0, 256), bucket => Assert.NotEqual(before[bucket], index.Stamp((uint)bucket)));
    }

    [Fact]
    public void A_queue_group_has_one_name_object_as_long_as_it_is_used()
    {
        SubscriptionIndex index = new(new ByteHash(3));
        QueueGroupName first = index.InternQueue("q"u8);
        Assert.Same(first, index.InternQueue("q"u8));
        Assert.NotSame(first, index.InternQueue("Q"u8));
        index.ReleaseQueue(first);
        Assert.Same(first, index.InternQueue("q"u8));
        index.ReleaseQueue(first);
        index.ReleaseQueue(first);
        index.ReleaseQueue(null);
        Assert.NotSame(first, index.InternQueue("q"u8));
    }

    [Fact]
    public void A_visit_ends_when_it_is_told_to()
    {
        SubscriptionIndex index = new(new ByteHash(3));
        foreach (string subject in new[] { "a", "a", "b", "a.*", "a.*", ">", "*.b.c" })
        {
            index.Add(TestSubscriptions.Create(subject));
        }

        for (int most = 1; most <= 7; most++)
        {
            int visited = 0;
            index.Visit(_ => ++visited < most);
            Assert.Equal(most, visited);
        }

        Assert.Equal(7, index.Inserts);
    }

    private static void Apply(IndexStep step, SubscriptionIndex index, IndexModel model)
    {
        if (step.Add is not null)
        {
            QueueGroupName? queue = step.Queue.Length > 0 ? index.InternQueue(Wire.Bytes(step.Queue)) : null;
            Subscription subscription = TestSubscriptions.Create(step.Add, queue: queue);
            index.Add(subscription);
            model.Add(subscription);
        }
        else if (model.RemoveAt(step.Remove) is { } removed)
        {
            Assert.True(index.Remove(removed));
        }
    }

    /// <summary>Nothing is left inside either: no branch of the trie, no name of a queue group.</summary>
    private static void AssertEmpty(SubscriptionIndex index)
    {
        object patterns = Field(index, "_patterns");
        object root = Field(patterns, "_root");
        Assert.True((bool)root.GetType().GetProperty("IsEmpty")!.GetValue(root)!, "a branch of the trie is left");
        Assert.Empty((Dictionary<byte[], QueueGroupName>)Field(index, "_queues"));
    }

    private static object Field(object of, string name) =>
        of.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(of)!;
}
