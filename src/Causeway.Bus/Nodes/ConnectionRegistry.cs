using System.Collections.Concurrent;
using Causeway.Bus.Transport;
using Causeway.Core.Clients;
using Causeway.Core.Routing;

namespace Causeway.Bus.Nodes;

/// <summary>
/// The connections that are open, the last ones that were, and the sums over all that ever were. Any thread; sums over open
/// connections are a moment's values. The node's connections to itself stand apart: they are no clients and in no sum.
/// </summary>
internal sealed class ConnectionRegistry(int maxClosed)
{
    private readonly ConcurrentDictionary<ulong, ClientConnection> _open = new();
    private readonly ConcurrentDictionary<ulong, ClientConnection> _own = new();
    private readonly Queue<ClosedConnection> _closed = new();
    private readonly Dictionary<Tenant, TenantTotals> _byTenant = [];
    private readonly long[] _byReason = new long[Enum.GetValues<CloseReason>().Length];
    private long _total;
    private long _inMessages;
    private long _inBytes;
    private long _outMessages;
    private long _outBytes;

    public int Count => _open.Count;

    /// <summary>Connections ever taken in.</summary>
    public long Total => Volatile.Read(ref _total);

    public IEnumerable<ClientConnection> Open => _open.Values;

    /// <summary>The node's connections to itself.</summary>
    public IEnumerable<ClientConnection> Own => _own.Values;

    /// <summary>True if neither a client nor the node itself is connected.</summary>
    public bool IsEmpty => _open.IsEmpty && _own.IsEmpty;

    public long ClosedFor(CloseReason reason)
    {
        lock (_closed)
        {
            return _byReason[(int)reason];
        }
    }

    public long SlowConsumers => Enum.GetValues<CloseReason>().Where(CloseReasons.IsSlowConsumer).Sum(ClosedFor);

    public void Add(ClientConnection connection)
    {
        if (connection.IsOwn)
        {
            _own[connection.Session.Id] = connection;
            return;
        }

        Interlocked.Increment(ref _total);
        _open[connection.Session.Id] = connection;
    }

    public void Remove(ClientConnection connection)
    {
        ClientSession session = connection.Session;
        if (_own.TryRemove(session.Id, out _))
        {
            return;
        }

        lock (_closed)
        {
            _byReason[(int)connection.CloseReason]++;
            _inMessages += session.InMessages;
            _inBytes += session.InBytes;
            _outMessages += session.OutMessages;
            _outBytes += session.OutBytes;
            // As many as there are tenants, which are bounded.
            _byTenant[session.Tenant] = _byTenant.GetValueOrDefault(session.Tenant).With(session, connection.CloseReason.IsSlowConsumer());
            _closed.Enqueue(new ClosedConnection(connection));
            if (_closed.Count > maxClosed)
            {
                _closed.Dequeue();
            }

            // Last: who sees that it is gone finds it in all the sums, and who sees it in the sums, that it is gone.
            _open.TryRemove(session.Id, out _);
        }
    }

    public IReadOnlyList<ClosedConnection> Closed()
    {
        lock (_closed)
        {
            return [.. _closed];
        }
    }

    /// <summary>Tells clients what INFO says now: those over WebSockets if <paramref name="concerns"/> is true of true, the others if it is of false, all without it.</summary>
    public void TellInfo(Func<bool, bool>? concerns = null)
    {
        foreach (ClientConnection connection in Open.Where(connection => concerns?.Invoke(connection.IsWebSocket) != false))
        {
            connection.Session.TellInfo();
        }
    }

    /// <summary>What the clients of <paramref name="tenant"/>, those that are gone included, have sent and got.</summary>
    public TenantTotals TotalsOf(Tenant tenant)
    {
        lock (_closed)
        {
            TenantTotals totals = _byTenant.GetValueOrDefault(tenant);
            foreach (ClientConnection connection in _open.Values)
            {
                totals = connection.Session.Tenant == tenant ? totals.With(connection.Session) : totals;
            }

            return totals;
        }
    }

    /// <summary>The same of all tenants that had clients.</summary>
    public Dictionary<Tenant, TenantTotals> TotalsByTenant()
    {
        lock (_closed)
        {
            Dictionary<Tenant, TenantTotals> totals = new(_byTenant);
            foreach (ClientConnection connection in _open.Values)
            {
                totals[connection.Session.Tenant] = totals.GetValueOrDefault(connection.Session.Tenant).With(connection.Session);
            }

            return totals;
        }
    }

    /// <summary>Messages and bytes in and out, over all connections that ever were.</summary>
    public Traffic Traffic()
    {
        lock (_closed)
        {
            Traffic sum = new(_inMessages, _inBytes, _outMessages, _outBytes);
            foreach (ClientConnection connection in _open.Values)
            {
                ClientSession session = connection.Session;
                sum = new Traffic(
                    sum.InMessages + session.InMessages,
                    sum.InBytes + session.InBytes,
                    sum.OutMessages + session.OutMessages,
                    sum.OutBytes + session.OutBytes);
            }

            return sum;
        }
    }
}

/// <summary>Messages, and bytes of headers and payload.</summary>
internal readonly record struct Traffic(long InMessages, long InBytes, long OutMessages, long OutBytes);

/// <summary>What the clients of a tenant have sent and got, and how many of them were slow consumers.</summary>
internal readonly record struct TenantTotals(Traffic Traffic, long SlowConsumers)
{
    /// <summary>With what one more client has sent and got.</summary>
    public TenantTotals With(ClientSession client, bool wasSlow = false) => new(
        new Traffic(Traffic.InMessages + client.InMessages, Traffic.InBytes + client.InBytes, Traffic.OutMessages + client.OutMessages, Traffic.OutBytes + client.OutBytes),
        SlowConsumers + (wasSlow ? 1 : 0));
}

/// <summary>What is remembered of a connection that is over; nothing of its buffers.</summary>
internal sealed record ClosedConnection(
    ulong Id, string Address, int Port, DateTimeOffset Start, DateTimeOffset Stop, DateTimeOffset LastActivity, string Reason,
    Traffic Traffic, int Subscriptions, long RoundTripMilliseconds, string Name, string Lang, string Version, string User, string Account, bool IsWebSocket)
{
    public ClosedConnection(ClientConnection connection)
        : this(
            connection.Session.Id,
            connection.Session.Address,
            connection.Session.Port,
            connection.StartedAt,
            connection.StoppedAt ?? DateTimeOffset.UtcNow,
            connection.LastActivityAt,
            connection.CloseReason.Text(),
            new Traffic(connection.Session.InMessages, connection.Session.InBytes, connection.Session.OutMessages, connection.Session.OutBytes),
            connection.Session.Subscriptions.CountAtEnd,
            connection.Session.Liveness.RoundTripMilliseconds,
            connection.Session.Options.Name,
            connection.Session.Options.Lang,
            connection.Session.Options.Version,
            connection.Session.User?.Name ?? "",
            connection.Session.Tenant.Name,
            connection.IsWebSocket)
    {
    }
}
