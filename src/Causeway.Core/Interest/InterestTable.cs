using Causeway.Core.Memory;

namespace Causeway.Core.Interest;

/// <summary>
/// A refcounted set of interest: a node's own, a region's, or what a peer has told. Every transition between present and absent
/// stamps the entry with the next version, and links walk the table for what changed since the version that they had told: there is
/// no log and no queue, an entry that flaps is one entry. What went stays as a tombstone until every registered cursor is past it,
/// and a cursor that would keep too many is given up. Safe for any thread; the lock is never held for more than one leaf's work.
/// </summary>
public sealed partial class InterestTable
{
    /// <summary>Default of most tombstones kept for links that lag: about 20 MB.</summary>
    public const long DefaultMaxTombstones = 1_000_000;

    // While tombstones are being purged, so many leaves for each change: faster than changes can make new ones.
    private const int LeavesPerChange = 2;
    private const int LeavesPerSlice = 32;

    private readonly Lock _lock = new();
    private readonly InterestMap<LiteralSlot> _literals = new();
    private readonly InterestMap<TextSlot> _texts = new();
    private readonly List<InterestCursor> _cursors = [];
    private readonly FingerprintKey _key;
    private readonly MemoryAccount _account;
    private readonly IInterestListener? _listener;
    private readonly long _maxTombstones;
    private long _textBytes;
    private long _charged;
    private ulong _version;
    private ulong _lastTold;
    private ulong _horizon;
    private bool _purging;
    private ulong _purgeFloor;
    private ulong _purgeAt;
    private ulong _removeAt;

