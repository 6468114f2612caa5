namespace Causeway.Core.Routing;

/// <summary>How far a message may still go.</summary>
public enum ForwardScope
{
    /// <summary>To other nodes and other regions: it comes from a client here.</summary>
    Deployment,

    /// <summary>To other nodes of the region: it came from another region.</summary>
    Region,

    /// <summary>To other regions whose link this node holds: it came from another node of the region.</summary>
    OwnLinks,
}
