namespace Causeway.Core.Memory;

/// <summary>
/// Follows one number of bytes over time: its baseline (an average over about <see cref="BaselineSeconds"/>), and its growth (over
/// about <see cref="GrowthSeconds"/>), from which comes the time until a limit is reached. One thread observes; any may read.
/// </summary>
public sealed class GrowthMeter
{
    /// <summary>Time constant of the baseline in seconds.</summary>
    public const double BaselineSeconds = 300;

    /// <summary>Time constant of the growth in seconds.</summary>
    public const double GrowthSeconds = 15;

    private bool _started;
    private double _lastSeconds;
    private double _lastBytes;
    private double _baseline;
    private double _bytesPerSecond;

    /// <summary>The usual level in bytes.</summary>
    public long BaselineBytes => (long)Volatile.Read(ref _baseline);

    /// <summary>The present growth in bytes per second; negative when it shrinks.</summary>
    public double BytesPerSecond => Volatile.Read(ref _bytesPerSecond);

    /// <summary>Takes note that there are <paramref name="bytes"/> at <paramref name="seconds"/> on any clock that goes forward.</summary>
    public void Observe(double seconds, long bytes)
    {
        if (!_started)
        {
            (_started, _lastSeconds, _lastBytes) = (true, seconds, bytes);
            Volatile.Write(ref _baseline, bytes);
            return;
        }

        double elapsed = seconds - _lastSeconds;
        if (elapsed <= 0)
        {
            return;
        }

        double rate = (bytes - _lastBytes) / elapsed;
        Volatile.Write(ref _bytesPerSecond, Approach(_bytesPerSecond, rate, elapsed / GrowthSeconds));
        Volatile.Write(ref _baseline, Approach(_baseline, bytes, elapsed / BaselineSeconds));
        (_lastSeconds, _lastBytes) = (seconds, bytes);
    }

    /// <summary>Seconds until <paramref name="limitBytes"/> at the present growth; null if it does not grow.</summary>
    public double? SecondsUntil(long limitBytes)
    {
        double rate = BytesPerSecond;
        return rate < 1 ? null : Math.Max(0, (limitBytes - _lastBytes) / rate);
    }

    private static double Approach(double from, double to, double share) => from + ((to - from) * (1 - Math.Exp(-share)));
}
