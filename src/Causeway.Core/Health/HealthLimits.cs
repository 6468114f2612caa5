namespace Causeway.Core.Health;

/// <summary>
/// From where on a node's health is doubted. A condition holds after some looks in a row that found it, and is over after some that
/// did not: looks and not time, so that a process that was stopped for a while, or whose clock jumped, does not judge by the gap.
/// </summary>
public static class HealthLimits
{
    /// <summary>Time from one look to the next.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>Time within which a message has to come back through the bus.</summary>
    public static readonly TimeSpan BusDeadline = TimeSpan.FromSeconds(2);

    /// <summary>Round trip through the bus from which it is slow, in milliseconds.</summary>
    public const double SlowBusMilliseconds = 250;

    /// <summary>Delay of an event loop from which it is busy, in milliseconds.</summary>
    public const double BusyLoopMilliseconds = 250;

    /// <summary>Delay of an event loop from which it is stuck, in milliseconds.</summary>
    public const double StuckLoopMilliseconds = 2000;

    /// <summary>Headroom below which memory gets short.</summary>
    public const double LowHeadroom = 0.1;

    /// <summary>Looks in a row after which a condition holds.</summary>
    public const int LooksToHold = 3;

    /// <summary>Looks in a row after which a condition is over.</summary>
    public const int LooksToClear = 3;

    /// <summary>Looks in a row without any sign of work after which the process counts as dead.</summary>
    public const int LooksToDie = 10;

    /// <summary>Most links named in a reason.</summary>
    public const int MaxNamedLinks = 8;
}
