namespace Causeway.Core.Leafs;

/// <summary>Which end of a leaf-node connection this node is.</summary>
public enum LeafRole
{
    /// <summary>The other server is the leaf: it dialled in, and is told of all interest but its own.</summary>
    Hub,

    /// <summary>This deployment is the leaf: it dialled, and tells what its own clients, and leafs of its own, want.</summary>
    Spoke,
}
