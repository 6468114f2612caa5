using System.Net;
using System.Security.Cryptography;
using Causeway.Bus.Links;
using Causeway.Bus.Transport;
using Causeway.Core.Access;
using Causeway.Core.Clients;
using Causeway.Core.Leafs;
using Causeway.Core.Links;
using Causeway.Core.Regions;
using Microsoft.Extensions.Logging;

namespace Causeway.Bus.Leafs;

/// <summary>
/// A node's leaf-node connections: a loop of their own with the listener, the dialler, and the <see cref="LeafTable"/> that decides. What
/// other threads want to know they ask for with <see cref="AskAsync"/>.
/// </summary>
internal sealed class LeafNode : ILeafHost, IDisposable
{
    private const int TickMilliseconds = 50;
    private const int LeaveMilliseconds = 500;

    private readonly NodeContext _node;
    private readonly EventLoop _loop;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly LeafOptions _options;
    private readonly LeafDialer _dialer;
    private readonly Listener? _listener;
    private readonly List<LeafHub> _hubs = [];
    private readonly Dictionary<LeafSession, LaneConnection> _connections = [];
    private readonly ITimer _timer;
    private int _securing;
    private int _ticking;
    private int _telling;
    private LeafUp[] _up = [];
    private bool _isLeaving;

    public LeafNode(LeafOptions options, NodeContext node, MeshNode? mesh, EventLoop loop, Random random, TimeProvider time, ILogger log)
    {
        _options = options;
        _node = node;
        _loop = loop;
        _time = time;
        _log = log;
        _dialer = new LeafDialer(options.Limits.HandshakeTimeout);
        RegionDirectory directory = mesh?.Context.Directory ?? Alone(node);
        LeafHello self = new()
        {
            ServerId = node.Info.ServerId,
            Name = node.Info.ServerName,
            Cluster = node.Info.ServerId,
            Version = node.Info.Version,
            Headers = true,
            MaxPayloadBytes = node.Limits.MaxPayloadBytes,
        };
        byte[] secret = mesh?.Mesh.Key.FingerprintSecret ?? RandomNumberGenerator.GetBytes(32);
        AccessControl? access = options.Access is { } settings ? new AccessControl(settings) : null;
        Table = new LeafTable(node, options.Limits, self, secret, access, mesh?.Context.Own, directory.NodeId, this, _ => TellSoon());
        foreach (LeafRemoteOptions remote in options.Remotes)
        {
            LeafMarks? marks = mesh is null ? null : node.Tenants.FindOrAdd(System.Text.Encoding.UTF8.GetBytes(remote.Remote.Tenant))?.LeafMarks;
            _hubs.Add(new LeafHub(remote, new LeafHold(remote.Remote, options.Limits, directory.NodeId, marks, new Random(random.Next()), Environment.TickCount64)));
        }

        if (options.Listen is { } listen)
        {
            _listener = new Listener(listen, OnAccepted);
            Table.Urls = [options.Advertise.Length > 0 ? options.Advertise : _listener.Address.ToString()];
        }

        _timer = time.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Where leafs connect; null if none may.</summary>
    public IPEndPoint? Address => _listener?.Address;

    /// <summary>The connections. Belongs to the loop's thread.</summary>
    public LeafTable Table { get; }

    /// <summary>The hubs that this node may hold. Belongs to the loop's thread.</summary>
    public IReadOnlyList<LeafHub> Hubs => _hubs;

    /// <summary>The connections that are up. Any thread; a list that does not change.</summary>
    public IReadOnlyList<LeafUp> Up => Volatile.Read(ref _up);

    /// <summary>Servers turned away, as there were too many or TLS failed. Any thread.</summary>
    public long TurnedAway { get; private set; }

    /// <summary>Begins to accept and dial.</summary>
    public void Start()
    {
        _listener?.Start(_loop, _time, errno => LeafLog.AcceptFailed(_log, errno, Listener.PauseMilliseconds));
        if (_listener is not null)
        {
            LeafLog.Listening(_log, _listener.Address.ToString(), _options.Tls is null ? "without TLS" : "with TLS");
        }

        _timer.Change(TimeSpan.Zero, TimeSpan.FromMilliseconds(TickMilliseconds));
    }

    /// <summary>Asks on the loop's own thread.</summary>
    public async Task<T> AskAsync<T>(Func<LeafNode, T> question)
    {
        T? answer = default;
        await _loop.InvokeAsync(() => answer = question(this)).ConfigureAwait(false);
        return answer!;
    }

    /// <summary>The memory of a connection's buffers. Belongs to the loop's thread.</summary>
    public Core.Memory.MemoryAccount? BuffersOf(LeafSession session) => _connections.GetValueOrDefault(session)?.Account;

    /// <summary>Takes no new connections and ends those there are, after a moment for what waits.</summary>
    public async Task LeaveAsync()
    {
        await _loop.InvokeAsync(() =>
        {
            _isLeaving = true;
            _listener?.Stop();
        }).ConfigureAwait(false);
        long start = Environment.TickCount64;
        while (Environment.TickCount64 - start < LeaveMilliseconds && await AskAsync(leafs => leafs.Table.Sessions.Any(session => session.PendingBytes > 0)).ConfigureAwait(false))
        {
            await Task.Delay(5).ConfigureAwait(false);
        }

        await _loop.InvokeAsync(() => Array.ForEach([.. Table.Sessions], session => session.End("this node goes away"))).ConfigureAwait(false);
    }

    /// <summary>Stops looking after the connections; the loop must be stopped before.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _listener?.Dispose();
        foreach (LeafHub hub in _hubs)
        {
            hub.Could = Show(hub, LeafMarks.Could(Table.NodeId, hub.Hold.Remote.Name), hub.Could, false);
            hub.Held = Show(hub, LeafMarks.Holds(Table.NodeId, hub.Hold.Remote.Name), hub.Held, false);
        }

        Table.Clear();
    }

