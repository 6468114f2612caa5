using System.Diagnostics;

namespace Causeway.Compare.Regions;

/// <summary>When numbered messages arrived.</summary>
internal sealed class Arrivals
{
    private readonly Lock _sync = new();
    private readonly List<long> _times = [];
    private long? _first;

    /// <summary>Messages from the first number that arrived: those before it were published before interest was known.</summary>
    public long Count
    {
        get
        {
            lock (_sync)
            {
                return _times.Count;
            }
        }
    }

    /// <summary>The first number that arrived.</summary>
    public long First
    {
        get
        {
            lock (_sync)
            {
                return _first ?? 0;
            }
        }
    }

    public void Add(long number)
    {
        lock (_sync)
        {
            _first ??= number;
            _times.Add(Stopwatch.GetTimestamp());
        }
    }

    /// <summary>When the first arrived after a time.</summary>
    public long? FirstAfter(long time)
    {
        lock (_sync)
        {
            int at = _times.FindIndex(arrival => arrival > time);
            return at < 0 ? null : _times[at];
        }
    }

    public double? SecondsTo(long time) => FirstAfter(time) is { } first ? Stopwatch.GetElapsedTime(time, first).TotalSeconds : null;

    /// <summary>The longest time without a message from a time on, in seconds.</summary>
    public double LongestGap(long from)
    {
        lock (_sync)
        {
            double longest = 0;
            long last = from;
            foreach (long time in _times.Where(time => time > from))
            {
                longest = Math.Max(longest, Stopwatch.GetElapsedTime(last, time).TotalSeconds);
                last = time;
            }

            return longest;
        }
    }
}
