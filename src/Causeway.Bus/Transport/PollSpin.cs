using System.Diagnostics;

namespace Causeway.Bus.Transport;

/// <summary>
/// Says for how long an event loop that has just had work looks for more before it sleeps. To be woken takes tens of microseconds,
/// and far more where the core has gone idle too, so a reply that comes within that time is cheaper waited for. Where looking did
/// not pay lately it is tried again only now and then, so what it can waste is bounded. One thread.
/// </summary>
internal sealed class PollSpin
{
    /// <summary>How long one look may last.</summary>
    private const long MaxSpinMicroseconds = 50;

    /// <summary>Looks in vain, less those that paid, after which it is left alone.</summary>
    private const int MaxVainSpins = 4;

    /// <summary>While it is left alone, one in so many is tried.</summary>
    private const int TryEvery = 32;

    private int _vain;
    private int _skipped;
    private bool _hadEvents;

    /// <summary>Waits for events as <see cref="Epoll.Wait"/> does, but looks for a moment first if the last wait brought some.</summary>
    public int Wait(Epoll epoll, int timeoutMilliseconds)
    {
        int events = _hadEvents && timeoutMilliseconds != 0 ? Look(epoll) : 0;
        if (events == 0)
        {
            events = epoll.Wait(timeoutMilliseconds);
        }

        _hadEvents = events > 0;
        return events;
    }

    /// <summary>Until when to look, in <see cref="Stopwatch"/> ticks; 0 not at all.</summary>
    public long Until(long now)
    {
        if (_vain >= MaxVainSpins && ++_skipped < TryEvery)
        {
            return 0;
        }

        _skipped = 0;
        return now + (MaxSpinMicroseconds * Stopwatch.Frequency / 1_000_000);
    }

    /// <summary>Takes note of whether the last look found anything.</summary>
    public void Note(bool found) => _vain = Math.Clamp(found ? _vain - 1 : _vain + 1, 0, MaxVainSpins);

    private int Look(Epoll epoll)
    {
        long until = Until(Stopwatch.GetTimestamp());
        if (until == 0)
        {
            return 0;
        }

        int events;
        do
        {
            events = epoll.Wait(0);
        }
        while (events == 0 && Stopwatch.GetTimestamp() < until);

        Note(events > 0);
        return events;
    }
}
