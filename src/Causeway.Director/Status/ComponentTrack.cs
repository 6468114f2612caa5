namespace Causeway.Director.Status;

/// <summary>
/// Hysteresis of one component. It worsens when bad time has added up (good time takes half of it away again), at once where
/// it does not serve at all, and improves only after a time in which it was better without a break. That time doubles for a component that
/// falls ill again and again. Not thread-safe.
/// </summary>
public sealed class ComponentTrack
{
    private readonly TimeSpan[] _badTime = new TimeSpan[(int)ComponentState.MajorOutage + 1];
    private TimeSpan _improveAfter = StatusLimits.ImproveAfter;
    private DateTimeOffset? _last;
    private TimeSpan _betterFor;
    private ComponentState _worstWhileBetter;
    private TimeSpan _calmFor;

    /// <summary>Begins with what is published of it.</summary>
    public ComponentTrack(ComponentState published) => Published = published;

    /// <summary>What is published.</summary>
    public ComponentState Published { get; private set; }

    /// <summary>Takes a look at <paramref name="now"/>; true if what is published changed by it.</summary>
    public bool Look(ComponentState seen, DateTimeOffset now)
    {
        TimeSpan passed = _last is { } last ? TimeSpan.FromTicks(Math.Clamp((now - last).Ticks, 0, StatusLimits.MaxLookTime.Ticks)) : TimeSpan.Zero;
        _last = now;
        ComponentState before = Published;
        AddUp(seen, passed);
        if (Worst(seen) is { } worst && worst > Published)
        {
            Worsen(worst);
        }
        else if (seen < Published)
        {
            Improve(seen, passed);
        }
        else
        {
            _betterFor = TimeSpan.Zero;
            _worstWhileBetter = ComponentState.Operational;
        }

        return Published != before;
    }

    private void AddUp(ComponentState seen, TimeSpan passed)
    {
        for (int level = (int)ComponentState.DegradedPerformance; level < _badTime.Length; level++)
        {
            TimeSpan bad = (int)seen >= level ? _badTime[level] + passed : _badTime[level] - (passed / 2);
            _badTime[level] = TimeSpan.FromTicks(Math.Clamp(bad.Ticks, 0, StatusLimits.WorsenAfter.Ticks));
        }

        _calmFor = seen == ComponentState.Operational && Published == ComponentState.Operational ? _calmFor + passed : TimeSpan.Zero;
        if (_calmFor >= StatusLimits.ForgiveAfter)
        {
            _improveAfter = StatusLimits.ImproveAfter;
        }
    }

    private ComponentState? Worst(ComponentState seen)
    {
        if (seen == ComponentState.MajorOutage)
        {
            return seen;
        }

        for (int level = (int)ComponentState.PartialOutage; level > 0; level--)
        {
            if ((int)seen >= level && _badTime[level] >= StatusLimits.WorsenAfter)
            {
                return (ComponentState)level;
            }
        }

        return null;
    }

    private void Worsen(ComponentState worst)
    {
        Published = worst;
        _betterFor = TimeSpan.Zero;
        _worstWhileBetter = ComponentState.Operational;
    }

    private void Improve(ComponentState seen, TimeSpan passed)
    {
        _betterFor += passed;
        _worstWhileBetter = seen > _worstWhileBetter ? seen : _worstWhileBetter;
        if (_betterFor < _improveAfter)
        {
            return;
        }

        Published = _worstWhileBetter;
        _betterFor = TimeSpan.Zero;
        _worstWhileBetter = ComponentState.Operational;
        Array.Clear(_badTime);
        if (Published == ComponentState.Operational)
        {
            _improveAfter = TimeSpan.FromTicks(Math.Min(_improveAfter.Ticks * 2, StatusLimits.MaxImproveAfter.Ticks));
        }
    }
}
