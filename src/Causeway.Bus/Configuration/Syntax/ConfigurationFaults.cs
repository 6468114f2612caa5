namespace Causeway.Bus.Configuration.Syntax;

/// <summary>All that is not right in a configuration, so that one reading tells every fault and not the first alone. One use, one thread.</summary>
public sealed class ConfigurationFaults
{
    /// <summary>Most faults that are kept; what comes beyond is counted.</summary>
    public const int MaxKept = 1000;

    /// <summary>Most faults that are told, a line each.</summary>
    public const int MaxTold = 20;

    private readonly List<ConfigurationException> _kept = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Those that are kept, file by file in the order of their lines.</summary>
    public IReadOnlyList<ConfigurationException> Kept
    {
        get
        {
            List<string> files = [.. _kept.Select(fault => fault.Place.File).Distinct(StringComparer.Ordinal)];
            return [.. _kept.OrderBy(fault => files.IndexOf(fault.Place.File)).ThenBy(fault => fault.Place.Line)];
        }
    }

    /// <summary>A line for each, and one more that says how many there are besides if there are too many to tell.</summary>
    public IReadOnlyList<string> Lines => Count <= MaxTold
        ? [.. Kept.Select(fault => fault.Message)]
        : [.. Kept.Take(MaxTold).Select(fault => fault.Message), $"{Kept[0].Place.File}: {Count - MaxTold} more faults"];

    /// <summary>Adds one.</summary>
    public void Add(ConfigurationException fault)
    {
        Count++;
        if (_kept.Count < MaxKept)
        {
            _kept.Add(fault);
        }
    }

    /// <summary>Does something that may find a fault, which is added then. True if it found none.</summary>
    public bool Try(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        int before = Count;
        try
        {
            action();
        }
        catch (ConfigurationException fault)
        {
            Add(fault);
        }

        return Count == before;
    }

    /// <summary>
    /// Does so with each entry of a block. True if none was found. A key that is not known is no fault if a variable takes its value from it: it
    /// may have any name, as with nats-server.
    /// </summary>
    public bool TryEach(ConfigurationBlock block, Action<ConfigurationEntry> take)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(take);
        int before = Count;
        foreach (ConfigurationEntry entry in block.Entries)
        {
            try
            {
                take(entry);
            }
            catch (ConfigurationException fault) when (fault.IsUnknownKey && entry.Value.IsVariable)
            {
                // Only variables stand for it.
            }
            catch (ConfigurationException fault)
            {
                Add(fault);
            }
        }

        return Count == before;
    }

    /// <summary>Throws the first, if there is one.</summary>
    /// <exception cref="ConfigurationException">There is one.</exception>
    public void ThrowFirst()
    {
        if (Count > 0)
        {
            throw Kept[0];
        }
    }
}
