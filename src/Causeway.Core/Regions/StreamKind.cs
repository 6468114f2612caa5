namespace Causeway.Core.Regions;

/// <summary>Which interest a stream between two nodes tells of.</summary>
public enum StreamKind : byte
{
    /// <summary>What the clients of a node want, but their inboxes. Within a region.</summary>
    Node = 1,

    /// <summary>The inboxes of a node's clients. Within a region only.</summary>
    Inboxes = 2,

    /// <summary>What another region wants, told on by the node that holds the link to it. Within a region.</summary>
    Region = 3,

    /// <summary>What the teller's own region wants. Between regions.</summary>
    OwnRegion = 4,
}
