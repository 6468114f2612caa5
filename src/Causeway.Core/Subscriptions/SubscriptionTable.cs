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
/// A hash table of subscriptions with one word per slot, by extendible hashing (Fagin et al., 1979): segments with linear probing,
/// found through a directory by the hash's first bits. A segment that is full is split in two, so that growing never moves more
/// than one segment and leaves no large arrays behind, and a million subscriptions cost about 14 bytes each. Not thread-safe.
/// </summary>
internal sealed class SubscriptionTable<TKey>
    where TKey : struct, ISubscriptionKey
{
    private const int HashBits = 32;
    private const int MostDepth = 20;
    private const int LeastSlots = 4;
    private const int MostSlots = 256;

    private readonly ByteHash _hash;
    private readonly List<Segment> _segments = [];
    private Segment[] _directory = [];
    private int _depth;

    public SubscriptionTable(ByteHash hash) => _hash = hash;

    public int Count { get; private set; }

    /// <summary>Places for walks over the table with <see cref="At"/>.</summary>
    public int SlotCount => _segments.Count * MostSlots;

    /// <summary>The entry in place <paramref name="slot"/>, or null.</summary>
    public Subscription? At(int slot)
    {
        Subscription?[] slots = _segments[slot / MostSlots].Slots;
        int within = slot % MostSlots;
        return within < slots.Length ? slots[within] : null;
    }

    public Subscription? Find(ReadOnlySpan<byte> key) => Count == 0 ? null : Find(key, _hash.Of(key));

    public Subscription? Find(ReadOnlySpan<byte> key, uint hash)
    {
        if (Count == 0)
        {
            return null;
        }

        Subscription?[] slots = SegmentOf(hash).Slots;
        return slots[Probe(slots, key, hash)];
    }

    /// <summary>Puts <paramref name="subscription"/> under its key, in place of the one that was there.</summary>
    public void Put(Subscription subscription)
    {
        ReadOnlySpan<byte> key = TKey.Of(subscription);
        uint hash = _hash.Of(key);
        if (_segments.Count == 0)
        {
            Begin();
        }

        Segment segment = SegmentOf(hash);
        int at = Probe(segment.Slots, key, hash);
        if (segment.Slots[at] is not null)
        {
            segment.Slots[at] = subscription;
            return;
        }

        while (segment.IsFull)
        {
            Grow(segment, hash);
            segment = SegmentOf(hash);
        }

        segment.Slots[Probe(segment.Slots, key, hash)] = subscription;
        segment.Count++;
        Count++;
    }

    /// <summary>Takes out what is under <paramref name="key"/>, if there is anything.</summary>
    public void Remove(ReadOnlySpan<byte> key)
    {
        if (Count == 0)
        {
            return;
        }

        uint hash = _hash.Of(key);
        Segment segment = SegmentOf(hash);
        int at = Probe(segment.Slots, key, hash);
        if (segment.Slots[at] is null)
        {
            return;
        }

        CloseGap(segment.Slots, at);
        segment.Count--;
        Count--;
        if (Count == 0)
        {
            Clear();
        }
        else if (_segments.Count > 1 && Count < _segments.Count * (MostSlots / 16))
        {
            Rebuild();
        }
    }

    private Segment SegmentOf(uint hash) => _directory[_depth == 0 ? 0 : hash >> (HashBits - _depth)];

    /// <summary>Where <paramref name="key"/> is, or the free slot where it would be.</summary>
    private static int Probe(Subscription?[] slots, ReadOnlySpan<byte> key, uint hash)
    {
        int mask = slots.Length - 1;
        int at = (int)hash & mask;
        while (slots[at] is { } found && !TKey.Of(found).SequenceEqual(key))
        {
            at = (at + 1) & mask;
        }

        return at;
    }

    /// <summary>Moves the entries behind <paramref name="gap"/> that would no longer be found over it.</summary>
    private void CloseGap(Subscription?[] slots, int gap)
    {
        int mask = slots.Length - 1;
        int at = gap;
        while (true)
        {
            at = (at + 1) & mask;
            if (slots[at] is not { } next)
            {
                slots[gap] = null;
                return;
            }

            int home = (int)_hash.Of(TKey.Of(next)) & mask;
            if (((at - home) & mask) >= ((at - gap) & mask))
            {
                slots[gap] = next;
                gap = at;
            }
        }
    }

    private void Begin()
    {
        Segment first = new(0, LeastSlots);
        _segments.Add(first);
        _directory = [first];
    }

    private void Clear()
    {
        _segments.Clear();
        _segments.TrimExcess();
        _directory = [];
        _depth = 0;
    }

    /// <summary>Makes room: more slots for a small segment, two segments for a large one.</summary>
    private void Grow(Segment segment, uint hash)
    {
        if (segment.Slots.Length < MostSlots)
        {
            Subscription?[] old = segment.Slots;
            segment.Slots = new Subscription?[old.Length * 2];
            segment.Count = 0;
            Insert(old);
            return;
        }

        if (segment.Depth == MostDepth)
        {
            throw new InvalidOperationException("too many subscriptions share a hash");
        }

        if (segment.Depth == _depth)
        {
            DoubleDirectory();
        }

        Split(segment, hash);
    }

    private void DoubleDirectory()
    {
        Segment[] doubled = new Segment[_directory.Length * 2];
        for (int i = 0; i < doubled.Length; i++)
        {
            doubled[i] = _directory[i / 2];
        }

        _directory = doubled;
        _depth++;
    }

    private void Split(Segment segment, uint hash)
    {
        Segment sibling = new(segment.Depth + 1, MostSlots);
        _segments.Add(sibling);
        segment.Depth++;

        // The directory's entries for the segment are one run; its second half is the sibling's.
        int run = 1 << (_depth - segment.Depth);
        int first = (int)(hash >> (HashBits - _depth)) & ~((2 * run) - 1);
        _directory.AsSpan(first + run, run).Fill(sibling);

        Subscription?[] old = segment.Slots;
        segment.Slots = new Subscription?[MostSlots];
        segment.Count = 0;
        Insert(old);
    }

    private void Insert(Subscription?[] entries)
    {
        foreach (Subscription? entry in entries)
        {
            if (entry is not null)
            {
                ReadOnlySpan<byte> key = TKey.Of(entry);
                uint hash = _hash.Of(key);
                Segment segment = SegmentOf(hash);
                segment.Slots[Probe(segment.Slots, key, hash)] = entry;
                segment.Count++;
            }
        }
    }

    /// <summary>Begins anew with the entries there are, when most of the slots are empty.</summary>
    private void Rebuild()
    {
        Segment[] old = [.. _segments];
        Clear();
        Count = 0;
        foreach (Segment segment in old)
        {
            foreach (Subscription? entry in segment.Slots)
            {
                if (entry is not null)
                {
                    Put(entry);
                }
            }
        }
    }

    private sealed class Segment(int depth, int slots)
    {
        public Subscription?[] Slots { get; set; } = new Subscription?[slots];

        public int Count { get; set; }

        /// <summary>How many of the hash's first bits its entries share.</summary>
        public int Depth { get; set; } = depth;

        // At least one slot in eight stays free, so that every probe ends.
        public bool IsFull => (Count + 1) * 8 > Slots.Length * 7;
    }
}
