namespace Causeway.Simulation.World;

/// <summary>What the network does between two nodes, in one direction. Faults are data: whoever has the wire sets them.</summary>
internal sealed class SimWire
{
    /// <summary>Time that a byte travels, in milliseconds.</summary>
    public long LatencyMilliseconds { get; set; } = 1;

    /// <summary>Bytes per second; 0 for as many as there are.</summary>
    public long BytesPerSecond { get; set; }

    /// <summary>While true nothing arrives, and nothing is told to either side: a partition, or a stall.</summary>
    public bool IsBlocked { get; set; }

    /// <summary>When the wire is free for the next byte.</summary>
    public long FreeAt { get; set; }
}
