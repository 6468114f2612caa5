namespace Causeway.Core.Control;

/// <summary>Bounds of what nodes and directors tell each other.</summary>
public static class ReportLimits
{
    /// <summary>Time from one report of a node to the next.</summary>
    public static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    /// <summary>Silence after which a node counts as lost.</summary>
    public static readonly TimeSpan NodeLostAfter = TimeSpan.FromSeconds(5);

    /// <summary>How far a sealed message's time may be from the reader's clock.</summary>
    public static readonly TimeSpan MaxSealAge = TimeSpan.FromMinutes(2);

    /// <summary>Most links in a report; those to other regions come first.</summary>
    public const int MaxLinks = 64;

    /// <summary>Most alarms in a report, the worst and oldest first.</summary>
    public const int MaxAlarms = 32;

    /// <summary>Most reasons in a report.</summary>
    public const int MaxReasons = 16;

    /// <summary>Largest report or command that is read, in bytes.</summary>
    public const int MaxMessageBytes = 256 * 1024;

    /// <summary>Most nodes that a director keeps.</summary>
    public const int MaxNodes = 10_000;
}
