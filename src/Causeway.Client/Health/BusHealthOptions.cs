namespace Causeway.Client.Health;

/// <summary>How the health of a process's bus is judged. Immutable.</summary>
public sealed record BusHealthOptions
{
    /// <summary>How long a message may take through the bus and back before the check gives up. Default: 2 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A round trip from this on makes the process degraded. Default: 250 ms.</summary>
    public TimeSpan SlowAfter { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How long round trips may fail, once one has succeeded, before the process is unhealthy; until then it is degraded, so that a
    /// client that moves to another node does not make its process unready for a moment. Default: 5 s.
    /// </summary>
    public TimeSpan UnhealthyAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
