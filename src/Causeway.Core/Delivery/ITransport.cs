using Causeway.Core.Clients;

namespace Causeway.Core.Delivery;

/// <summary>What an outbound queue's owner needs of the connection beneath it. Both members may be called from any thread.</summary>
public interface ITransport
{
    /// <summary>Begins to send what waits in the outbound queue, without waiting for it.</summary>
    void Flush();

    /// <summary>Ends the connection, after what waits has left if the reason allows it.</summary>
    void Close(CloseReason reason);
}
