namespace Causeway.Core.Links;

/// <summary>What is dropped first when a link can't take all messages.</summary>
public enum MessageClass
{
    /// <summary>Messages that nobody waits for: dropped first.</summary>
    Bulk,

    /// <summary>Requests and replies: dropped only when nothing more may wait at all.</summary>
    Rpc,
}
