using Causeway.Core.Subjects;

namespace Causeway.Core.Subscriptions;

/// <summary>What a <see cref="SubscriptionTable{TKey}"/> finds subscriptions by.</summary>
internal interface ISubscriptionKey
{
    static abstract ReadOnlySpan<byte> Of(Subscription subscription);
}

/// <summary>By subject.</summary>
internal readonly struct BySubject : ISubscriptionKey
{
    public static ReadOnlySpan<byte> Of(Subscription subscription) => subscription.Subject;
}

/// <summary>By the client's subscription id.</summary>
internal readonly struct BySid : ISubscriptionKey
{
    public static ReadOnlySpan<byte> Of(Subscription subscription) => subscription.Sid;
}

/// <summary>
/// A hash table of subscriptions with one word per slot: open addressing, linear probing, deletion by shifting back. It holds no
/// hashes and no entries of its own, so that a million subscriptions cost it 11 to 21 bytes each. Not thread-safe.
/// </summary>
internal sealed class SubscriptionTable<TKey>
    where TKey : struct, ISubscriptionKey
{
    private const int LeastSlots = 4;

    private readonly ByteHash _hash;
    private Subscription?[] _slots = [];

    public SubscriptionTable(ByteHash hash) => _hash = hash;

    public int Count { get; private set; }

    public int SlotCount => _slots.Length;

    /// <summary>The entry in slot <paramref name="slot"/>, for walks over the table.</summary>
    public Subscription? At(int slot) => _slots[slot];

    public Subscription? Find(ReadOnlySpan<byte> key) => Count == 0 ? null : Find(key, _hash.Of(key));

    public Subscription? Find(ReadOnlySpan<byte> key, uint hash)
    {
        if (Count == 0)
        {
            return null;
        }

        Subscription?[] slots = _slots;
        int mask = slots.Length - 1;
        for (int at = (int)hash & mask; ; at = (at + 1) & mask)
        {
            Subscription? found = slots[at];
            if (found is null || TKey.Of(found).SequenceEqual(key))
            {
                return found;
            }
        }
    }

    /// <summary>Puts <paramref name="subscription"/> under its key, in place of the one that was there.</summary>
    public void Put(Subscription subscription)
    {
        if ((Count + 1) * 4 > _slots.Length * 3)
        {
            Resize(Math.Max(LeastSlots, _slots.Length * 2));
        }

        ReadOnlySpan<byte> key = TKey.Of(subscription);
        int mask = _slots.Length - 1;
        int at = (int)_hash.Of(key) & mask;
        while (_slots[at] is { } taken)
        {
            if (TKey.Of(taken).SequenceEqual(key))
            {
                _slots[at] = subscription;
                return;
            }

            at = (at + 1) & mask;
        }

        _slots[at] = subscription;
        Count++;
    }

    /// <summary>Takes out what is under <paramref name="key"/>, if there is anything.</summary>
    public void Remove(ReadOnlySpan<byte> key)
    {
        if (Count == 0)
        {
            return;
        }

        int mask = _slots.Length - 1;
        int at = (int)_hash.Of(key) & mask;
        while (true)
        {
            if (_slots[at] is not { } found)
            {
                return;
            }

            if (TKey.Of(found).SequenceEqual(key))
            {
                break;
            }

            at = (at + 1) & mask;
        }

        CloseGap(at, mask);
        Count--;
        if (_slots.Length > LeastSlots && Count * 8 < _slots.Length)
        {
            Resize(Math.Max(LeastSlots, _slots.Length / 4));
        }
    }

    /// <summary>Moves the entries behind <paramref name="gap"/> that would no longer be found over it.</summary>
    private void CloseGap(int gap, int mask)
    {
        int at = gap;
        while (true)
        {
            at = (at + 1) & mask;
            if (_slots[at] is not { } next)
            {
                _slots[gap] = null;
                return;
            }

            int home = (int)_hash.Of(TKey.Of(next)) & mask;
            if (((at - home) & mask) >= ((at - gap) & mask))
            {
                _slots[gap] = next;
                gap = at;
            }
        }
    }

    private void Resize(int size)
    {
        Subscription?[] old = _slots;
        Subscription?[] slots = new Subscription?[size];
        int mask = size - 1;
        foreach (Subscription? entry in old)
        {
            if (entry is null)
            {
                continue;
            }

            int at = (int)_hash.Of(TKey.Of(entry)) & mask;
            while (slots[at] is not null)
            {
                at = (at + 1) & mask;
            }

            slots[at] = entry;
        }

        _slots = slots;
    }
}
