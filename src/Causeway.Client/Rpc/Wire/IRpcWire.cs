namespace Causeway.Client.Rpc.Wire;

/// <summary>Sends messages of RPC. Never waits and never calls back.</summary>
internal interface IRpcWire
{
    /// <summary>Sends a message; false where there is no room at this moment.</summary>
    /// <exception cref="PayloadTooLargeException">The server takes no message of this size.</exception>
    bool TrySend(string subject, string? replyTo, in RpcHeader header, ReadOnlySpan<byte> payload);
}
