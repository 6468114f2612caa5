using System.Collections.Concurrent;
using System.Net;
using Causeway.Bus.Tls;
using Causeway.Bus.Transport;
using Causeway.Bus.WebSockets;
using Causeway.Core.Clients;
using Causeway.Core.Protocol;
using Causeway.Core.Routing;
using Microsoft.Extensions.Logging;

namespace Causeway.Bus.Nodes;

/// <summary>
/// Takes in who connects, on one loop or another, or refuses. The node's connections to itself, which it announces by
/// <see cref="Expect"/>, come in whatever is short and count against no limit.
/// </summary>
internal sealed class Reception(NodeContext context, IReadOnlyList<EventLoop> loops, ConnectionRegistry connections, ClientTls? tls, ClientErrorLog errors, ILogger log)
{
    private const int MaxRefusalsAtOnce = 256;

    private readonly ConcurrentDictionary<IPEndPoint, Tenant> _expected = new();
    private long _lastId;
    private long _refused;
    private int _admitted;
    private int _beingRefused;
    private int _nextLoop;

    /// <summary>Connections refused so far. Any thread.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Clients that have a place. Any thread.</summary>
    public int Admitted => Volatile.Read(ref _admitted);

    /// <summary>
    /// The node itself is about to connect, from <paramref name="from"/>, to live in <paramref name="tenant"/>. Nobody else can come
    /// from there, as the node holds that address. Any thread.
    /// </summary>
    public void Expect(IPEndPoint from, Tenant tenant) => _expected[from] = tenant;

    /// <summary>The node itself does not come after all. Any thread.</summary>
    public void Forget(IPEndPoint from) => _expected.TryRemove(from, out _);

    /// <summary>Somebody has connected, over a WebSocket if there is a <paramref name="guest"/>. On the loop of listeners.</summary>
    public void OnAccepted(int fd, IPEndPoint address, WebSocketGuest? guest = null)
    {
        if (guest is null && !_expected.IsEmpty && _expected.TryRemove(address, out Tenant? own))
        {
            EventLoop quiet = loops[^1];
            quiet.Post(() => TakeIn(quiet, fd, address, refuse: false, own, guest: null));
            return;
        }

        bool full = Admitted >= context.Limits.MaxConnections;
        bool noMemory = context.Governor.RefusesNew;
        bool refuse = full || noMemory;
        if (refuse)
        {
            long refused = Interlocked.Increment(ref _refused);
            errors.OnConnectionRefused(full ? "max-connections reached" : "memory is short", refused);
            if (noMemory)
            {
                context.Governor.CountRefusedConnection();
            }

            if (Volatile.Read(ref _beingRefused) >= MaxRefusalsAtOnce)
            {
                _ = Libc.Close(fd);
                return;
            }
        }

        // Counted here, where the decision falls, and not when the client is taken in: others are accepted in between.
        Interlocked.Increment(ref refuse ? ref _beingRefused : ref _admitted);

        EventLoop loop = loops[_nextLoop];
        _nextLoop = (_nextLoop + 1) % loops.Count;
        loop.Post(() => TakeIn(loop, fd, address, refuse, own: null, guest));
    }

    /// <summary>A connection is over. On its loop.</summary>
    public void OnClosed(ClientConnection connection)
    {
        ClientSession session = connection.Session;
        // Before it is counted: who sees that a client was closed for a reason finds in the log which one.
        if (connection.CloseReason.IsSlowConsumer())
        {
            NodeLog.SlowConsumer(
                log, session.Id, session.Options.Name, session.Address, session.Port, connection.CloseReason.Text(), connection.PendingWhenClosed);
        }
        else
        {
            NodeLog.Closed(log, session.Id, session.Address, session.Port, connection.CloseReason.Text());
        }

        connections.Remove(connection);
        if (!connection.IsOwn)
        {
            context.Watcher?.OnLeft(session, connection.CloseReason);
        }

        Leave(connection.IsRefused, connection.IsOwn);
    }

    private void TakeIn(EventLoop loop, int fd, IPEndPoint address, bool refuse, Tenant? own, WebSocketGuest? guest)
    {
        ulong id = (ulong)Interlocked.Increment(ref _lastId);
        ClientConnection connection;
        try
        {
            connection = loop.Adopt(on => new ClientConnection(on, context, fd, id, address.Address.ToString(), address.Port, own, guest is not null));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // Most likely the kernel would not watch one more socket; the clients there are go on.
            NodeLog.AdoptFailed(log, fault.Message);
            _ = Libc.Close(fd);
            Leave(refuse, own is not null);
            return;
        }

        if (guest is not null)
        {
            connection.BeginWebSocket(guest);
        }
        else if (tls is not null && !refuse && own is null)
        {
            connection.ExpectTls(tls);
        }

        connection.Flush();
        connection.IsRefused = refuse;
        connections.Add(connection);
        NodeLog.Connected(log, id, connection.Session.Address, connection.Session.Port);
        if (refuse)
        {
            connection.Session.End(CloseReason.MaxConnectionsExceeded, ProtocolError.MaxConnections);
        }
    }

    private void Leave(bool isRefused, bool isOwn)
    {
        if (!isOwn)
        {
            Interlocked.Decrement(ref isRefused ? ref _beingRefused : ref _admitted);
        }
    }
}
