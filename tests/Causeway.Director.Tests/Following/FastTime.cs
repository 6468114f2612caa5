namespace Causeway.Director.Tests.Following;

/// <summary>A clock that goes several times faster than the machine's, so that minutes of director and clients pass in seconds.</summary>
internal sealed class FastTime(double factor) : TimeProvider
{
    private readonly long _began = System.GetTimestamp();
    private readonly DateTimeOffset _beganAt = System.GetUtcNow();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (long)(System.GetElapsedTime(_began).Ticks * factor);

    public override DateTimeOffset GetUtcNow() => _beganAt + TimeSpan.FromTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Real(dueTime), Real(period));

    // Timers of the machine have milliseconds, and those that never come stay so.
    private TimeSpan Real(TimeSpan time) => time <= TimeSpan.Zero ? time : TimeSpan.FromMilliseconds(Math.Ceiling((time / factor).TotalMilliseconds));
}
