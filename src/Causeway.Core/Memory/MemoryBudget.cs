using System.Runtime.CompilerServices;

namespace Causeway.Core.Memory;

/// <summary>
/// The bytes that a node may hold, and what it does hold, summed over all accounts. The limit can be changed at any time, from any
/// thread. What happens as the limit comes near is the <see cref="Governor"/>'s work.
/// </summary>
public sealed class MemoryBudget
{
    /// <summary>
    /// Share of the budget up to which subscriptions are taken: the rest is for messages on their way. It is above the governor's
    /// last rung, so that filling it brings that into force.
    /// </summary>
    public const int SubscriptionsPercent = 95;

    internal const int UseCount = 7;

    private UseTotals _totals;
    private long _total;
    private long _peak;
    private long _limitBytes;
    private long _refusals;
    private long _leakedBytes;
    private long _leaks;

    /// <summary>Creates a budget of <paramref name="limitBytes"/>.</summary>
    public MemoryBudget(long limitBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limitBytes);
        _limitBytes = limitBytes;
    }

    /// <summary>The budget in bytes. Setting it takes effect with the next charge.</summary>
    public long LimitBytes
    {
        get => Volatile.Read(ref _limitBytes);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            Volatile.Write(ref _limitBytes, value);
        }
    }

    /// <summary>Bytes held by all accounts.</summary>
    public long Total => Volatile.Read(ref _total);

    /// <summary>Bytes held that can't be had back for the asking, as idle buffers can: how full the budget is goes by these.</summary>
    public long Held => Total - TotalOf(MemoryUse.Pool);

    /// <summary>The largest <see cref="Total"/> so far.</summary>
    public long Peak => Volatile.Read(ref _peak);

    /// <summary>How often a charge was refused for want of room.</summary>
    public long Refusals => Volatile.Read(ref _refusals);

    /// <summary>Bytes that accounts still held when they were closed. Not zero means a defect in Causeway.</summary>
    public long LeakedBytes => Volatile.Read(ref _leakedBytes);

    /// <summary>Accounts that were closed with a balance.</summary>
    public long Leaks => Volatile.Read(ref _leaks);

    /// <summary>Bytes held for <paramref name="use"/> by all accounts.</summary>
    public long TotalOf(MemoryUse use) => Volatile.Read(ref _totals[(int)use].Bytes);

    /// <summary>Opens an account.</summary>
    public MemoryAccount Open(string name) => new(this, name);

    /// <summary>Ends an account. What it still holds is counted as leaked and taken out of the totals.</summary>
    public void Close(MemoryAccount account)
    {
        bool clean = true;
        for (int use = 0; use < UseCount; use++)
        {
            long left = account.BytesOf((MemoryUse)use);
            if (left != 0)
            {
                clean = false;
                Interlocked.Add(ref _leakedBytes, left);
                account.Release((MemoryUse)use, left);
            }
        }

        if (!clean)
        {
            Interlocked.Increment(ref _leaks);
        }
    }

    /// <summary>True if the budget has room for <paramref name="bytes"/> more for <paramref name="use"/>.</summary>
    internal bool HasRoom(MemoryUse use, long bytes) =>
        use == MemoryUse.Subscriptions ? Held + bytes <= LimitBytes / 100 * SubscriptionsPercent : Total + bytes <= LimitBytes;

    internal void Add(MemoryUse use, long bytes)
    {
        Interlocked.Add(ref _totals[(int)use].Bytes, bytes);
        long total = Interlocked.Add(ref _total, bytes);
        if (total > Volatile.Read(ref _peak))
        {
            RaisePeak(total);
        }
    }

    internal void CountRefusal() => Interlocked.Increment(ref _refusals);

    private void RaisePeak(long total)
    {
        long seen = Volatile.Read(ref _peak);
        while (total > seen)
        {
            long before = Interlocked.CompareExchange(ref _peak, total, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    private struct UseTotal
    {
        public long Bytes;
    }

    [InlineArray(UseCount)]
    private struct UseTotals
    {
        private UseTotal _first;
    }
}
