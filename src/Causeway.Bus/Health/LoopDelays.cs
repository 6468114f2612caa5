using Causeway.Bus.Nodes;
using Causeway.Bus.Transport;
using Causeway.Core.Health;

namespace Causeway.Bus.Health;

/// <summary>Gives every event loop a task four times a second and measures how long it takes to take it.</summary>
internal sealed class LoopDelays : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SettlePause = TimeSpan.FromMilliseconds(5);

    private readonly TimeProvider _time;
    private readonly (EventLoop Loop, DelayMeter Meter)[] _loops;
    private ITimer? _timer;

    public LoopDelays(BusNode node, TimeProvider time)
    {
        _time = time;
        _loops = [.. node.AllLoops.Select(loop => (loop, new DelayMeter()))];
    }

    private double Now => _time.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>Begins to measure.</summary>
    public void Start() => _timer = _time.CreateTimer(_ => Sample(), null, TimeSpan.Zero, Period);

    /// <summary>The delay of the slowest loop since the last call, in milliseconds.</summary>
    public double Take() => _loops.Max(loop => loop.Meter.Take(Now));

    /// <summary>Gives each loop a task, unless it has not taken the last one yet.</summary>
    public void Sample()
    {
        foreach ((EventLoop loop, DelayMeter meter) in _loops)
        {
            if (meter.TryBegin(Now))
            {
                loop.Post(() => meter.End(Now));
            }
        }
    }

    /// <summary>Waits until all loops have taken their task, or one is known to be stuck; returns the delay of the slowest.</summary>
    public async Task<double> SettleAsync()
    {
        while (_loops.Max(loop => loop.Meter.Waiting(Now)) is >= 0 and < HealthLimits.StuckLoopMilliseconds)
        {
            await Task.Delay(SettlePause, _time).ConfigureAwait(false);
        }

        return Take();
    }

    public void Dispose() => _timer?.Dispose();
}
