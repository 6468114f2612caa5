using Causeway.Core.Control;
using Causeway.Core.Health;

namespace Causeway.Bus.Health;

/// <summary>
/// How a node watches itself. One that does connects to its own client port: once to measure the round trip, and, if it is part of a
/// region, once more to report and to take commands. These connections are in no count of clients and against no limit.
/// </summary>
public sealed record HealthOptions
{
    /// <summary>Time from one look to the next.</summary>
    public TimeSpan LookInterval { get; init; } = HealthLimits.LookInterval;

    /// <summary>Time within which a message has to come back through the bus.</summary>
    public TimeSpan BusDeadline { get; init; } = HealthLimits.BusDeadline;

    /// <summary>Time from one report to the next.</summary>
    public TimeSpan ReportInterval { get; init; } = ReportLimits.ReportInterval;
}
