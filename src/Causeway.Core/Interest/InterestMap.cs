using System.Runtime.CompilerServices;

namespace Causeway.Core.Interest;

/// <summary>
/// Entries in the order of their keys, in leaves found through a directory by the keys' first bits (extendible hashing, Fagin et
/// al., 1979, with keys that are hashes already). Growing splits one leaf; nothing large is ever moved. Leaves and groups of leaves
/// know their highest version and their tombstones, so that a walk passes over what did not change. Not thread-safe.
/// </summary>
internal sealed class InterestMap<TSlot>
    where TSlot : struct, IInterestSlot
{
    private const int GroupBits = 6;
    private const int MostDepth = 28;

    private InterestLeaf<TSlot>[] _directory = [];
    private ulong[] _groupVersions = [];
    private int[] _groupTombstones = [];
    private int _depth;
    private int _leaves;
    private long _places;

    public InterestMap() => Clear();

    /// <summary>Entries that are present.</summary>
    public long Present { get; private set; }

    public long Tombstones { get; private set; }

    /// <summary>Bytes of the leaves and the directory; nothing when there is no entry.</summary>
    public long MemoryBytes => Present + Tombstones == 0
        ? 0
        : (_places * Unsafe.SizeOf<TSlot>()) + ((long)_leaves * InterestLeaf<TSlot>.ObjectBytes) + (_directory.Length * 8L) + (_groupVersions.Length * 12L);

    public InterestLeaf<TSlot> LeafOf(ulong key) => _directory[IndexOf(key)];

    /// <summary>Puts in a new entry that is present; its stamp must be the newest.</summary>
    public void Insert(in TSlot slot, ulong version)
    {
        InterestLeaf<TSlot> leaf = LeafOf(slot.Key);
        while (leaf.IsFull)
        {
            Split(leaf);
            leaf = LeafOf(slot.Key);
        }

        _places += leaf.Insert(~leaf.Find(slot.Key), slot);
        Present++;
        Touch(leaf, version);
    }

    /// <summary>Takes out an entry that is present.</summary>
    public void Remove(InterestLeaf<TSlot> leaf, int at)
    {
        _places += leaf.RemoveAt(at);
        Present--;
        AfterRemoval(leaf);
    }

    /// <summary>Makes an entry that is present a tombstone.</summary>
    public void Bury(InterestLeaf<TSlot> leaf, int at, ulong version)
    {
        leaf.Slots[at].References = 0;
        leaf.Slots[at].Stamp = version << 1;
        leaf.OldestTombstone = Math.Min(leaf.OldestTombstone, version);
        Present--;
        CountTombstones(leaf, 1);
        Touch(leaf, version);
    }

    /// <summary>Makes a tombstone an entry that is present again.</summary>
    public void Revive(InterestLeaf<TSlot> leaf, int at, ulong version)
    {
        leaf.Slots[at].References = 1;
        leaf.Slots[at].Stamp = version << 1;
        Present++;
        CountTombstones(leaf, -1);
        Touch(leaf, version);
    }

    /// <summary>
    /// Takes out the tombstones of <paramref name="leaf"/> up to version <paramref name="floor"/> and returns the highest version
    /// among them, or 0.
    /// </summary>
    public ulong Purge(InterestLeaf<TSlot> leaf, ulong floor)
    {
        ulong highest = 0;
        ulong oldest = ulong.MaxValue;
        int kept = 0;
        Span<TSlot> entries = leaf.Entries;
        for (int i = 0; i < entries.Length; i++)
        {
            ulong version = entries[i].Stamp >> 1;
            if (entries[i].References == 0)
            {
                if (version <= floor)
                {
                    highest = Math.Max(highest, version);
                    continue;
                }

                oldest = Math.Min(oldest, version);
            }

            entries[kept++] = entries[i];
        }

        leaf.OldestTombstone = oldest;
        CountTombstones(leaf, kept - entries.Length);
        _places += leaf.Cut(kept);
        AfterRemoval(leaf);
        return highest;
    }

    /// <summary>The first leaf with keys at or above <paramref name="key"/> that may have a version above <paramref name="since"/>.</summary>
    public InterestLeaf<TSlot>? NextChanged(ulong key, ulong since)
    {
        InterestLeaf<TSlot>? leaf = LeafOf(key);
        while (leaf is not null && leaf.HighestVersion <= since)
        {
            int index = IndexOf(leaf.High) + 1;
            while (index < _directory.Length && _groupVersions[index >> GroupBits] <= since)
            {
                index = NextGroup(index);
            }

            leaf = LeafFrom(index);
        }

        return leaf;
    }

    /// <summary>The first leaf with keys at or above <paramref name="key"/> that may have a tombstone up to <paramref name="floor"/>.</summary>
    public InterestLeaf<TSlot>? NextPurgeable(ulong key, ulong floor)
    {
        InterestLeaf<TSlot>? leaf = LeafOf(key);
        while (leaf is not null && (leaf.Tombstones == 0 || leaf.OldestTombstone > floor))
        {
            int index = IndexOf(leaf.High) + 1;
            while (index < _directory.Length && _groupTombstones[index >> GroupBits] == 0)
            {
                index = NextGroup(index);
            }

            leaf = LeafFrom(index);
        }

        return leaf;
    }

    private static int NextGroup(int index) => ((index >> GroupBits) + 1) << GroupBits;

    private int IndexOf(ulong key) => _depth == 0 ? 0 : (int)(key >> (64 - _depth));

    /// <summary>
    /// The leaf that begins at or behind directory entry <paramref name="index"/>. One that began before belongs to the group where
    /// it began, which was looked at.
    /// </summary>
    private InterestLeaf<TSlot>? LeafFrom(int index)
    {
        if (index >= _directory.Length)
        {
            return null;
        }

        InterestLeaf<TSlot> leaf = _directory[index];
        if (IndexOf(leaf.Low) == index)
        {
            return leaf;
        }

        int next = IndexOf(leaf.High) + 1;
        return next < _directory.Length ? _directory[next] : null;
    }

    private void Clear()
    {
        _directory = [new InterestLeaf<TSlot>(0, 0)];
        _groupVersions = new ulong[1];
        _groupTombstones = new int[1];
        _depth = 0;
        _leaves = 1;
        _places = 0;
    }

    private void Touch(InterestLeaf<TSlot> leaf, ulong version)
    {
        leaf.HighestVersion = version;
        _groupVersions[IndexOf(leaf.Low) >> GroupBits] = version;
    }

    private void CountTombstones(InterestLeaf<TSlot> leaf, int change)
    {
        leaf.Tombstones += change;
        Tombstones += change;
        _groupTombstones[IndexOf(leaf.Low) >> GroupBits] += change;
    }

    private void Split(InterestLeaf<TSlot> leaf)
    {
        if (leaf.Depth == MostDepth)
        {
            throw new InvalidOperationException("too many interest entries share the first bits of their hash");
        }

        if (leaf.Depth == _depth)
        {
            Rescale(_depth + 1);
        }

        ulong middle = leaf.Low | (1UL << (63 - leaf.Depth));
        int at = leaf.Find(middle);
        at = at < 0 ? ~at : at;
        InterestLeaf<TSlot> low = new(leaf.Low, leaf.Depth + 1);
        InterestLeaf<TSlot> high = new(middle, leaf.Depth + 1);
        low.Append(leaf.Entries[..at]);
        high.Append(leaf.Entries[at..]);
        Leave(leaf);
        Enter(low, leaf);
        Enter(high, leaf);
    }

    private void AfterRemoval(InterestLeaf<TSlot> leaf)
    {
        if (Present + Tombstones == 0)
        {
            Clear();
            return;
        }

        // A quarter, so that a leaf just merged is far from being split again.
        while (leaf.Depth > 0 && leaf.Count <= InterestLeaf<TSlot>.MostSlots / 4)
        {
            InterestLeaf<TSlot> buddy = _directory[IndexOf(leaf.Low ^ (1UL << (64 - leaf.Depth)))];
            if (buddy.Depth != leaf.Depth || buddy.Count + leaf.Count > InterestLeaf<TSlot>.MostSlots / 4)
            {
                return;
            }

            (InterestLeaf<TSlot> first, InterestLeaf<TSlot> second) = leaf.Low < buddy.Low ? (leaf, buddy) : (buddy, leaf);
            InterestLeaf<TSlot> merged = new(first.Low, first.Depth - 1);
            merged.Append(first.Entries);
            merged.Append(second.Entries);
            Leave(first);
            Leave(second);
            Enter(merged, first.HighestVersion > second.HighestVersion ? first : second);
            leaf = merged;
        }

        // The directory is far larger than its leaves need: as rare as its growing.
        if (_depth > GroupBits && _leaves < _directory.Length / 16)
        {
            Rescale(Math.Max(_directory.Max(each => each.Depth), 1));
        }
    }

    private void Leave(InterestLeaf<TSlot> leaf)
    {
        _leaves--;
        _places -= leaf.Slots.Length;
        CountTombstones(leaf, -leaf.Tombstones);
    }

    /// <summary>Enters a leaf in the directory; its versions are at most those of <paramref name="origin"/>.</summary>
    private void Enter(InterestLeaf<TSlot> leaf, InterestLeaf<TSlot> origin)
    {
        int first = IndexOf(leaf.Low);
        _directory.AsSpan(first, IndexOf(leaf.High) - first + 1).Fill(leaf);
        _leaves++;
        _places += leaf.Slots.Length;
        leaf.HighestVersion = origin.HighestVersion;
        ref ulong group = ref _groupVersions[first >> GroupBits];
        group = Math.Max(group, leaf.HighestVersion);
        int tombstones = 0;
        foreach (ref TSlot slot in leaf.Entries)
        {
            if (slot.References == 0)
            {
                tombstones++;
                leaf.OldestTombstone = Math.Min(leaf.OldestTombstone, slot.Stamp >> 1);
            }
        }

        CountTombstones(leaf, tombstones);
    }

    private void Rescale(int depth)
    {
        if (depth == _depth)
        {
            return;
        }

        InterestLeaf<TSlot>[] old = _directory;
        int oldDepth = _depth;
        _depth = depth;
        _directory = new InterestLeaf<TSlot>[1 << depth];
        int groups = Math.Max(1, _directory.Length >> GroupBits);
        _groupVersions = new ulong[groups];
        _groupTombstones = new int[groups];
        for (int i = 0; i < _directory.Length; i++)
        {
            InterestLeaf<TSlot> leaf = depth > oldDepth ? old[i >> (depth - oldDepth)] : old[i << (oldDepth - depth)];
            _directory[i] = leaf;
            if (IndexOf(leaf.Low) == i)
            {
                ref ulong group = ref _groupVersions[i >> GroupBits];
                group = Math.Max(group, leaf.HighestVersion);
                _groupTombstones[i >> GroupBits] += leaf.Tombstones;
            }
        }
    }
}
