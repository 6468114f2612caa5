namespace Causeway.Drill.Engine;

/// <summary>What happened in a run, bounded, in the order in which it came. Thread-safe.</summary>
internal sealed class EventLog(IDrillObserver observer)
{
    private readonly Lock _gate = new();
    private readonly List<DrillEvent> _events = [];
    private int _dropped;

    /// <summary>Adds one and shows it.</summary>
    public void Add(DrillEvent what)
    {
        lock (_gate)
        {
            if (_events.Count >= DrillLimits.EventsMax)
            {
                _dropped++;
                return;
            }

            _events.Add(what);
            observer.Happened(what);
        }
    }

    /// <summary>Shows a sample, between events.</summary>
    public void Show(DrillSample sample)
    {
        lock (_gate)
        {
            observer.Sampled(sample);
        }
    }

    /// <summary>All of them; where some did not fit, the last one says how many.</summary>
    public IReadOnlyList<DrillEvent> All()
    {
        lock (_gate)
        {
            return _dropped == 0
                ? [.. _events.OrderBy(what => what.At)]
                : [.. _events.OrderBy(what => what.At), _events[^1] with { Kind = EventKind.Warning, Text = $"{_dropped} more events were left out", Key = "", Node = "", Region = "" }];
        }
    }
}
