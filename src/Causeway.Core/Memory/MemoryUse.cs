namespace Causeway.Core.Memory;

/// <summary>What leased memory is used for. Every account keeps its bytes by use, and so does the budget's total.</summary>
public enum MemoryUse
{
    /// <summary>A connection's own state.</summary>
    Connections,

    /// <summary>Received bytes that are not yet a whole command, and the event loops' receive buffers.</summary>
    Receive,

    /// <summary>Bytes that wait to be sent.</summary>
    Pending,

    /// <summary>Subscriptions and the index that finds them.</summary>
    Subscriptions,

    /// <summary>Cached routes.</summary>
    Routes,

    /// <summary>Idle buffers kept for reuse.</summary>
    Pool,

    /// <summary>Interest of the node, its region and its peers, and what brings it across links.</summary>
    Interest,
}
