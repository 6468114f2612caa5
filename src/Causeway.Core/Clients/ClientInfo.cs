using Causeway.Core.Protocol;
using Causeway.Core.Routing;

namespace Causeway.Core.Clients;

/// <summary>
/// What one client is told by INFO: at first what holds then, and later what has changed, but only if it understands INFO at any time
/// (protocol 1), and not before its first PONG, which it may still be waiting for as the end of its connecting.
/// </summary>
internal sealed class ClientInfo(NodeContext node, ulong clientId, string address, bool webSocket)
{
    private readonly ServerInfo _first = node.Info;
    private bool _toldPong;

    /// <summary>What the client is given to sign; empty if nobody proves himself so.</summary>
    public string Nonce { get; } = node.Access.WantsNonce ? node.NonceFor(clientId) : "";

    /// <summary>The first INFO.</summary>
    public byte[] Greeting() => Seen(_first).ToLine(clientId, address, Nonce);

    /// <summary>INFO has changed: the line to send, or null if the client is not to have it now. Any thread.</summary>
    public byte[]? Changed(ConnectOptions options, Tenant tenant)
    {
        // INFO has changed before this, and the first PONG looks whether it has: one of the two sees the other.
        Interlocked.MemoryBarrier();
        return options.Protocol >= 1 && Volatile.Read(ref _toldPong) ? Line(tenant) : null;
    }

    /// <summary>The client has been sent a PONG: the line to send if INFO has changed since the first.</summary>
    public byte[]? OnPong(ConnectOptions options, Tenant tenant)
    {
        if (_toldPong)
        {
            return null;
        }

        Volatile.Write(ref _toldPong, true);
        Interlocked.MemoryBarrier();
        bool differs = !ReferenceEquals(node.Info, _first) || (tenant.ClientLimits is { } limits && limits.MaxPayloadBytes != _first.MaxPayloadBytes);
        return options.Protocol >= 1 && differs ? Line(tenant) : null;
    }

    private byte[] Line(Tenant tenant) => Seen(node.Info).ToLine(clientId, address, Nonce, tenant.ClientLimits?.MaxPayloadBytes ?? 0);

    private ServerInfo Seen(ServerInfo info) => webSocket ? info.OverWebSocket() : info;
}
