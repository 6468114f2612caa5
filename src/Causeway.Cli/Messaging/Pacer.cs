namespace Causeway.Cli.Messaging;

/// <summary>Spreads events evenly over time. An event that comes late does not push back those after it.</summary>
internal sealed class Pacer(double perSecond, TimeProvider time)
{
    // A timer is no finer than this; nearer events are let through together.
    private static readonly TimeSpan Granularity = TimeSpan.FromMilliseconds(1);

    private readonly long _began = time.GetTimestamp();
    private long _count;

    /// <summary>Completes when the next event is due; the first is due at once.</summary>
    public async ValueTask NextAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait = TimeSpan.FromSeconds(_count++ / perSecond) - time.GetElapsedTime(_began);
        if (wait >= Granularity)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }
}
