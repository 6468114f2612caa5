namespace Causeway.Core.Leafs;

/// <summary>Where a leaf-node connection is in its life.</summary>
public enum LeafState
{
    /// <summary>The other side has yet to say who it is.</summary>
    AwaitsConnect,

    /// <summary>What it proves is being checked.</summary>
    LogsIn,

    /// <summary>The hub has yet to answer.</summary>
    AwaitsHub,

    /// <summary>Interest and messages pass.</summary>
    Up,

    /// <summary>It is over.</summary>
    Closed,
}
