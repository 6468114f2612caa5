using Causeway.Core.Protocol;

namespace Causeway.Core.Clients;

/// <summary>
/// What one client is told by INFO: at first what holds then, and later what has changed, but only if it understands INFO at any time
/// (protocol 1), and not before its first PONG, which it may still be waiting for as the end of its connecting.
/// </summary>
internal sealed class ClientInfo(NodeContext node, ulong clientId, string address)
{
    private readonly ServerInfo _first = node.Info;
    private bool _toldPong;

    /// <summary>The first INFO.</summary>
    public byte[] Greeting() => _first.ToLine(clientId, address);

    /// <summary>INFO has changed: the line to send, or null if the client is not to have it now. Any thread.</summary>
    public byte[]? Changed(ConnectOptions options)
    {
        // INFO has changed before this, and the first PONG looks whether it has: one of the two sees the other.
        Interlocked.MemoryBarrier();
        return options.Protocol >= 1 && Volatile.Read(ref _toldPong) ? node.Info.ToLine(clientId, address) : null;
    }

    /// <summary>The client has been sent a PONG: the line to send if INFO has changed since the first.</summary>
    public byte[]? OnPong(ConnectOptions options)
    {
        if (_toldPong)
        {
            return null;
        }

        Volatile.Write(ref _toldPong, true);
        Interlocked.MemoryBarrier();
        return options.Protocol >= 1 && !ReferenceEquals(node.Info, _first) ? node.Info.ToLine(clientId, address) : null;
    }
}
