using System.Diagnostics;

namespace Causeway.Shaper;

/// <summary>When bytes that are put on a direction of a link arrive. It has no clock of its own: times are timestamps that it is given.</summary>
internal sealed class LinkSchedule(Random random)
{
    private readonly Lock _sync = new();
    private double _free;

    /// <summary>Puts bytes on the link behind all that it has taken, whatever connection they are of, and tells when they arrive.</summary>
    public long Arrival(int bytes, long now, LinkConditions conditions)
    {
        lock (_sync)
        {
            double sent = Math.Max(now, _free);
            if (conditions.BytesPerSecond is { } rate)
            {
                sent += bytes * (double)Stopwatch.Frequency / rate;
                _free = sent;
            }

            double delay = conditions.Latency.TotalSeconds + (random.NextDouble() * conditions.Jitter.TotalSeconds);
            return (long)Math.Ceiling(sent + (delay * Stopwatch.Frequency));
        }
    }

    /// <summary>How many bytes to read at a time.</summary>
    public static int ChunkBytes(LinkConditions conditions) => conditions.BytesPerSecond is { } rate
        ? (int)Math.Clamp(rate / ShaperLimits.ChunksPerSecond, ShaperLimits.ChunkBytesMin, ShaperLimits.ChunkBytesMax)
        : ShaperLimits.ChunkBytesMax;

    /// <summary>How many bytes of one connection may be under way and waiting before no more are read.</summary>
    public static int ConnectionBytes(LinkConditions conditions)
    {
        if (conditions.BytesPerSecond is not { } rate)
        {
            return ShaperLimits.ConnectionBytesMax;
        }

        double underWay = rate * (conditions.Latency + conditions.Jitter + ShaperLimits.TimerSlack).TotalSeconds;
        return (int)Math.Min(ShaperLimits.ConnectionBytesMax, underWay + conditions.QueueBytes);
    }
}
