namespace Causeway.Core.Clients;

/// <summary>What a <see cref="ClientSession"/> needs of the connection beneath it. Both members may be called from any thread.</summary>
public interface IClientTransport
{
    /// <summary>Begins to send what waits in the outbound queue, without waiting for it.</summary>
    void Flush();

    /// <summary>Ends the connection, after what waits has left if the reason allows it.</summary>
    void Close(CloseReason reason);
}
