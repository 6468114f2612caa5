namespace Causeway.Core.Links;

/// <summary>Why a link is refused.</summary>
public enum RefusalCode : byte
{
    /// <summary>No version of the protocol is spoken by both.</summary>
    Version = 1,

    /// <summary>The nodes belong to different deployments.</summary>
    Deployment = 2,

    /// <summary>The nodes have different deployment keys.</summary>
    Key = 3,

    /// <summary>The node is in another region than the dialling one expects.</summary>
    Region = 4,

    /// <summary>The node dialled itself.</summary>
    Self = 5,

    /// <summary>There is a link between the two nodes already.</summary>
    Duplicate = 6,

    /// <summary>Another node of the region has the same name.</summary>
    Name = 7,

    /// <summary>The node is going away.</summary>
    Leaving = 8,

    /// <summary>The node has as many links as it may have.</summary>
    Full = 9,
}
