using Causeway.Bus.Transport;

namespace Causeway.Bus.Alarms;

/// <summary>Measures how long one event loop takes to take a task. One question is on its way at a time; nobody waits for it.</summary>
internal sealed class LoopProbe(EventLoop loop, TimeProvider time)
{
    private long _askedAt;
    private long _lastTicks;

    /// <summary>The last time it took, or what it takes by now if that is longer; and asks anew.</summary>
    public TimeSpan Measure()
    {
        TimeSpan last = new(Volatile.Read(ref _lastTicks));
        long askedAt = Volatile.Read(ref _askedAt);
        if (askedAt != 0)
        {
            TimeSpan waiting = time.GetElapsedTime(askedAt);
            return waiting > last ? waiting : last;
        }

        // 0 says that nothing is asked; a clock may begin there.
        long now = Math.Max(1, time.GetTimestamp());
        Volatile.Write(ref _askedAt, now);
        loop.Post(() =>
        {
            Volatile.Write(ref _lastTicks, time.GetElapsedTime(now).Ticks);
            Volatile.Write(ref _askedAt, 0);
        });
        return last;
    }
}
