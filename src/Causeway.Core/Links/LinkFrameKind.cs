namespace Causeway.Core.Links;

/// <summary>What a control frame is.</summary>
public enum LinkFrameKind : byte
{
    /// <summary>The dialling node introduces itself and opens a control lane.</summary>
    Hello = 1,

    /// <summary>The accepting node introduces itself and proves that it knows the deployment key.</summary>
    Welcome = 2,

    /// <summary>The dialling node proves that it knows the deployment key.</summary>
    Proof = 3,

    /// <summary>The link is taken; carries the token that its data lane begins with.</summary>
    Accepted = 4,

    /// <summary>The link is refused; carries the code and the reason in words.</summary>
    Refused = 5,

    /// <summary>Opens a data lane of a link that is up.</summary>
    Attach = 6,

    /// <summary>A heartbeat.</summary>
    Ping = 7,

    /// <summary>A heartbeat's answer.</summary>
    Pong = 8,

    /// <summary>Nodes and regions that the sender knows.</summary>
    Members = 9,

    /// <summary>The sender has an interest table to tell of.</summary>
    StreamOpen = 10,

    /// <summary>The sender tells no longer of an interest table.</summary>
    StreamClose = 11,

    /// <summary>How much of a table the receiver has already.</summary>
    StreamState = 12,

    /// <summary>A part of a table.</summary>
    StreamFrame = 13,

    /// <summary>What the receiver says to a part.</summary>
    StreamReply = 14,

    /// <summary>The node goes away in good order, having sent as many messages as it says.</summary>
    Goodbye = 15,
}
