namespace Causeway.Simulation.World;

/// <summary>Virtual time in milliseconds, and what is to happen when. Two things of one moment happen in the order they were planned.</summary>
internal sealed class SimClock
{
    private readonly PriorityQueue<Action, (long At, long Number)> _plan = new();
    private long _number;

    public long Now { get; private set; }

    /// <summary>Has <paramref name="action"/> done <paramref name="milliseconds"/> from now.</summary>
    public void After(long milliseconds, Action action) => _plan.Enqueue(action, (Now + Math.Max(0, milliseconds), _number++));

    /// <summary>Lets time pass until <paramref name="end"/>.</summary>
    public void RunUntil(long end)
    {
        while (_plan.TryPeek(out Action? action, out (long At, long Number) due) && due.At <= end)
        {
            _plan.Dequeue();
            Now = due.At;
            action();
        }

        Now = end;
    }
}
