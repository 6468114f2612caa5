using Causeway.Core.Interest;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Interest;

/// <summary>What syncing costs, in bytes, round trips and memory.</summary>
[Collection(nameof(Alone))]
public sealed class InterestSyncTests
{
    private readonly InterestTable _source = TestInterest.NewTable();

    [Fact]
    public void First_contact_takes_under_four_bytes_a_literal()
    {
        Add(0, 100_000);
        SyncPair pair = new(_source);
        pair.Settle();
        pair.AssertSame();
        Say($"{pair.BytesSent / 100_000.0:0.000} bytes for each of 100,000 literals");
        Assert.InRange(pair.BytesSent, 250_000, 400_000);
        pair.AssertNothingLeft();
    }

    [Fact]
    public void One_change_takes_a_few_bytes_and_half_a_round_trip()
    {
        Add(0, 10_000);
        SyncPair pair = Settled();
        long before = pair.BytesSent;
        Add(10_000, 10_001);
        Assert.True(pair.Send());
        pair.Deliver();
        Assert.True(pair.Target.Contains(TestInterest.Literal(10_000)));
        Say($"{pair.BytesSent - before} bytes for one change");
        Assert.InRange(pair.BytesSent - before, 1, 64);
        pair.Settle();
    }

    [Fact]
    public void Changes_that_come_faster_than_answers_are_told_together()
    {
        SyncPair pair = Settled();
        for (int i = 0; i < 2000; i++)
        {
            Add(i, i + 1);
            pair.Send();
        }

        Assert.Equal((8, 1), (pair.Sender.Counters.DeltaRounds, pair.Sender.Counters.DeltaRoundsHeld));
        Assert.False(pair.Sender.IsConverged);
        long before = pair.BytesSent;
        pair.Deliver();
        pair.Answer();
        Assert.True(pair.Send());
        Assert.Equal(9, pair.Sender.Counters.DeltaRounds);
        Assert.InRange(pair.BytesSent - before, 1, 1992 * 5);
        pair.Settle();
        pair.AssertSame();

        // What a cut takes along is not waited for.
        for (int i = 2000; i < 2008; i++)
        {
            Add(i, i + 1);
            pair.Send();
        }

        pair.Cut(0);
        pair.Connect();
        Assert.True(pair.Send());
        pair.Settle();
        pair.AssertSame();
        pair.AssertNothingLeft();
    }

    [Fact]
    public void Changes_cost_what_changed_after_a_reconnect_in_the_same_epoch()
    {
        Add(0, 200_000);
        SyncPair pair = Settled();
        pair.Cut(0);
        long before = pair.BytesSent;
        ChangeOnePercent();
        pair.Settle();
        pair.AssertSame();
        double ratio = (pair.BytesSent - before) / TheoreticalBytes();
        Say($"{pair.BytesSent - before} bytes for 2,000 changes of 200,000, {ratio:0.00} of the least possible");
        Assert.InRange(ratio, 1, 2);
    }

    /// <summary>The sender has lost its history: what both have must not be sent again.</summary>
    [Fact]
    public void Differences_cost_what_differs_after_history_is_lost()
    {
        Add(0, 200_000);
        SyncPair pair = Settled();
        InterestTable other = TestInterest.NewTable(epoch: 2);
        pair.Restart(other);
        foreach (ulong literal in TestInterest.Literals(_source))
        {
            other.AddLiteral(literal);
        }

        Change(other);
        long before = pair.BytesSent;
        pair.Settle();
        pair.AssertSame();
        long bytes = pair.BytesSent - before;
        double listed = LiteralBlock.BitsFor(200_000, InterestPosition.LiteralEnd) / 8;
        Say($"{bytes} bytes, {bytes / TheoreticalBytes():0.00} of the least possible, {bytes / listed:P2} of a listing, {pair.Sender.Counters}");
        Assert.InRange(bytes / listed, 0, 0.05);
        Assert.Equal(2000, pair.Sender.Counters.Differences);
    }

    [Fact]
    public void Nothing_but_digests_is_sent_when_nothing_differs()
    {
        Add(0, 100_000);
        for (int i = 0; i < 2000; i++)
        {
            _source.AddText(TestInterest.Text(i));
        }

        SyncPair pair = Settled();
        long before = pair.BytesSent;
        pair.ForgetReceiver(clear: false);
        pair.Settle();
        pair.AssertSame();
        Say($"{pair.BytesSent - before} bytes for nothing");
        Assert.InRange(pair.BytesSent - before, 1, 2000);
    }

    [Fact]
    public void A_large_difference_costs_little_more_than_a_listing()
    {
        Add(0, 100_000);
        SyncPair pair = Settled();
        InterestTable other = TestInterest.NewTable(epoch: 2);
        for (int i = 200_000; i < 300_000; i++)
        {
            other.AddLiteral(TestInterest.Literal(i));
        }

        pair.Restart(other);
        long before = pair.BytesSent;
        pair.Settle();
        pair.AssertSame();
        Say($"{pair.BytesSent - before} bytes for another set of 100,000");
        Assert.InRange(pair.BytesSent - before, 1, 400_000);
    }

