using System.Collections.Concurrent;
using Causeway.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Causeway.Client.Tests.Directing;

/// <summary>
/// A clock that the test moves, and that tells who waits on it. What begins to wait after the clock was moved waits for longer than the
/// test thinks: who moves it has to know first that it is waited for.
/// </summary>
internal sealed class WatchedTime : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _waits = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Enqueue(dueTime);
        return timer;
    }

    /// <summary>Returns once somebody waits, or waited, for a time within these bounds.</summary>
    public Task WaitedForAsync(double least, double most) =>
        Eventually.TrueAsync(() => _waits.Any(wait => wait.TotalMilliseconds >= least && wait.TotalMilliseconds <= most));
}
