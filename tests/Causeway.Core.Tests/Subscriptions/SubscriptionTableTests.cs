using System.Globalization;
using Causeway.Core.Subjects;
using Causeway.Core.Subscriptions;
using Causeway.Core.Tests.Support;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Subscriptions;

/// <summary>The table against a dictionary.</summary>
public sealed class SubscriptionTableTests
{
    private static readonly Gen<string> Key = Gen.Int[0, 40].Select(number => "k" + number.ToString(CultureInfo.InvariantCulture));

    [Fact]
    public void Any_course_of_putting_and_removing_leaves_what_a_dictionary_has() =>
        Gen.Select(Gen.ULong, Gen.Select(Key, Gen.Int[0, 4]).Array[0, 300]).Sample(
            (seed, steps) =>
            {
                ByteHash hash = new(seed);
                SubscriptionTable<BySubject> table = new(hash);
                Dictionary<string, Subscription> model = [];
                foreach ((string key, int what) in steps)
                {
                    if (what < 3)
                    {
                        Subscription subscription = TestSubscriptions.Create(key);
                        table.Put(subscription);
                        model[key] = subscription;
                    }
                    else
                    {
                        table.Remove(Wire.Bytes(key));
                        model.Remove(key);
                    }

                    AssertSame(table, model, hash);
                }
            },
            iter: 1000);

    /// <summary>Phases of growing and shrinking over thousands of keys, through all the table's ways of changing its size.</summary>
    [Fact]
    public void Also_with_as_many_keys_as_make_it_change_its_shape() =>
        Gen.Select(Gen.ULong, Gen.Select(Gen.Int[0, 3000], Gen.Int[0, 100]).Array[1, 8]).Sample(
            (seed, phases) =>
            {
                ByteHash hash = new(seed);
                SubscriptionTable<BySubject> table = new(hash);
                Dictionary<string, Subscription> model = [];
                Random random = new((int)seed);
                foreach ((int steps, int share) in phases)
                {
                    for (int step = 0; step < steps; step++)
                    {
                        string key = "key." + random.Next(5000).ToString(CultureInfo.InvariantCulture);
                        if (random.Next(100) < share)
                        {
                            table.Put(model[key] = TestSubscriptions.Create(key));
                        }
                        else
                        {
                            table.Remove(Wire.Bytes(model.Count > 0 && step % 2 == 0 ? key = model.First().Key : key));
                            model.Remove(key);
                        }

                        Assert.Equal(model.Count, table.Count);
                    }

                    AssertHolds(table, model);
                }
            },
            iter: 60);

    [Fact]
    public void An_emptied_table_is_small_again()
    {
        SubscriptionTable<BySid> table = new(new ByteHash(1));
        Subscription[] all = [.. Enumerable.Range(0, 100_000).Select(i => TestSubscriptions.Create("a", i.ToString(CultureInfo.InvariantCulture)))];
        foreach (Subscription subscription in all)
        {
            table.Put(subscription);
        }

        Assert.Equal(100_000, table.Count);
        Assert.InRange(table.SlotCount, 100_000 * 8 / 7, 100_000 * 8 / 3);
        Assert.All(all, subscription => Assert.Same(subscription, table.Find(subscription.Sid)));
        foreach (Subscription subscription in all)
        {
            table.Remove(subscription.Sid);
        }

        Assert.Equal((0, 0), (table.Count, table.SlotCount));
        Assert.Null(table.Find("1"u8));
        table.Remove("1"u8);
    }

    [Fact]
    public void A_new_table_holds_nothing_and_takes_no_memory()
    {
        SubscriptionTable<BySid> table = new(new ByteHash(1));
        Assert.Equal((0, 0), (table.Count, table.SlotCount));
        Assert.Null(table.Find("1"u8));
        table.Remove("1"u8);
    }

    private static void AssertSame(SubscriptionTable<BySubject> table, Dictionary<string, Subscription> model, ByteHash hash)
    {
        AssertHolds(table, model);
        for (int number = 0; number <= 40; number++)
        {
            string key = "k" + number.ToString(CultureInfo.InvariantCulture);
            byte[] bytes = Wire.Bytes(key);
            Assert.Same(model.GetValueOrDefault(key), table.Find(bytes));
            Assert.Same(model.GetValueOrDefault(key), table.Find(bytes, hash.Of(bytes)));
        }
    }

    /// <summary>A walk meets each entry once, and each entry is found.</summary>
    private static void AssertHolds(SubscriptionTable<BySubject> table, Dictionary<string, Subscription> model)
    {
        Assert.Equal(model.Count, table.Count);
        int met = 0;
        for (int slot = 0; slot < table.SlotCount; slot++)
        {
            if (table.At(slot) is { } subscription)
            {
                met++;
                Assert.Same(model[TestSubscriptions.SubjectOf(subscription)], subscription);
            }
        }

        Assert.Equal(model.Count, met);
        foreach ((string key, Subscription subscription) in model)
        {
            Assert.Same(subscription, table.Find(Wire.Bytes(key)));
        }
    }
}
