namespace Causeway.Core.Clients;

/// <summary>Is told of clients that log in and leave. Called on the clients' own threads: it must not wait for anything.</summary>
public interface IClientWatcher
{
    /// <summary>A client has become part of its tenant.</summary>
    void OnEntered(ClientSession client);

    /// <summary>A client was not let in, or may not stay.</summary>
    void OnRefused(ClientSession client, CloseReason reason);

    /// <summary>A client is gone; its counts stand still.</summary>
    void OnLeft(ClientSession client, CloseReason reason);
}
