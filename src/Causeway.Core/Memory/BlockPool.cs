using System.Numerics;

namespace Causeway.Core.Memory;

/// <summary>
/// Pinned buffers in sizes of powers of two, leased on a <see cref="MemoryAccount"/> and returned to it. Idle buffers are kept up
/// to a limit and booked on the pool's own account, and <see cref="Trim"/> gives up those that nobody needed since the last call.
/// Safe for any thread.
/// </summary>
public sealed class BlockPool
{
    /// <summary>The smallest block in bytes: a few messages.</summary>
    public const int SmallBytes = 2048;

    /// <summary>The usual block in bytes: what one send can carry well.</summary>
    public const int LargeBytes = 64 * 1024;

    // The largest is 128 MiB: the largest payload is 64 MiB, and its line must fit with it.
    private const int ClassCount = 17;

    private readonly Shelf[] _shelves = new Shelf[ClassCount];
    private readonly MemoryBudget _budget;
    private readonly MemoryAccount _idleAccount;
    private readonly long _maxIdleBytes;
    private long _leases;
    private long _allocations;

    /// <summary>Creates a pool that keeps at most <paramref name="maxIdleBytes"/> of idle buffers.</summary>
    public BlockPool(MemoryBudget budget, long maxIdleBytes)
    {
        _budget = budget;
        _idleAccount = budget.Open("pool");
        _maxIdleBytes = maxIdleBytes;
        for (int i = 0; i < ClassCount; i++)
        {
            _shelves[i] = new Shelf();
        }
    }

    /// <summary>The largest block in bytes.</summary>
    public static int MaxBytes => SmallBytes << (ClassCount - 1);

    /// <summary>The account that idle blocks are booked on.</summary>
    public MemoryAccount IdleAccount => _idleAccount;

    /// <summary>Bytes idle in the pool.</summary>
    public long IdleBytes => _idleAccount.Bytes;

    /// <summary>Blocks leased so far.</summary>
    public long Leases => Volatile.Read(ref _leases);

    /// <summary>Blocks that had to be allocated for a lease so far.</summary>
    public long Allocations => Volatile.Read(ref _allocations);

    /// <summary>
    /// Leases a block of at least <paramref name="bytes"/> on <paramref name="account"/>, or null if the budget has no room for it,
    /// not even after idle blocks were given up for it.
    /// </summary>
    public Block? TryLease(MemoryAccount account, MemoryUse use, int bytes)
    {
        int sizeClass = ClassOf(bytes);
        int size = SmallBytes << sizeClass;
        Block? idle = TakeIdle(sizeClass);
        if (_budget.Total + size > _budget.LimitBytes)
        {
            FreeIdle(size);
        }

        if (!account.TryCharge(use, size))
        {
            return null;
        }

        return Begin(idle, account, use, sizeClass);
    }

    /// <summary>Leases a block whatever the budget says: for what must be there, such as a loop's receive buffer.</summary>
    public Block LeaseRegardless(MemoryAccount account, MemoryUse use, int bytes)
    {
        int sizeClass = ClassOf(bytes);
        Block? idle = TakeIdle(sizeClass);
        account.Charge(use, SmallBytes << sizeClass);
        return Begin(idle, account, use, sizeClass);
    }

    /// <summary>Ends the lease of <paramref name="block"/>.</summary>
    public void Return(Block block)
    {
        MemoryAccount holder = block.Holder ?? throw new InvalidOperationException("the block was returned twice");
        holder.Release(block.Use, block.Size);
        block.Holder = null;
        block.Next = null;
        if (_idleAccount.Bytes + block.Size > _maxIdleBytes || _budget.Total + block.Size > _budget.LimitBytes)
        {
            return;
        }

        _idleAccount.Charge(MemoryUse.Pool, block.Size);
        Shelf shelf = _shelves[block.SizeClass];
        lock (shelf)
        {
            block.Next = shelf.Top;
            shelf.Top = block;
            shelf.Count++;
        }
    }

    /// <summary>Gives up the idle blocks that were not needed since the last call and returns their bytes.</summary>
    public long Trim()
    {
        long freed = 0;
        for (int sizeClass = 0; sizeClass < ClassCount; sizeClass++)
        {
            Shelf shelf = _shelves[sizeClass];
            lock (shelf)
            {
                int surplus = Math.Min(shelf.Least, shelf.Count);
                for (int i = 0; i < surplus; i++)
                {
                    shelf.Top = shelf.Top!.Next;
                }

                shelf.Count -= surplus;
                shelf.Least = shelf.Count;
                freed += (long)surplus * (SmallBytes << sizeClass);
            }
        }

        _idleAccount.Release(MemoryUse.Pool, freed);
        return freed;
    }

    private static int ClassOf(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, MaxBytes);
        return bytes <= SmallBytes ? 0 : BitOperations.Log2((uint)(bytes - 1)) - BitOperations.Log2(SmallBytes) + 1;
    }

    /// <summary>An idle block of the size class, no longer booked, or null.</summary>
    private Block? TakeIdle(int sizeClass)
    {
        Shelf shelf = _shelves[sizeClass];
        Block? block;
        lock (shelf)
        {
            block = shelf.Top;
            if (block is null)
            {
                return null;
            }

            shelf.Top = block.Next;
            shelf.Count--;
            shelf.Least = Math.Min(shelf.Least, shelf.Count);
        }

        _idleAccount.Release(MemoryUse.Pool, block.Size);
        return block;
    }

    /// <summary>Gives up idle blocks, the largest first, until <paramref name="bytes"/> are won or none is left.</summary>
    private void FreeIdle(int bytes)
    {
        long freed = 0;
        for (int sizeClass = ClassCount - 1; sizeClass >= 0 && freed < bytes; sizeClass--)
        {
            while (freed < bytes && TakeIdle(sizeClass) is { } block)
            {
                freed += block.Size;
            }
        }
    }

    private Block Begin(Block? block, MemoryAccount account, MemoryUse use, int sizeClass)
    {
        Interlocked.Increment(ref _leases);
        if (block is null)
        {
            Interlocked.Increment(ref _allocations);
            block = new Block(SmallBytes << sizeClass, sizeClass);
        }

        block.Next = null;
        block.Start = 0;
        block.End = 0;
        block.Holder = account;
        block.Use = use;
        return block;
    }

    private sealed class Shelf
    {
        public Block? Top { get; set; }

        public int Count { get; set; }

        /// <summary>The fewest idle blocks since the last trim.</summary>
        public int Least { get; set; }
    }
}
