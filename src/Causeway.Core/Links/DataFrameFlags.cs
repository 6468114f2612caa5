namespace Causeway.Core.Links;

/// <summary>How a message that came over a link is to be delivered.</summary>
[Flags]
public enum DataFrameFlags : byte
{
    /// <summary>To all plain subscriptions, and as the extension says.</summary>
    None = 0,

    /// <summary>It is a reply that was sent to this node by name: to this node's subscriptions only.</summary>
    Directed = 1,

    /// <summary>It came from a hub that the deployment is a leaf of: it goes to no other hub.</summary>
    FromHub = 2,
}
