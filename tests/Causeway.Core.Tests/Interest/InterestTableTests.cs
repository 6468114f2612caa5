using Causeway.Core.Interest;
using Causeway.Core.Memory;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Interest;

[Collection(nameof(Alone))]
public sealed class InterestTableTests
{
    private readonly MemoryAccount _account = TestInterest.NewAccount();

    [Fact]
    public void A_literal_takes_few_bytes()
    {
        const int Count = 1_000_000;
        Random random = new(1);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        InterestTable table = TestInterest.NewTable(_account);
        for (int i = 0; i < Count; i++)
        {
            table.AddLiteral((ulong)random.NextInt64((long)InterestPosition.LiteralEnd));
        }

        double allocated = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Count;
        double booked = table.MemoryBytes / (double)Count;
        TestContext.Current.TestOutputHelper?.WriteLine($"{allocated:0.00} bytes allocated and {booked:0.00} booked for each literal");
        Assert.InRange(allocated, 16, 20);
        Assert.InRange(booked, allocated * 0.9, allocated * 1.1);
        while (table.RemoveSome(10_000))
        {
        }

        Assert.Equal(0, _account.Bytes);
    }

    /// <summary>The incident's load on a stalled link: it must leave nothing behind.</summary>
    [Fact]
    public void What_comes_and_goes_untold_leaves_nothing()
    {
        InterestTable table = TestInterest.NewTable(_account);
        InterestCursor cursor = table.Register();
        for (int i = 0; i < 100_000; i++)
        {
            table.AddLiteral(TestInterest.Literal(i));
            table.AddText(TestInterest.Text(i % 100));
            table.RemoveLiteral(TestInterest.Literal(i));
            table.RemoveText(TestInterest.Text(i % 100));
        }

        Assert.Equal(0, table.Tombstones);
        Assert.Equal(0, _account.Bytes);
        Assert.Equal(0UL, table.Horizon);
        Assert.False(cursor.IsLost);
    }

    [Fact]
    public void The_cursors_that_lag_most_are_given_up_for_the_bound()
    {
        InterestTable table = TestInterest.NewTable(_account, maxTombstones: 1000);
        Fill(table, 20_000);
        InterestCursor lagging = table.Register();
        InterestCursor moving = table.Register();
        Tell(table);
        long most = 0;
        for (int i = 0; i < 20_000; i++)
        {
            table.RemoveLiteral(TestInterest.Literal(i));
            most = Math.Max(most, table.Tombstones);
            if (i % 100 == 0)
            {
                table.Advance(moving, table.Version);
            }
        }

        Assert.True(lagging.IsLost);
        Assert.False(moving.IsLost);
        Assert.Equal(1, table.Evictions);
        Assert.InRange(most, 1000, 1100);
        Assert.Null(table.TryRegister(lagging.Version));
        Assert.NotNull(table.TryRegister(moving.Version));
    }

    /// <summary>A purge goes on over many changes; who registers meanwhile must not lose what it has yet to take.</summary>
    [Fact]
    public void A_cursor_is_refused_where_a_purge_is_on_its_way()
    {
        InterestTable table = TestInterest.NewTable(_account, maxTombstones: 10_000);
        Fill(table, 40_000);
        Tell(table);
        InterestCursor lagging = table.Register();
        for (int i = 0; !lagging.IsLost; i++)
        {
            table.RemoveLiteral(TestInterest.Literal(i));
        }

        Assert.InRange(table.Tombstones, 1, 10_000);
        Assert.Null(table.TryRegister(table.Version - 1));
        InterestCursor now = table.TryRegister(table.Version)!;
        for (int i = 20_000; i < 25_000; i++)
        {
            table.RemoveLiteral(TestInterest.Literal(i));
        }

        Assert.Equal(5000, table.Tombstones);
        Assert.False(now.IsLost);
        table.Release(now);
        Assert.Equal(0, table.Tombstones);
    }

    [Fact]
    public void Counts_that_are_full_stay_full_and_stray_removals_are_counted()
    {
        InterestTable table = TestInterest.NewTable(_account);
        LiteralSlot slot = new(5) { References = LiteralSlot.MostReferences };
        Assert.Equal(5UL, slot.Fingerprint);
        slot.References--;
        Assert.Equal(LiteralSlot.MostReferences - 1, slot.References);
        Assert.False(table.RemoveLiteral(7));
        Assert.False(table.RemoveText(TestInterest.Text(1)));
        Assert.Equal(2, table.StrayRemovals);
        Assert.True(table.SetLiteral(7, true));
        Assert.False(table.SetLiteral(7, true));
        Assert.True(table.SetLiteral(7, false));
        Assert.False(table.SetLiteral(7, false));
        Assert.Equal(2, table.StrayRemovals);
    }

    [Fact]
    public void Changes_are_announced()
    {
        InterestTable table = TestInterest.NewTable(_account);
        int changes = 0;
        table.Changed = () => changes++;
        table.AddLiteral(1);
        table.AddLiteral(1);
        table.RemoveLiteral(1);
        table.RemoveLiteral(1);
        Assert.Equal(2, changes);
    }

    [Fact]
    public void Threads_may_change_and_walk_at_once()
    {
        InterestTable table = TestInterest.NewTable(_account);
        InterestCursor cursor = table.Register();
        Parallel.For(0, 4, thread =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                table.AddLiteral(TestInterest.Literal((thread * 20_000) + i));
                if (i % 3 == 0)
                {
                    table.RemoveLiteral(TestInterest.Literal((thread * 20_000) + i));
                }

                if (i % 5000 == 0)
                {
                    TestInterest.Literals(table);
                    table.Advance(cursor, table.Version);
                }
            }
        });
        Assert.Equal(TestInterest.Literals(table).Count, table.Literals);
        Assert.Equal(4 * (20_000 - 6667), table.Literals);
    }

    private static void Fill(InterestTable table, int count)
    {
        for (int i = 0; i < count; i++)
        {
            table.AddLiteral(TestInterest.Literal(i));
        }
    }

    private static void Tell(InterestTable table) => TestInterest.Literals(table);
}
