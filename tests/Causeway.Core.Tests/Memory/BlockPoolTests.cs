using Causeway.Core.Memory;
using Xunit;

namespace Causeway.Core.Tests.Memory;

public sealed class BlockPoolTests
{
    private readonly MemoryBudget _budget = new(1L << 30);
    private readonly BlockPool _pool;
    private readonly MemoryAccount _account;

    public BlockPoolTests()
    {
        _pool = new BlockPool(_budget, maxIdleBytes: 256 * 1024);
        _account = _budget.Open("holder");
    }

    [Theory]
    [InlineData(0, 2048)]
    [InlineData(1, 2048)]
    [InlineData(2048, 2048)]
    [InlineData(2049, 4096)]
    [InlineData(4096, 4096)]
    [InlineData(65_535, 65_536)]
    [InlineData(65_536, 65_536)]
    [InlineData(65_537, 131_072)]
    [InlineData(1_048_577, 2_097_152)]
    public void A_lease_is_the_next_power_of_two_and_is_booked_by_its_use(int bytes, int size)
    {
        Block block = Lease(bytes, MemoryUse.Receive);
        Assert.Equal((size, 0, 0, size), (block.Size, block.Start, block.End, block.Free));
        Assert.Equal(size, _account.BytesOf(MemoryUse.Receive));
        Assert.Equal(0, _account.BytesOf(MemoryUse.Pending));
        Assert.Equal(size, _budget.TotalOf(MemoryUse.Receive));
        _pool.Return(block);
        Assert.Equal(0, _account.Bytes);
    }

