using System.Diagnostics;
using HdrHistogram;

namespace Causeway.Cli.Bench;

/// <summary>
/// Decides when the next request starts, and records latencies. Without a rate, whenever a slot is free (closed loop). With one,
/// request i is due at i/rate whether or not earlier ones are answered, and its latency counts from then, so that a server that
/// stalls can't hide it by slowing the generator down.
/// </summary>
internal sealed class RequestSchedule
{
    private const long LongestNanoseconds = 600L * 1_000_000_000;

    private readonly LongHistogram _histogram = new(LongestNanoseconds, 3);
    private readonly double _ticksPerRequest;
    private long _start;
    private long _stopAt;
    private long _limit;
    private long _issued;
    private long _completed;

    /// <param name="rate">Requests per second, or null for as many as the slots allow.</param>
    public RequestSchedule(double? rate) => _ticksPerRequest = rate is { } r ? Stopwatch.Frequency / r : 0;

    public long Issued => Volatile.Read(ref _issued);

    public long Completed => Volatile.Read(ref _completed);

    /// <summary>When the last reply was read.</summary>
    public long LastTimestamp { get; private set; }

    /// <summary>When the phase began.</summary>
    public long StartTimestamp => _start;

    /// <summary>No request of the phase remains to be issued or answered.</summary>
    public bool Done(long now) => Completed == Issued && (_issued >= _limit || (now >= _stopAt && DueAt(now) >= _stopAt));

    /// <summary>Begins a phase with a clean record.</summary>
    public void Begin(long now, long? messages, TimeSpan? duration)
    {
        _histogram.Reset();
        _start = now;
        _stopAt = duration is { } time ? now + (long)(time.TotalSeconds * Stopwatch.Frequency) : long.MaxValue;
        _limit = messages ?? long.MaxValue;
        _issued = 0;
        _completed = 0;
        LastTimestamp = now;
    }

    /// <summary>Takes the next request if it is due, with the time its latency counts from.</summary>
    public bool TryTake(long now, out long startedAt)
    {
        startedAt = DueAt(now);
        if (startedAt > now || startedAt >= _stopAt || _issued >= _limit)
        {
            return false;
        }

        Volatile.Write(ref _issued, _issued + 1);
        return true;
    }

    public void Complete(long ticks, long now)
    {
        _histogram.RecordValue(Math.Clamp((long)(ticks * (1e9 / Stopwatch.Frequency)), 1, LongestNanoseconds));
        LastTimestamp = now;
        Volatile.Write(ref _completed, _completed + 1);
    }

    /// <summary>When the next request is due; with a rate it may have been while nobody looked, and is to be made all the same.</summary>
    private long DueAt(long now) => _ticksPerRequest == 0 ? now : _start + (long)(_issued * _ticksPerRequest);

    public LatencySummary Summary() => LatencySummary.From(_histogram);
}
