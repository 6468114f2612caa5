namespace Causeway.Core.Alarms.Nodes;

/// <summary>
/// The usual round trip of one link: falls at once when the link gets better, rises slowly, and hardly at all while it is degraded, so that
/// a bad hour does not become what is usual. Not thread-safe.
/// </summary>
public sealed class RoundTripBaseline
{
    /// <summary>Time constant in seconds with which it follows a round trip that is not much longer than usual.</summary>
    public const double RiseSeconds = 300;

    /// <summary>Time constant in seconds with which it follows one that is.</summary>
    public const double DegradedRiseSeconds = 3600;

    /// <summary>Time constant in seconds with which it follows a shorter one.</summary>
    public const double FallSeconds = 10;

    private TimeSpan _last;

    /// <summary>The usual round trip in milliseconds; 0 before the first.</summary>
    public double Milliseconds { get; private set; }

    /// <summary>Takes note of a round trip at <paramref name="elapsed"/>; <paramref name="isDegraded"/> if it is far above what is usual.</summary>
    public void Observe(TimeSpan elapsed, double milliseconds, bool isDegraded)
    {
        if (Milliseconds == 0)
        {
            (Milliseconds, _last) = (milliseconds, elapsed);
            return;
        }

        double seconds = (elapsed - _last).TotalSeconds;
        if (seconds <= 0)
        {
            return;
        }

        _last = elapsed;
        double constant = milliseconds < Milliseconds ? FallSeconds : isDegraded ? DegradedRiseSeconds : RiseSeconds;
        Milliseconds += (milliseconds - Milliseconds) * (1 - Math.Exp(-seconds / constant));
    }
}
