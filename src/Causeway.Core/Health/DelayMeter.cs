namespace Causeway.Core.Health;

/// <summary>
/// Measures how long tasks wait until they are taken, one at a time: the longest since it was last asked, the one that still waits
/// included. Thread-safe; times are any timestamps in milliseconds that go forward.
/// </summary>
public sealed class DelayMeter
{
    private readonly Lock _lock = new();
    private double? _waitsSince;
    private double _longest;

    /// <summary>A task is given; false, and it is not to be given, if the last one still waits.</summary>
    public bool TryBegin(double now)
    {
        lock (_lock)
        {
            if (_waitsSince is not null)
            {
                return false;
            }

            _waitsSince = now;
            return true;
        }
    }

    /// <summary>The task was taken.</summary>
    public void End(double now)
    {
        lock (_lock)
        {
            _longest = Math.Max(_longest, now - (_waitsSince ?? now));
            _waitsSince = null;
        }
    }

    /// <summary>For how long the task waits that has not been taken; negative if none waits.</summary>
    public double Waiting(double now)
    {
        lock (_lock)
        {
            return _waitsSince is { } since ? now - since : -1;
        }
    }

    /// <summary>The longest delay in milliseconds since the last call.</summary>
    public double Take(double now)
    {
        lock (_lock)
        {
            double longest = Math.Max(_longest, now - (_waitsSince ?? now));
            _longest = 0;
            return longest;
        }
    }
}
