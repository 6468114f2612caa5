using Causeway.Core.Control;

namespace Causeway.Core.Alarms;

/// <summary>Something that happened to an alarm. Immutable.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When, by the clock on the wall.</param>
/// <param name="Alarm">The alarm as it was then.</param>
public sealed record AlarmChange(AlarmChangeKind Kind, DateTimeOffset At, AlarmReport Alarm);

/// <summary>What can happen to an alarm.</summary>
public enum AlarmChangeKind
{
    /// <summary>It opened.</summary>
    Opened,

    /// <summary>It is open and has become critical.</summary>
    Worsened,

    /// <summary>It closed.</summary>
    Closed,
}
