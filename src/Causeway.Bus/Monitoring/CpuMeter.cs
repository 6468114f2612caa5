namespace Causeway.Bus.Monitoring;

/// <summary>The process's CPU use since the question before, in percent of one processor. Thread-safe.</summary>
internal sealed class CpuMeter
{
    private static readonly TimeSpan LeastPeriod = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private long _at = TimeProvider.System.GetTimestamp();
    private TimeSpan _used = Environment.CpuUsage.TotalTime;
    private double _percent;

    public double Percent()
    {
        lock (_lock)
        {
            TimeSpan elapsed = TimeProvider.System.GetElapsedTime(_at);
            if (elapsed >= LeastPeriod)
            {
                TimeSpan used = Environment.CpuUsage.TotalTime;
                _percent = (used - _used) / elapsed * 100;
                (_used, _at) = (used, TimeProvider.System.GetTimestamp());
            }

            return _percent;
        }
    }
}
