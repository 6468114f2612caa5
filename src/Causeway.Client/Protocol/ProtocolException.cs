namespace Causeway.Client.Protocol;

/// <summary>The server sent bytes that are not the protocol. The connection can't be used any further.</summary>
internal sealed class ProtocolException(string message) : Exception(message);
