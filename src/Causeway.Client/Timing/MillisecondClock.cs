namespace Causeway.Client.Timing;

/// <summary>Milliseconds that only go forward, by a time provider. Safe for any thread.</summary>
internal sealed class MillisecondClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public TimeProvider Time => time;

    public long Now => (long)time.GetElapsedTime(_start).TotalMilliseconds;
}
