namespace Causeway.Core.Leafs;

/// <summary>The queue groups that a message is for: all there are, or those that the leaf it came from named.</summary>
public readonly ref struct LeafQueues
{
    private readonly ReadOnlySpan<byte> _names;
    private readonly bool _isListed;

    /// <summary>The groups that <paramref name="names"/> lists, separated by blanks; an empty list is none.</summary>
    public LeafQueues(ReadOnlySpan<byte> names)
    {
        _names = names;
        _isListed = true;
    }

    /// <summary>All groups, as for a client's message.</summary>
    public static LeafQueues All => default;

    /// <summary>True if it is for the group <paramref name="name"/>.</summary>
    public bool Has(ReadOnlySpan<byte> name)
    {
        if (!_isListed)
        {
            return true;
        }

        foreach (Range each in _names.SplitAny((byte)' ', (byte)'\t'))
        {
            if (_names[each].SequenceEqual(name) && !name.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }
}
