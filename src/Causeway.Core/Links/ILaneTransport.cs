using Causeway.Core.Delivery;

namespace Causeway.Core.Links;

/// <summary>The connection beneath a lane. Members may be called from any thread.</summary>
public interface ILaneTransport : ITransport
{
    /// <summary>What waits to be sent behind what <see cref="ILane.Fill"/> writes.</summary>
    OutboundQueue Queue { get; }

    /// <summary>The other side's address, for logs.</summary>
    string RemoteAddress { get; }

    /// <summary>Bytes of messages that have left.</summary>
    long SentBytes { get; }

    /// <summary>Bytes that the connection holds of the node's memory.</summary>
    long HeldBytes { get; }

    /// <summary>From now on <paramref name="lane"/> gets what is received. On the loop's thread.</summary>
    void Become(ILane lane);

    /// <summary>Has <see cref="ILane.Fill"/>, or <see cref="ILane.OnWoken"/>, called soon.</summary>
    void Wake();

    /// <summary>Ends the connection for <paramref name="reason"/>, after what waits has left if there is time.</summary>
    void Close(string reason);
}
