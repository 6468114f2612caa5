using Causeway.Core.Memory;
using Causeway.Core.Subscriptions;

namespace Causeway.Core.Leafs;

/// <summary>
/// What one leaf or hub wants, by subject and queue group: one entry for each, however often it is told. Belongs to the loop of the
/// leafs; the tenant's index, which it keeps in step, has a lock of its own.
/// </summary>
public sealed class LeafSubscriptions
{
    private readonly LeafSession _leaf;
    private readonly LeafTenant _tenant;
    private readonly MemoryAccount _account;
    private readonly SubscriptionTable<BySubjectAndQueue> _all;
    private int _released;

    internal LeafSubscriptions(LeafSession leaf, LeafTenant tenant, MemoryAccount account)
    {
        _leaf = leaf;
        _tenant = tenant;
        _account = account;
        _all = new SubscriptionTable<BySubjectAndQueue>(tenant.Index.Subscriptions.Hash);
    }

    /// <summary>How many there are.</summary>
    public int Count => _all.Count;

    /// <summary>True if <paramref name="subject"/> is wanted, in <paramref name="queue"/> if that is not empty.</summary>
    public bool Has(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> queue)
    {
        byte[]? rented = null;
        int length = subject.Length + queue.Length + 2;
        Span<byte> key = length <= 512 ? stackalloc byte[512] : rented = new byte[length];
        WriteKey(key, subject, queue);
        return _all.Find(key[..length]) is not null;
    }

    /// <summary>Up to <paramref name="most"/> of them, for monitoring.</summary>
    public IReadOnlyList<Subscription> List(int most)
    {
        List<Subscription> some = [];
        for (int slot = 0; slot < _all.SlotCount && some.Count < most; slot++)
        {
            if (_all.At(slot) is { } subscription)
            {
                some.Add(subscription);
            }
        }

        return some;
    }

    /// <summary>Adds one, or takes over another weight; false if memory has no room.</summary>
    internal bool TryAdd(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> queue, int weight, bool isPattern)
    {
        SubscriptionIndex index = _tenant.Index.Subscriptions;
        byte[] key = new byte[subject.Length + queue.Length + 2];
        WriteKey(key, subject, queue);
        if (_all.Find(key) is { } known)
        {
            known.MaxMessages = weight;
            return true;
        }

        QueueGroupName? group = queue.IsEmpty ? null : index.InternQueue(queue);
        Subscription subscription = new(_leaf, subject, queue, group, isPattern) { MaxMessages = weight };
        if (!_account.TryCharge(MemoryUse.Subscriptions, subscription.MemoryBytes))
        {
            index.ReleaseQueue(group);
            return false;
        }

        _all.Put(subscription);
        index.Add(subscription);
        return true;
    }

    internal void Remove(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> queue)
    {
        byte[] key = new byte[subject.Length + queue.Length + 2];
        WriteKey(key, subject, queue);
        if (_all.Find(key) is { } subscription)
        {
            TakeOut(subscription);
        }
    }

    /// <summary>Takes up to <paramref name="most"/> out, as the leaf is gone; true when none is left.</summary>
    internal bool RemoveSome(int most)
    {
        for (int looked = 0, slots = _all.SlotCount; looked < slots && most > 0 && _all.Count > 0; looked++)
        {
            _released = _released < _all.SlotCount ? _released : 0;
            if (_all.SlotCount > 0 && _all.At(_released) is { } subscription)
            {
                TakeOut(subscription);
                most--;
            }
            else
            {
                _released++;
            }
        }

        return _all.Count == 0;
    }

    private static void WriteKey(Span<byte> key, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> queue)
    {
        subject.CopyTo(key);
        key[subject.Length] = (byte)' ';
        queue.CopyTo(key[(subject.Length + 1)..]);
        key[subject.Length + queue.Length + 1] = (byte)' ';
    }

    private void TakeOut(Subscription subscription)
    {
        // First out of the own table: who looks whether another leaf wants it must not find it here.
        _all.Remove(subscription.SubjectAndSid);
        if (_tenant.Index.Subscriptions.Remove(subscription))
        {
            _account.Release(MemoryUse.Subscriptions, subscription.MemoryBytes);
        }
    }
}

/// <summary>By subject and queue group, which is where a client's subscription has its id.</summary>
internal readonly struct BySubjectAndQueue : ISubscriptionKey
{
    public static ReadOnlySpan<byte> Of(Subscription subscription) => subscription.SubjectAndSid;
}
