namespace Causeway.Core.Clients;

/// <summary>Is told what clients do wrong, beside the clients themselves. Called on any thread: it must not wait for anything.</summary>
public interface IClientErrors
{
    /// <summary>A client did what it may not, or what can't be understood; <paramref name="text"/> is what it is told, if it is told anything.</summary>
    void OnError(ClientSession client, string text);
}
