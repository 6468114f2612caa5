namespace Causeway.Core;

/// <summary>Lets so much happen in each second, and counts the rest. Any thread.</summary>
/// <param name="mostPerSecond">How much.</param>
public sealed class RateLimit(int mostPerSecond)
{
    private const long Second = 1000;

    private readonly Lock _lock = new();
    private long _began = long.MinValue / 2;
    private int _takenNow;
    private long _taken;
    private long _skipped;

    /// <summary>What could happen.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>What could not, as there was too much.</summary>
    public long Skipped => Volatile.Read(ref _skipped);

    /// <summary>True if one more may happen at <paramref name="now"/> (milliseconds on a clock that does not jump).</summary>
    public bool TryTake(long now)
    {
        lock (_lock)
        {
            if (now - _began >= Second || now < _began)
            {
                (_began, _takenNow) = (now, 0);
            }

            if (_takenNow >= mostPerSecond)
            {
                _skipped++;
                return false;
            }

            _takenNow++;
            _taken++;
            return true;
        }
    }
}
