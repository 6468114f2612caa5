using Causeway.Drill.Engine;

namespace Causeway.Drill.Tests.Fakes;

/// <summary>A clock that is at once where it is waited for.</summary>
internal sealed class FakeClock : IDrillClock
{
    public TimeSpan Now { get; private set; } = TimeSpan.FromHours(3);

    /// <summary>Called with the time that is reached.</summary>
    public Action<TimeSpan>? Moved { get; set; }

    public Task UntilAsync(TimeSpan moment, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Now = moment > Now ? moment : Now;
        Moved?.Invoke(Now);
        return Task.CompletedTask;
    }
}