    /// <summary>
    /// Creates an empty table whose lifetime is named by <paramref name="epoch"/>, a random number. Its memory is booked on
    /// <paramref name="account"/>.
    /// </summary>
    public InterestTable(
        FingerprintKey key,
        ulong epoch,
        MemoryAccount account,
        IInterestListener? listener = null,
        long maxTombstones = DefaultMaxTombstones)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTombstones);
        _key = key;
        Epoch = epoch;
        _account = account;
        _listener = listener;
        _maxTombstones = maxTombstones;
    }

    /// <summary>Raised, outside the lock, after a change; often more than once for the same version.</summary>
    public Action? Changed { get; set; }

    /// <summary>What names this table's lifetime: versions of another epoch mean nothing.</summary>
    public ulong Epoch { get; }

    /// <summary>The version of the latest change.</summary>
    public ulong Version => Volatile.Read(ref _version);

    /// <summary>The lowest version from which a delta is complete.</summary>
    public ulong Horizon => Volatile.Read(ref _horizon);

    /// <summary>Literals present.</summary>
    public long Literals => _literals.Present;

    /// <summary>Texts present.</summary>
    public long Texts => _texts.Present;

    /// <summary>Entries kept only to tell that they went.</summary>
    public long Tombstones => _literals.Tombstones + _texts.Tombstones;

    /// <summary>Bytes booked on the account.</summary>
    public long MemoryBytes => Volatile.Read(ref _charged);

    /// <summary>Cursors given up because they kept too many tombstones.</summary>
    public long Evictions { get; private set; }

    /// <summary>Removals of what was not there: a defect of the caller, without effect.</summary>
    public long StrayRemovals { get; private set; }

    /// <summary>Texts refused because another one has their place, which takes a collision of 63 bits.</summary>
    public long RefusedTexts { get; private set; }

    internal FingerprintKey Key => _key;

    /// <summary>Counts a reference to a literal; true if it was absent.</summary>
    public bool AddLiteral(ulong fingerprint) => AddLiteral(fingerprint, counted: true);

    /// <summary>Takes back a reference to a literal; true if it is absent now.</summary>
    public bool RemoveLiteral(ulong fingerprint) => RemoveLiteral(fingerprint, counted: true);

    /// <summary>Makes a literal present or absent whatever its references; true if that changed it.</summary>
    public bool SetLiteral(ulong fingerprint, bool present) =>
        present ? AddLiteral(fingerprint, counted: false) : RemoveLiteral(fingerprint, counted: false);

    /// <summary>Counts a reference to a text; true if it was absent.</summary>
    public bool AddText(InterestText text) => AddText(text, counted: true);

    /// <summary>Takes back a reference to a text; true if it is absent now.</summary>
    public bool RemoveText(InterestText text) => RemoveText(text, counted: true);

    /// <summary>Makes a text present or absent whatever its references; true if that changed it.</summary>
    public bool SetText(InterestText text, bool present) => present ? AddText(text, counted: false) : RemoveText(text, counted: false);

    /// <summary>True if the literal is present.</summary>
    public bool Contains(ulong fingerprint)
    {
        ulong key = fingerprint << InterestPosition.LiteralShift;
        lock (_lock)
        {
            InterestLeaf<LiteralSlot> leaf = _literals.LeafOf(key);
            int at = leaf.Find(key);
            return at >= 0 && leaf.Slots[at].References > 0;
        }
    }

    /// <summary>True if the text is present.</summary>
    public bool Contains(InterestText text)
    {
        ulong key = InterestPosition.OfText(_key.OfText(text)) << 1;
        lock (_lock)
        {
            InterestLeaf<TextSlot> leaf = _texts.LeafOf(key);
            int at = leaf.Find(key);
            return at >= 0 && leaf.Slots[at].References > 0 && leaf.Slots[at].Text.Equals(text);
        }
    }

    private bool AddLiteral(ulong fingerprint, bool counted)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fingerprint, InterestPosition.LiteralEnd);
        lock (_lock)
        {
            if (!Acquire(_literals, new LiteralSlot(fingerprint), counted))
            {
                return false;
            }

            _listener?.OnLiteral(fingerprint, true);
            AfterChange();
        }

        Changed?.Invoke();
        return true;
    }

    private bool RemoveLiteral(ulong fingerprint, bool counted)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fingerprint, InterestPosition.LiteralEnd);
        ulong key = fingerprint << InterestPosition.LiteralShift;
        lock (_lock)
        {
            InterestLeaf<LiteralSlot> leaf = _literals.LeafOf(key);
            if (!Release(_literals, leaf, leaf.Find(key), counted, out _))
            {
                return false;
            }

            _listener?.OnLiteral(fingerprint, false);
            AfterChange();
        }

        Changed?.Invoke();
        return true;
    }

    private bool AddText(InterestText text, bool counted)
    {
        TextSlot born = new(text, InterestPosition.OfText(_key.OfText(text)));
        lock (_lock)
        {
            InterestLeaf<TextSlot> leaf = _texts.LeafOf(born.Key);
            int at = leaf.Find(born.Key);
            if (at >= 0 && !leaf.Slots[at].Text.Equals(text))
            {
                RefusedTexts++;
                return false;
            }

            if (!Acquire(_texts, born, counted))
            {
                return false;
            }

            _textBytes += at < 0 ? text.MemoryBytes : 0;
            _listener?.OnText(text, true);
            AfterChange();
        }

        Changed?.Invoke();
        return true;
    }

    private bool RemoveText(InterestText text, bool counted)
    {
        ulong key = InterestPosition.OfText(_key.OfText(text)) << 1;
        lock (_lock)
        {
            InterestLeaf<TextSlot> leaf = _texts.LeafOf(key);
            int at = leaf.Find(key);
            at = at >= 0 && !leaf.Slots[at].Text.Equals(text) ? -1 : at;
            if (!Release(_texts, leaf, at, counted, out bool dropped))
            {
                return false;
            }

            _textBytes -= dropped ? text.MemoryBytes : 0;
            _listener?.OnText(text, false);
            AfterChange();
        }

        Changed?.Invoke();
        return true;
    }

    private bool Acquire<TSlot>(InterestMap<TSlot> map, TSlot born, bool counted)
        where TSlot : struct, IInterestSlot
    {
        InterestLeaf<TSlot> leaf = map.LeafOf(born.Key);
        int at = leaf.Find(born.Key);
        if (at < 0)
        {
            born.References = 1;
            born.Stamp = (++_version << 1) | 1;
            map.Insert(born, _version);
            return true;
        }

        ref TSlot slot = ref leaf.Slots[at];
        if (slot.References == 0)
        {
            map.Revive(leaf, at, ++_version);
            return true;
        }

        // A count that is full stays full: the entry is never taken for absent while somebody may need it.
        if (counted && slot.References < TSlot.MostReferences)
        {
            slot.References++;
        }

        return false;
    }

    /// <summary>True if the entry is absent now; <paramref name="dropped"/> if it left no tombstone.</summary>
    private bool Release<TSlot>(InterestMap<TSlot> map, InterestLeaf<TSlot> leaf, int at, bool counted, out bool dropped)
        where TSlot : struct, IInterestSlot
    {
        dropped = false;
        if (at < 0 || leaf.Slots[at].References == 0)
        {
            StrayRemovals += counted ? 1 : 0;
            return false;
        }

        ref TSlot slot = ref leaf.Slots[at];
        if (counted && slot.References is var references && (references > 1 || references == TSlot.MostReferences))
        {
            slot.References -= references == TSlot.MostReferences ? 0u : 1u;
            return false;
        }

        // Nobody was told of an entry that is younger than the last look that any link took.
        bool untold = (slot.Stamp & 1) != 0 && slot.Stamp >> 1 > _lastTold;
        dropped = untold || _cursors.Count == 0;
        if (!dropped)
        {
            map.Bury(leaf, at, ++_version);
            return true;
        }

        if (!untold)
        {
            _horizon = ++_version;
        }

        map.Remove(leaf, at);
        return true;
    }

    private void AfterChange()
    {
        if (_purging)
        {
            PurgeSlice(LeavesPerChange);
        }
        else if (Tombstones > _maxTombstones)
        {
            Evict();
        }

        Settle();
    }

    /// <summary>Books what the memory has changed by.</summary>
    private void Settle()
    {
        long bytes = _literals.MemoryBytes + _texts.MemoryBytes + _textBytes;
        if (bytes != _charged)
        {
            _account.Charge(MemoryUse.Interest, bytes - _charged);
            Volatile.Write(ref _charged, bytes);
        }
    }
}
