using Causeway.Core.Delivery;

namespace Causeway.Core.Clients;

/// <summary>What a <see cref="ClientSession"/> needs of the connection beneath it. All members may be called from any thread.</summary>
public interface IClientTransport : ITransport
{
    /// <summary>True for a connection of the node to itself, by which it reports and measures: it is not refused for what is short.</summary>
    bool IsOwn => false;

    /// <summary>Ends the connection, after what waits has left if the reason allows it.</summary>
    void Close(CloseReason reason);

    /// <summary>
    /// A login that waited is decided: calls <see cref="ClientSession.Resume"/> on the client's own thread, and goes on with what was
    /// received meanwhile. Nothing is to be received before.
    /// </summary>
    void GoOn();
}
