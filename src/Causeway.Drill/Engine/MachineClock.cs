namespace Causeway.Drill.Engine;

/// <summary>The machine's clock. Thread-safe.</summary>
internal sealed class MachineClock : IDrillClock
{
    private readonly long _began = TimeProvider.System.GetTimestamp();

    public TimeSpan Now => TimeProvider.System.GetElapsedTime(_began);

    public async Task UntilAsync(TimeSpan moment, CancellationToken cancellationToken)
    {
        TimeSpan left = moment - Now;
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, cancellationToken);
        }
    }
}