    [Fact]
    public void Nothing_larger_than_the_largest_block_is_leased() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Lease(BlockPool.MaxBytes + 1));

    [Fact]
    public void A_returned_block_is_leased_again_and_empty()
    {
        Block first = Lease(100);
        first.End = 50;
        first.Start = 10;
        first.Next = first;
        _pool.Return(first);
        Assert.Equal(2048, _pool.IdleBytes);
        Assert.Equal(2048, _budget.TotalOf(MemoryUse.Pool));
        Block second = Lease(2000);
        Assert.Same(first, second);
        Assert.Equal((0, 0, null), (second.Start, second.End, second.Next));
        Assert.Equal(0, _pool.IdleBytes);
        Assert.Equal((2, 1), (_pool.Leases, _pool.Allocations));
    }

    [Fact]
    public void Blocks_of_another_size_are_not_used()
    {
        _pool.Return(Lease(4000));
        Assert.Equal(2048, Lease(10).Size);
        Assert.Equal(4096, _pool.IdleBytes);
    }

    [Fact]
    public void A_second_return_is_a_defect_and_changes_nothing()
    {
        Block block = Lease(10);
        _pool.Return(block);
        Assert.Throws<InvalidOperationException>(() => _pool.Return(block));
        Assert.Equal(0, _account.Bytes);
        Assert.Equal(2048, _pool.IdleBytes);
    }

    [Fact]
    public void A_lease_that_the_budget_has_no_room_for_is_refused_and_nothing_is_booked()
    {
        _budget.LimitBytes = 5000;
        Block block = Lease(2048);
        Assert.Null(_pool.TryLease(_account, MemoryUse.Pending, 4096));
        Assert.Equal(1, _budget.Refusals);
        Assert.Equal(2048, _budget.Total);
        Block needed = _pool.LeaseRegardless(_account, MemoryUse.Receive, 4096);
        Assert.Equal(6144, _budget.Total);
        _pool.Return(needed);
        _pool.Return(block);
        Assert.Equal(0, _account.Bytes);
        Assert.Equal(_pool.IdleBytes, _budget.Total);
    }

    /// <summary>Memory that nobody uses must not be the reason to refuse anything.</summary>
    [Fact]
    public void Idle_blocks_are_given_up_before_a_lease_is_refused()
    {
        _budget.LimitBytes = 256 * 1024;
        List<Block> burst = [.. Enumerable.Range(0, 4).Select(_ => Lease(BlockPool.LargeBytes))];
        burst.ForEach(_pool.Return);
        Assert.Equal(256 * 1024, _pool.IdleBytes);
        List<Block> small = [.. Enumerable.Range(0, 100).Select(_ => Lease(2048))];
        Assert.Equal(100 * 2048, _account.Bytes);
        Assert.Equal(0, _budget.Refusals);
        Assert.InRange(_budget.Total, 100 * 2048, 256 * 1024);
        small.ForEach(_pool.Return);
        Assert.Equal(256 * 1024, Lease(256 * 1024).Size);
        Assert.Equal((0, 256 * 1024), (_pool.IdleBytes, _budget.Total));
    }

    [Fact]
    public void No_more_is_kept_idle_than_the_limit()
    {
        List<Block> blocks = [.. Enumerable.Range(0, 10).Select(_ => Lease(BlockPool.LargeBytes))];
        blocks.ForEach(_pool.Return);
        Assert.Equal(256 * 1024, _pool.IdleBytes);
        Assert.Equal(0, _account.Bytes);
        Assert.Equal(256 * 1024, _budget.Total);
    }

    [Fact]
    public void Nothing_is_kept_idle_when_the_budget_has_no_room_for_it()
    {
        Block block = Lease(2048);
        _budget.LimitBytes = 1;
        _pool.Return(block);
        Assert.Equal((0, 0), (_pool.IdleBytes, _budget.Total));

        // Nobody asked for anything, so nothing was refused.
        Assert.Equal(0, _budget.Refusals);
    }

    [Fact]
    public void A_trim_frees_what_nobody_needed_since_the_last()
    {
        List<Block> blocks = [.. Enumerable.Range(0, 10).Select(_ => Lease(2048))];
        blocks.ForEach(_pool.Return);
        Assert.Equal(0, _pool.Trim());
        Block[] busy = [Lease(1), Lease(1), Lease(1)];
        Assert.All(busy, _pool.Return);
        Assert.Equal(7 * 2048, _pool.Trim());
        Assert.Equal(3 * 2048, _pool.IdleBytes);
        Assert.Equal(3 * 2048, _pool.Trim());
        Assert.Equal(0, _pool.IdleBytes);
        Assert.Equal(0, _pool.Trim());
        Assert.Equal(0, _budget.Total);
    }

    [Fact]
    public void A_trim_does_not_free_more_than_is_idle_now()
    {
        List<Block> blocks = [.. Enumerable.Range(0, 4).Select(_ => Lease(2048))];
        blocks.ForEach(_pool.Return);
        _pool.Trim();
        _ = Enumerable.Range(0, 4).Select(_ => Lease(1)).ToList();
        Assert.Equal(0, _pool.Trim());
        Assert.Equal(0, _pool.IdleBytes);
        Assert.Equal(4 * 2048, _account.Bytes);
    }

    [Fact]
    public async Task Many_threads_leave_the_books_exact()
    {
        const int Rounds = 20_000;
        Task[] threads = [.. Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            MemoryAccount account = _budget.Open($"thread {seed}");
            Random random = new(seed);
            List<Block> held = [];
            for (int i = 0; i < Rounds; i++)
            {
                if (held.Count < 8 && random.Next(2) == 0)
                {
                    Block block = _pool.TryLease(account, MemoryUse.Pending, 1 + random.Next(9000))!;
                    Assert.Equal(0, block.End);
                    block.Whole[..4].Fill((byte)seed);
                    block.End = 4;
                    held.Add(block);
                }
                else if (held.Count > 0)
                {
                    Block block = held[random.Next(held.Count)];
                    held.Remove(block);
                    Assert.True(block.Used.SequenceEqual([(byte)seed, (byte)seed, (byte)seed, (byte)seed]));
                    _pool.Return(block);
                }

                if (i % 1000 == 0)
                {
                    _pool.Trim();
                }
            }

            held.ForEach(_pool.Return);
            Assert.Equal(0, account.Bytes);
        }, TestContext.Current.CancellationToken))];
        await Task.WhenAll(threads);
        Assert.Equal(_pool.IdleBytes, _budget.Total);
        _pool.Trim();
        _pool.Trim();
        Assert.Equal((0, 0), (_pool.IdleBytes, _budget.Total));
    }

    private Block Lease(int bytes, MemoryUse use = MemoryUse.Pending) => _pool.TryLease(_account, use, bytes)!;
}
