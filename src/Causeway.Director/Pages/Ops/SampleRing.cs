namespace Causeway.Director.Pages.Ops;

/// <summary>The last samples of several numbers that belong together, with their times; of a fixed size. Not thread-safe.</summary>
internal sealed class SampleRing(int series)
{
    private readonly long[] _at = new long[PagesLimits.MaxSamples];
    private readonly long[] _values = new long[PagesLimits.MaxSamples * series];
    private long _count;

    /// <summary>Samples that are held.</summary>
    public int Count => (int)Math.Min(_count, PagesLimits.MaxSamples);

    /// <summary>When the last one was taken, in milliseconds since 1970; 0 if none was.</summary>
    public long LastAt => _count == 0 ? 0 : _at[(_count - 1) % PagesLimits.MaxSamples];

    /// <summary>Adds a sample; numbers past the series are not kept.</summary>
    public void Add(long at, ReadOnlySpan<long> values)
    {
        int slot = (int)(_count % PagesLimits.MaxSamples);
        _at[slot] = at;
        Span<long> held = _values.AsSpan(slot * series, series);
        held.Clear();
        values[..Math.Min(values.Length, series)].CopyTo(held);
        _count++;
    }

    /// <summary>The times, oldest first.</summary>
    public long[] Times() => Copy(slot => _at[slot]);

    /// <summary>One of the numbers, oldest first.</summary>
    public long[] Values(int which) => Copy(slot => _values[(slot * series) + which]);

    private long[] Copy(Func<int, long> read)
    {
        int count = Count;
        long[] copy = new long[count];
        for (int i = 0; i < count; i++)
        {
            copy[i] = read((int)((_count - count + i) % PagesLimits.MaxSamples));
        }

        return copy;
    }
}