    public void OnUp(LeafSession session)
    {
        LeafLog.Up(_log, Kind(session), session.Other.Name, session.Address, session.Tenant!.Tenant.Name);
        Volatile.Write(ref _up, [.. _up, new LeafUp(session, _connections[session].Account)]);
        _hubs.Find(hub => hub.Hold.Session == session)?.Hold.OnUp(session);
        ShowMarks();
    }

    public void OnDown(LeafSession session, string reason)
    {
        _connections.Remove(session);
        Volatile.Write(ref _up, [.. _up.Where(leaf => leaf.Session != session)]);
        LeafLog.Down(_log, Kind(session), session.Other.Name, session.Address, reason);
        _hubs.Find(hub => hub.Hold.Session == session)?.Hold.OnDown(session, reason, _loop.NowMilliseconds);
        ShowMarks();
    }

    public void OnRefusing(LeafSession session) => LeafLog.Refusing(_log, session.Other.Name, session.Address);

    /// <summary>A node by itself has a way back for replies too: it leads to itself.</summary>
    private static RegionDirectory Alone(NodeContext node)
    {
        RegionDirectory directory = new(new NodeCard(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), node.Info.ServerName, "alone", "", ""));
        node.Tenants.Prepare(tenant => tenant.Directory = directory);
        return directory;
    }

    private static string Kind(LeafSession session) => session.Role == LeafRole.Hub ? "leaf node" : "the hub";

    private void Tick()
    {
        if (Interlocked.Exchange(ref _ticking, 1) == 0)
        {
            _loop.Post(Check);
        }
    }

    /// <summary>Interest changed: whoever is to be told is told on the loop's thread. Any thread.</summary>
    private void TellSoon()
    {
        if (Interlocked.Exchange(ref _telling, 1) == 0)
        {
            _loop.Post(() =>
            {
                Volatile.Write(ref _telling, 0);
                foreach (LaneConnection connection in _connections.Values.ToArray())
                {
                    connection.Wake();
                }
            });
        }
    }

    private void Check()
    {
        Volatile.Write(ref _ticking, 0);
        long now = _loop.NowMilliseconds;
        foreach (LaneConnection connection in _connections.Values.ToArray())
        {
            connection.CheckLane(now);
        }

        Table.Check();
        ShowMarks();
        foreach (LeafHub hub in _isLeaving ? [] : _hubs)
        {
            bool wasStandby = hub.Hold.IsStandby;
            if (hub.Hold.TryDial(now) is { } address)
            {
                _ = DialAsync(hub, address);
            }
            else if (hub.Hold.IsStandby && !wasStandby)
            {
                LeafLog.Standby(_log, hub.Hold.Remote.Name);
            }
        }
    }

    /// <summary>Says to the other nodes which remotes this one could hold, and holds.</summary>
    private void ShowMarks()
    {
        foreach (LeafHub hub in _hubs)
        {
            bool could = !_isLeaving && hub.Hold.Could(_loop.NowMilliseconds);
            hub.Could = Show(hub, LeafMarks.Could(Table.NodeId, hub.Hold.Remote.Name), hub.Could, could);
            hub.Held = Show(hub, LeafMarks.Holds(Table.NodeId, hub.Hold.Remote.Name), hub.Held, hub.Hold.Holds);
        }
    }

    private bool Show(LeafHub hub, byte[] mark, bool before, bool now)
    {
        if (before != now && _node.Tenants.FindOrAdd(System.Text.Encoding.UTF8.GetBytes(hub.Hold.Remote.Tenant)) is { } tenant)
        {
            Table.Mark(tenant, mark, now);
        }

        return now;
    }

    private async Task DialAsync(LeafHub hub, string address)
    {
        try
        {
            LeafDialer.Opened opened = await _dialer.OpenAsync(address, hub.Options).ConfigureAwait(false);
            _loop.Post(() =>
            {
                if (_isLeaving || Adopt(opened.Fd, opened.Owner, address, hub.Hold.Remote, opened.Info, Table.NextId(), "") is not { } session)
                {
                    opened.Owner.Dispose();
                    hub.Hold.OnDialFailed("the kernel would not watch one more socket", _loop.NowMilliseconds);
                    return;
                }

                hub.Hold.OnDialled(session);
                session.Greet([]);
            });
        }
        catch (IOException fault)
        {
            _loop.Post(() =>
            {
                if (hub.Hold.LastFailure != fault.Message)
                {
                    LeafLog.DialFailed(_log, address, fault.Message);
                }

                hub.Hold.OnDialFailed(fault.Message, _loop.NowMilliseconds);
            });
        }
    }

    private void OnAccepted(int fd, IPEndPoint address)
    {
        int count = _loop.Count + _securing;
        if (_isLeaving || count >= _options.Limits.MaxConnections)
        {
            TurnAway(address.ToString(), $"{count} leaf-node connections are there");
            _ = Libc.Close(fd);
            return;
        }

        ulong id = Table.NextId();
        string nonce = _node.NonceFor(id | (1ul << 63));
        if (_options.Tls is { } tls)
        {
            // The loop knows of it only when the handshake is through; until then it counts all the same.
            _securing++;
            _ = SecureAsync(fd, address, id, nonce, tls);
            return;
        }

        if (Adopt(fd, null, address.ToString(), null, null, id, nonce) is { } session)
        {
            session.Greet(Table.Greeting(id, nonce, tls: false));
        }
        else
        {
            _ = Libc.Close(fd);
        }
    }

    private async Task SecureAsync(int fd, IPEndPoint address, ulong id, string nonce, LeafTls tls)
    {
        try
        {
            LinkDialer.Opened opened = await _dialer.SecureAsync(fd, Table.Greeting(id, nonce, tls: true), tls).ConfigureAwait(false);
            _loop.Post(() =>
            {
                if (Adopt(opened.Fd, opened.Owner, address.ToString(), null, null, id, nonce) is null)
                {
                    opened.Owner.Dispose();
                }
            });
        }
        catch (IOException fault)
        {
            _loop.Post(() => TurnAway(address.ToString(), fault.Message));
        }
        finally
        {
            _loop.Post(() => _securing--);
        }
    }

    private void TurnAway(string address, string reason)
    {
        TurnedAway++;
        LeafLog.TurnedAway(_log, address, reason);
    }

    /// <summary>Takes a connection in; null if the kernel won't watch it, and the caller still owns it.</summary>
    private LeafSession? Adopt(int fd, IDisposable? owner, string address, LeafRemote? remote, LeafHello? info, ulong id, string nonce)
    {
        LeafSession? session = null;
        try
        {
            LaneConnection connection = _loop.Adopt(loop => new LaneConnection(
                loop,
                fd,
                owner,
                address,
                transport => session = new LeafSession(Table, id, transport, loop.NowMilliseconds, remote, info, nonce),
                _ => { },
                $"leaf:{id}:buffers"));
            connection.Become(session!);
            _connections[session!] = connection;
            return session;
        }
        catch (IOException fault)
        {
            session?.OnClosed(fault.Message, default);
            return null;
        }
    }
}
