namespace Causeway.Core.Memory;

/// <summary>
/// A named share of the node's memory: the bytes that one holder (a client, the node itself) has leased, by use.
/// Charging and releasing are lock-free and may be called from any thread. An account is closed when its holder ends; a balance
/// left over then is a leak, which the <see cref="MemoryBudget"/> counts and corrects.
/// </summary>
public sealed class MemoryAccount
{
    private readonly MemoryBudget _budget;
    private Uses _bytes;

    internal MemoryAccount(MemoryBudget budget, string name)
    {
        _budget = budget;
        Name = name;
    }

    /// <summary>The holder's name, such as <c>client:17</c>.</summary>
    public string Name { get; }

    /// <summary>Bytes held in all.</summary>
    public long Bytes
    {
        get
        {
            long sum = 0;
            for (int use = 0; use < Uses.Length; use++)
            {
                sum += Volatile.Read(ref _bytes[use]);
            }

            return sum;
        }
    }

    /// <summary>Bytes held for <paramref name="use"/>.</summary>
    public long BytesOf(MemoryUse use) => Volatile.Read(ref _bytes[(int)use]);

    /// <summary>Books <paramref name="bytes"/>, whatever the budget says: for memory that is already there.</summary>
    public void Charge(MemoryUse use, long bytes)
    {
        Interlocked.Add(ref _bytes[(int)use], bytes);
        _budget.Add(use, bytes);
    }

    /// <summary>Gives <paramref name="bytes"/> back.</summary>
    public void Release(MemoryUse use, long bytes) => Charge(use, -bytes);

    /// <summary>Books <paramref name="bytes"/> if the budget has room for them; false and nothing booked if not.</summary>
    public bool TryCharge(MemoryUse use, long bytes)
    {
        if (!_budget.HasRoom(use, bytes))
        {
            _budget.CountRefusal();
            return false;
        }

        Charge(use, bytes);
        return true;
    }

    [System.Runtime.CompilerServices.InlineArray(Length)]
    private struct Uses
    {
        public const int Length = MemoryBudget.UseCount;
        private long _first;
    }
}
