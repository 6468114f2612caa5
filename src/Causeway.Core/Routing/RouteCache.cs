using Causeway.Core.Memory;
using Causeway.Core.Subscriptions;

namespace Causeway.Core.Routing;

/// <summary>
/// The routes that one event loop used last, by subject. A route is used only while the index's stamp says that it still holds. The
/// slots and their arrays are used again and again, so that in steady state nothing is allocated even if every subject is new.
/// Not thread-safe.
/// </summary>
public sealed class RouteCache
{
    private const int SlotCount = 2048;
    private const int SlotBytes = 104;

    private readonly MemoryAccount _account;
    private readonly long _maxBytes;
    private Slot[]? _slots;
    private long _bytes;

    /// <summary>Creates a cache on <paramref name="account"/> that starts anew when it would hold more than <paramref name="maxBytes"/>.</summary>
    public RouteCache(MemoryAccount account, long maxBytes)
    {
        _account = account;
        _maxBytes = maxBytes;
    }

    /// <summary>Routes answered from the cache.</summary>
    public long Hits { get; private set; }

    /// <summary>Routes looked up in the index.</summary>
    public long Misses { get; private set; }

    /// <summary>Times that it was emptied because it had grown too large.</summary>
    public long Overflows { get; private set; }

    /// <summary>The route of <paramref name="subject"/> in <paramref name="tenant"/>, good until the next call.</summary>
    public Route Find(Tenant tenant, ReadOnlySpan<byte> subject)
    {
        SubscriptionIndex index = tenant.Subscriptions;
        uint hash = index.Hash.Of(subject);
        Slot[] slots = _slots ?? Begin();
        ref Slot slot = ref slots[hash % SlotCount];
        if (slot.Length == subject.Length && slot.Tenant == tenant && slot.Stamp == StampOf(tenant, hash, slot.Fingerprint)
            && slot.Subject.AsSpan(0, slot.Length).SequenceEqual(subject))
        {
            Hits++;
            return slot.Route!;
        }

        Misses++;
        return Refill(ref slot, tenant, subject, hash);
    }

    /// <summary>
    /// Lets go of routes that no longer hold: they would keep alive what they lead to, such as clients that are long gone, until
    /// somebody publishes on their subjects again. To be called now and then.
    /// </summary>
    public void DropStale()
    {
        foreach (ref Slot slot in _slots.AsSpan())
        {
            if (slot.Route is { IsEmpty: false } route
                && slot.Stamp != StampOf(slot.Tenant!, slot.Tenant!.Subscriptions.Hash.Of(slot.Subject.AsSpan(0, slot.Length)), slot.Fingerprint))
            {
                // The next call fills the slot as if it were another subject's.
                route.Clear();
                slot.Tenant = null;
            }
        }
    }

    /// <summary>Empties the cache and gives its memory back, as when nobody is connected.</summary>
    public void Clear()
    {
        _slots = null;
        _account.Release(MemoryUse.Routes, _bytes);
        _bytes = 0;
    }

    private static long StampOf(Tenant tenant, uint hash, ulong fingerprint) =>
        tenant.Subscriptions.Stamp(hash) + (tenant.Remote?.Stamp(fingerprint) ?? 0) + (tenant.Leafs?.Stamp(hash) ?? 0);

    private Slot[] Begin()
    {
        _slots = new Slot[SlotCount];
        Book(SlotCount * SlotBytes);
        return _slots;
    }

    private Route Refill(ref Slot slot, Tenant tenant, ReadOnlySpan<byte> subject, uint hash)
    {
        Route route = slot.Route ??= new Route();
        long before = slot.Route.MemoryBytes + slot.Capacity;
        if (slot.Capacity < subject.Length)
        {
            slot.Subject = new byte[(subject.Length + 31) & ~31];
        }

        subject.CopyTo(slot.Subject);
        slot.Length = subject.Length;
        slot.Tenant = tenant;
        slot.Fingerprint = 0;
        slot.Stamp = tenant.Subscriptions.Match(subject, hash, route);
        if (tenant.Leafs is { } leafs)
        {
            // Before what lies beyond this node: a group with members at a leaf has its place in the local route.
            slot.Stamp += leafs.Match(subject, hash, route);
        }

        if (tenant.Remote is { } remote)
        {
            slot.Fingerprint = remote.Fingerprints.Of(tenant.NameBytes.Span, subject);
            slot.Stamp += remote.Match(tenant, subject, hash, slot.Fingerprint, route);
        }

        Book(route.MemoryBytes + slot.Capacity - before);
        if (_bytes > _maxBytes)
        {
            Overflows++;
            Clear();
        }

        return route;
    }

    private void Book(long bytes)
    {
        if (bytes != 0)
        {
            _bytes += bytes;
            _account.Charge(MemoryUse.Routes, bytes);
        }
    }

    private struct Slot
    {
        public int Length;
        public long Stamp;
        public ulong Fingerprint;
        public Tenant? Tenant;
        public byte[]? Subject;
        public Route? Route;

        public readonly int Capacity => Subject?.Length ?? 0;
    }
}
