namespace Causeway.Core.Alarms;

/// <summary>Where a condition stands between the thresholds of its rule, which lie apart so that noise does not open and close it.</summary>
public enum AlarmLevel
{
    /// <summary>Below the threshold for closing.</summary>
    Calm,

    /// <summary>Between the two: what is open stays open, what is closed stays closed.</summary>
    Between,

    /// <summary>At or above the threshold for opening.</summary>
    Raised,
}
