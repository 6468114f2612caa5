namespace Causeway.Core.Interest;

/// <summary>
/// How far one link has told a table's changes: what it acknowledged, which keeps later tombstones. Made, moved and released by its
/// <see cref="InterestTable"/>.
/// </summary>
public sealed class InterestCursor
{
    private ulong _version;
    private bool _isLost;

    internal InterestCursor(ulong version) => _version = version;

    /// <summary>All changes up to this version are known at the other end.</summary>
    public ulong Version
    {
        get => Volatile.Read(ref _version);
        internal set => Volatile.Write(ref _version, value);
    }

    /// <summary>True when the table did not wait any longer: a delta would not be complete, the link must reconcile.</summary>
    public bool IsLost
    {
        get => Volatile.Read(ref _isLost);
        internal set => Volatile.Write(ref _isLost, value);
    }
}