    /// <summary>A link that is cut every few frames makes headway each time.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cuts_never_make_a_round_start_over(bool recreated)
    {
        Random random = new(7);
        Add(0, 100_000);
        SyncPair pair = new(_source);
        int cuts = 0;
        ulong goal = _source.Version;
        while (!pair.Receiver.IsCurrent(goal))
        {
            pair.Connect();
            pair.Send(3);
            pair.Cut(random.NextInt64(pair.BytesWaiting + 1));
            cuts++;
            if (recreated)
            {
                // Before the old one is gone: its cursor keeps what the new one needs.
                pair.Restart(_source);
            }

            Add(100_000 + cuts, 100_000 + cuts + 1);
            Assert.True(cuts < 1000, $"{pair.Sender.Counters} {pair.Receiver.BytesReceived} {pair.Target.Literals}");
        }

        pair.Settle();
        pair.AssertSame();
        long received = pair.Receiver.BytesReceived;
        Say($"{cuts} cuts, {pair.BytesSent} bytes sent, {received} received in whole frames");
        Assert.InRange(received, 1, 340_000);
        Assert.True(cuts > 20);
    }

    /// <summary>The incident: a link that stalls while interest changes all the time. Nothing may grow for it.</summary>
    [Fact]
    public void A_stalled_link_costs_constant_memory()
    {
        Add(0, 50_000);
        SyncPair pair = Settled();
        for (int i = 0; i < 1000; i++)
        {
            _source.RemoveLiteral(TestInterest.Literal(i));
        }

        pair.Send(1);
        long link = pair.LinkAccount.Bytes;
        long table = 0;
        for (int pass = 0; pass < 60; pass++)
        {
            for (int i = 0; i < 1000; i++)
            {
                _source.SetLiteral(TestInterest.Literal(i), pass % 2 == 0);
                _source.SetLiteral(TestInterest.Literal(1_000_000 + (pass * 1000) + i), true);
                _source.SetLiteral(TestInterest.Literal(1_000_000 + (pass * 1000) + i), false);
            }

            pair.Send();
            Assert.InRange(pair.Sender.UnackedBytes, 0, InterestSender.DefaultMaxUnackedBytes);
            table = pass == 30 ? _source.MemoryBytes : table;
        }

        Assert.Equal(link, pair.LinkAccount.Bytes);
        Assert.InRange(_source.MemoryBytes, 1, table * 1.1);
        pair.Settle();
        pair.AssertSame();
        pair.AssertNothingLeft();
    }

    [Fact]
    public void The_table_may_change_while_it_is_told()
    {
        Add(0, 30_000);
        SyncPair pair = new(_source);
        Task[] writers = [.. Enumerable.Range(0, 2).Select(thread => Task.Run(() =>
        {
            for (int i = 0; i < 60_000; i++)
            {
                int number = (thread * 100_000) + (i * 7919 % 30_000);
                _source.SetLiteral(TestInterest.Literal(number), i / 30_000 == thread);
                if (i % 50 == 0)
                {
                    _source.SetText(TestInterest.Text((thread * 500) + (i / 50 % 400)), i % 100 == 0);
                }
            }
        }))];
        while (!Task.WhenAll(writers).IsCompleted)
        {
            pair.Connect();
            pair.Send(4);
            pair.Deliver(3);
            pair.Answer();
            if (pair.Sender.Counters.Bytes % 5 == 0)
            {
                pair.Cut(pair.BytesWaiting / 2);
            }
        }

        Assert.All(writers, writer => Assert.True(writer.IsCompletedSuccessfully));
        pair.Settle();
        pair.AssertSame();
        pair.AssertNothingLeft();
    }

    [Fact]
    public void A_link_given_up_compares_what_it_has_told_already()
    {
        InterestTable source = TestInterest.NewTable(maxTombstones: 500);
        for (int i = 0; i < 50_000; i++)
        {
            source.AddLiteral(TestInterest.Literal(i));
        }

        SyncPair pair = new(source);
        pair.Settle();
        long before = pair.BytesSent;
        for (int i = 0; i < 1000; i++)
        {
            source.RemoveLiteral(TestInterest.Literal(i));
        }

        Assert.Equal(1, source.Evictions);
        pair.Settle();
        pair.AssertSame();
        Say($"{pair.BytesSent - before} bytes after 1,000 removals with 500 tombstones");
        Assert.InRange(pair.BytesSent - before, 1, 30_000);
        pair.AssertNothingLeft();
    }

    [Fact]
    public void A_reader_beyond_its_bound_refuses()
    {
        Add(0, 3000);
        byte[] buffer = new byte[InterestWire.MaxBlockBytes];
        using InterestSender sender = new(_source, TestInterest.NewAccount());
        using InterestReceiver receiver = new(TestInterest.NewTable(), TestInterest.NewAccount(), maxEntries: 1000);
        Assert.Null(sender.OnState(buffer.AsSpan(0, receiver.WriteState(buffer))));
        Assert.Null(receiver.OnFrame(buffer.AsSpan(0, sender.TryWrite(buffer))));
        Assert.Contains("accepted are 1000", receiver.OnFrame(buffer.AsSpan(0, sender.TryWrite(buffer))), StringComparison.Ordinal);
    }

    private static void Say(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);

    private static void Change(InterestTable table)
    {
        for (int i = 0; i < 1000; i++)
        {
            table.RemoveLiteral(TestInterest.Literal(i * 200));
            table.AddLiteral(TestInterest.Literal(1_000_000 + i));
        }
    }

    /// <summary>1,000 of 200,000 known ones went, and 1,000 of 2^40 possible ones came: the logarithms of the numbers of choices.</summary>
    private static double TheoreticalBytes() =>
        1000 * (Math.Log2(200_000 / 1000.0) + Math.Log2(Math.E) + Math.Log2(InterestPosition.LiteralEnd / 1000.0) + Math.Log2(Math.E)) / 8;

    private void ChangeOnePercent() => Change(_source);

    private SyncPair Settled()
    {
        SyncPair pair = new(_source);
        pair.Settle();
        return pair;
    }

    private void Add(int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            _source.AddLiteral(TestInterest.Literal(i));
        }
    }
}
