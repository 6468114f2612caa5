using System.Buffers.Text;
using System.Diagnostics;

namespace Causeway.Compare.Regions;

/// <summary>When numbered messages arrived, and which did not. Any thread.</summary>
internal sealed class Arrivals
{
    private readonly Lock _sync = new();
    private readonly List<long> _times = [];
    private long _first = -1;
    private long _next;
    private long _skipped;
    private long _disordered;

    /// <summary>Messages that arrived.</summary>
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

    /// <summary>The number after the last that arrived.</summary>
    public long Next
    {
        get
        {
            lock (_sync)
            {
                return _next;
            }
        }
    }

    /// <summary>Messages that came twice, or after a later one.</summary>
    public long Disordered
    {
        get
        {
            lock (_sync)
            {
                return _disordered;
            }
        }
    }

    /// <summary>Notes the message with the number that <paramref name="payload"/> is.</summary>
    public void Add(ReadOnlySpan<byte> payload)
    {
        if (!Utf8Parser.TryParse(payload, out long number, out _))
        {
            throw new CompareException("a message came that nobody sent");
        }

        long now = Stopwatch.GetTimestamp();
        lock (_sync)
        {
            Add(number, now);
        }
    }

    /// <summary>
    /// Of the numbers below <paramref name="sent"/> those that did not arrive, from the first that did: those before it were
    /// published before interest was known.
    /// </summary>
    public long Lost(long sent)
    {
        lock (_sync)
        {
            return _first < 0 ? sent : _skipped + sent - _next;
        }
    }

    /// <summary>When the first arrived after a time.</summary>
    public long? FirstAfter(long time)
    {
        lock (_sync)
        {
            int at = After(time);
            return at == _times.Count ? null : _times[at];
        }
    }

    public double? SecondsTo(long time) => FirstAfter(time) is { } first ? Stopwatch.GetElapsedTime(time, first).TotalSeconds : null;

    /// <summary>The longest time without a message from a time on, in seconds.</summary>
    public double LongestGap(long from)
    {
        lock (_sync)
        {
            long longest = 0;
            long last = from;
            for (int i = After(from); i < _times.Count; i++)
            {
                longest = Math.Max(longest, _times[i] - last);
                last = _times[i];
            }

            return Stopwatch.GetElapsedTime(0, longest).TotalSeconds;
        }
    }

    private void Add(long number, long now)
    {
        _times.Add(now);
        if (_first < 0)
        {
            _first = number;
        }
        else if (number < _next)
        {
            _disordered++;
            return;
        }
        else
        {
            _skipped += number - _next;
        }

        _next = number + 1;
    }

    /// <summary>The place of the first that arrived after a time; times only grow.</summary>
    private int After(long time)
    {
        int at = _times.BinarySearch(time + 1);
        at = at < 0 ? ~at : at;
        while (at > 0 && _times[at - 1] > time)
        {
            at--;
        }

        return at;
    }
}
