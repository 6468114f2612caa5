namespace Causeway.Client.Timing;

/// <summary>One timer that goes off when the next thing is due, and not otherwise. Safe for any thread.</summary>
internal sealed class DueTimer : IDisposable
{
    private readonly MillisecondClock _clock;
    private readonly Func<long, long> _work;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private long _setFor = long.MaxValue;

    /// <param name="clock">The clock.</param>
    /// <param name="work">Does what is due at the given time, and returns when the next is; <see cref="long.MaxValue"/> for never.</param>
    public DueTimer(MillisecondClock clock, Func<long, long> work)
    {
        _clock = clock;
        _work = work;
        _timer = clock.Time.CreateTimer(static timer => ((DueTimer)timer!).GoOff(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Something is due at this time.</summary>
    public void Need(long at)
    {
        if (at >= Volatile.Read(ref _setFor))
        {
            return;
        }

        lock (_gate)
        {
            if (at < _setFor)
            {
                Volatile.Write(ref _setFor, at);
                // A timer takes 49 days at most; one that goes off early is set again.
                _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(at - _clock.Now, 1, int.MaxValue)), Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void GoOff()
    {
        lock (_gate)
        {
            Volatile.Write(ref _setFor, long.MaxValue);
        }

        Need(_work(_clock.Now));
    }
}
