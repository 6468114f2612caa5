namespace Causeway.Core.Health;

/// <summary>What a look at a node found. Immutable.</summary>
public sealed record HealthEvidence
{
    /// <summary>True if the node is going away.</summary>
    public bool IsDraining { get; init; }

    /// <summary>
    /// The time of a message through the node's own client port and back, in milliseconds; negative if it did not come back in time,
    /// null if it was not tried.
    /// </summary>
    public double? BusRoundTripMilliseconds { get; init; }

    /// <summary>Why the message did not come back; empty if it did.</summary>
    public string BusFault { get; init; } = "";

    /// <summary>The longest that an event loop took, or has been taking, to take a task since the last look, in milliseconds.</summary>
    public double LoopDelayMilliseconds { get; init; }

    /// <summary>Room for new clients, 0 to 1, as <see cref="Headroom"/> has it.</summary>
    public double Headroom { get; init; } = 1;

    /// <summary>True if the governor refuses new clients.</summary>
    public bool RefusesNew { get; init; }

    /// <summary>Clients connected.</summary>
    public int Clients { get; init; }

    /// <summary>Most clients that may connect.</summary>
    public int MaxClients { get; init; } = int.MaxValue;

    /// <summary>Connections that could not be accepted since the last look, as for want of file descriptors.</summary>
    public long AcceptErrors { get; init; }

    /// <summary>Links that are up and not quiet.</summary>
    public int LinksUp { get; init; }

    /// <summary>What links are wanted and not up, or quiet: the node or address at the other end.</summary>
    public IReadOnlyList<string> LinksMissing { get; init; } = [];
}
