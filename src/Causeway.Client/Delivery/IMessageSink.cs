using Causeway.Client.Protocol;

namespace Causeway.Client.Delivery;

/// <summary>Takes the messages of one subscription from the link's reader. Must not block.</summary>
internal interface IMessageSink
{
    void Deliver(in InboundMessage message);

    /// <summary>All messages that were received together have been delivered: the time to wake who waits for them.</summary>
    void Delivered()
    {
    }

    /// <summary>No message will come any more; what was delivered may still be read.</summary>
    void End(Exception? error);
}
