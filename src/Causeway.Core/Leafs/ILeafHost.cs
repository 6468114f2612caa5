namespace Causeway.Core.Leafs;

/// <summary>Is told what becomes of the leaf-node connections of a node. On the loop of the leafs.</summary>
public interface ILeafHost
{
    /// <summary>The two sides know each other: interest and messages pass from now on.</summary>
    void OnUp(LeafSession session);

    /// <summary>The connection is gone.</summary>
    void OnDown(LeafSession session, string reason);

    /// <summary>The other side wants more than it may: told for the first time on a connection.</summary>
    void OnRefusing(LeafSession session);
}
