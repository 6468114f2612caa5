using System.Net;
using System.Security.Cryptography;
using Causeway.Bus.Transport;
using Causeway.Core.Clients;
using Causeway.Core.Interest;
using Causeway.Core.Links;
using Causeway.Core.Memory;
using Causeway.Core.Regions;
using Causeway.Core.Routing;
using Causeway.Core.Tracing;
using Microsoft.Extensions.Logging;

namespace Causeway.Bus.Links;

/// <summary>
/// A node's links: a loop of their own with the listener for other nodes, the dialler, and the <see cref="Mesh"/> that decides. What
/// other threads want of the mesh they ask for with <see cref="AskAsync"/>.
/// </summary>
internal sealed class MeshNode : IMeshHost, IDisposable
{
    private const int TickMilliseconds = 50;
    private const int MaxConnections = 4096;

    /// <summary>Most connections at a time of nodes that have not proved themselves: each holds its buffers regardless of the budget.</summary>
    private const int MaxHandshakes = 256;

    private readonly NodeContext _node;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly EventLoop _loop;
    private readonly Listener _listener;
    private readonly LinkDialer _dialer;
    private readonly LinkTls? _tls;
    private readonly LinkContext _context;
    private readonly MemoryAccount _interestAccount;
    private readonly Action<IReadOnlyList<string>, IReadOnlyList<string>> _onClientUrls;
    private readonly Dictionary<string, string> _lastFailure = [];
    private readonly ITimer _timer;
    private readonly OwnPause _ownPause = new(TickMilliseconds);
    private int _ticking;

    public MeshNode(LinkOptions options, NodeContext node, EventLoop loop, Random random, TimeProvider time, ILogger log, Action<IReadOnlyList<string>, IReadOnlyList<string>> onClientUrls)
    {
        _node = node;
        _log = log;
        _time = time;
        _loop = loop;
        _onClientUrls = onClientUrls;
        _tls = options.Tls;
        _listener = new Listener(options.Listen, OnAccepted);
        _dialer = new LinkDialer(options.Tls, options.Limits.HandshakeTimeout);
        string address = options.Advertise.Length > 0 ? options.Advertise : _listener.Address.ToString();
        NodeCard self = new(
            BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), node.Info.ServerName, options.Region, address, $"{node.Info.Host}:{node.Info.Port}",
            node.Info.WebSocket?.Url ?? "");
        DeploymentKey key = new(options.Deployment, options.Secret);
        FingerprintKey fingerprints = new(key.FingerprintSecret);
        _interestAccount = node.Budget.Open("interest");
        InterestTable CreateTable(IInterestListener? listener) =>
            new(fingerprints, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), _interestAccount, listener, options.Limits.MaxTombstones);
        RegionDirectory directory = new(self);
        RemoteInterest remote = new(fingerprints);
        // A node passes on what belongs to tenants that it has no clients of.
        Forwarder forwarder = new(node.Tenants.FindOrAdd, directory);
        NodeInterest own = new(fingerprints, options.Limits, CreateTable);
        _context = new LinkContext
        {
            Own = own,
            Remote = remote,
            Directory = directory,
            Forwarder = forwarder,
            Receiver = node.Tracing is { } tracing ? new TracedReceiver(tracing, forwarder) : null,
            Governor = node.Governor,
            FindTenant = node.Tenants.FindOrAdd,
            Account = _interestAccount,
            CreateTable = CreateTable,
            Compressor = new ZstdBlocks(),
            MaxPayloadBytes = node.Limits.MaxPayloadBytes,
        };
        node.Tenants.Prepare(tenant =>
        {
            tenant.Remote = remote;
            tenant.Directory = directory;
            own.Follow(tenant);
        });
        Mesh = new Mesh(self, key, options.Limits, options.Peers, options.Remotes, this, new MeshInterest(_context), random);
        _timer = time.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Where other nodes connect.</summary>
    public IPEndPoint Address => _listener.Address;

    /// <summary>The links and members. Belongs to the loop's thread.</summary>
    public Mesh Mesh { get; }

    /// <summary>What the links share.</summary>
    public LinkContext Context => _context;

    /// <summary>Connections that were closed at once, there being too many. Belongs to the loop's thread.</summary>
    public long RefusedConnections { get; private set; }

    /// <summary>Bytes of all interest tables.</summary>
    public long InterestBytes => _interestAccount.Bytes;

    /// <summary>Why there was no link with <paramref name="address"/> when it was last tried; null if it was never so. Belongs to the loop's thread.</summary>
    public string? LastFailure(string address) => _lastFailure.GetValueOrDefault(address);

    /// <summary>Dials so far that reached nobody. Belongs to the loop's thread.</summary>
    public long DialsFailed { get; private set; }

    /// <summary>Begins to accept and dial.</summary>
    public void Start()
    {
        _listener.Start(_loop, _time, errno => LinkLog.AcceptFailed(_log, errno, Listener.PauseMilliseconds));
        _timer.Change(TimeSpan.Zero, TimeSpan.FromMilliseconds(TickMilliseconds));
        LinkLog.Listening(_log, Mesh.Self.Region, Mesh.Self.Name, Address.ToString(), _tls is null ? "without TLS" : "with TLS");
    }

    /// <summary>Asks the mesh, on its own thread.</summary>
    public async Task<T> AskAsync<T>(Func<Mesh, T> question)
    {
        T? answer = default;
        await _loop.InvokeAsync(() => answer = question(Mesh)).ConfigureAwait(false);
        return answer!;
    }

    /// <summary>Says goodbye to all other nodes, and waits at most <paramref name="most"/> until they have what was sent to them and end the links.</summary>
    public async Task LeaveAsync(TimeSpan most)
    {
        await _loop.InvokeAsync(Mesh.Leave).ConfigureAwait(false);
        long start = Environment.TickCount64;
        while (Environment.TickCount64 - start < most.TotalMilliseconds
            && await AskAsync(mesh => mesh.Links.Count > 0).ConfigureAwait(false))
        {
            await Task.Delay(5).ConfigureAwait(false);
        }
    }

    /// <summary>Stops looking after the links; the loop must be stopped before.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _listener.Dispose();
        Mesh.Interest.Clear();
        _node.Budget.Close(_interestAccount);
    }

    public byte[] RandomBytes(int count) => RandomNumberGenerator.GetBytes(count);

    public void Dial(LinkDial dial) => _ = OpenAsync(
        dial.Address,
        connection => connection.Wake(),
        transport => new ControlLane(Mesh, transport, dial, _loop.NowMilliseconds),
        reason =>
        {
            DialsFailed++;
            Mesh.OnDialFailed(dial, reason);
        });

    public void DialData(Link link) => _ = OpenAsync(
        DataAddress(link),
        connection => Mesh.BeginData(link, connection),
        _ => new IdleLane(),
        reason => link.Close($"its data lane: {reason}"));

    public void OnLinkUp(Link link) => LinkLog.Up(_log, Kind(link), link.Peer.Name, link.Peer.Region, link.Control.RemoteAddress);

    public void OnLinkDown(Link link, string reason) => LinkLog.Down(_log, Kind(link), link.Peer.Name, link.Peer.Region, reason);

    public void OnLinkFailed(string address, string reason)
    {
        // Each reason once: dialling goes on.
        if (_lastFailure.GetValueOrDefault(address) != reason)
        {
            if (_lastFailure.Count >= MaxConnections)
            {
                _lastFailure.Clear();
            }

            _lastFailure[address] = reason;
            LinkLog.Failed(_log, address, reason);
        }
    }

    public void OnClientUrlsChanged(IReadOnlyList<string> urls, IReadOnlyList<string> webSocketUrls) => _onClientUrls(urls, webSocketUrls);

    public void OnOwnerChanged(string region, string owner) => LinkLog.Owner(_log, region, owner);

    private static string Kind(Link link) => link.IsWan ? link.IsOutgoing ? "WAN link" : "incoming WAN link" : "LAN link";

    /// <summary>The data lane goes where the control lane went: the address that the node tells may lead another way.</summary>
    private static string DataAddress(Link link) => link.Control.RemoteAddress;

    private void Tick()
    {
        if (Interlocked.Exchange(ref _ticking, 1) == 0)
        {
            _loop.Post(Check);
        }
    }

    private void Check()
    {
        Volatile.Write(ref _ticking, 0);
        if (_ownPause.Look(_loop.NowMilliseconds) is > 0 and long pause)
        {
            foreach (Link link in Mesh.Links)
            {
                link.Meter.Excuse(pause, _loop.NowMilliseconds);
            }
        }

        Mesh.Check(_loop.NowMilliseconds);
        _loop.ForEach(connection => (connection as LaneConnection)?.CheckLane(_loop.NowMilliseconds));
    }

    private void OnAccepted(int fd, IPEndPoint address)
    {
        if (_loop.Count >= MaxConnections || _loop.Count - (2 * Mesh.Links.Count) >= MaxHandshakes)
        {
            RefusedConnections++;
            OnLinkFailed(address.Address.ToString(), $"refused: {_loop.Count} connections are there, {Mesh.Links.Count} links among them");
            _ = Libc.Close(fd);
            return;
        }

        if (_tls is null)
        {
            Adopt(fd, null, address.ToString(), Accept);
            return;
        }

        _ = SecureAsync(fd, address);
    }

    private ControlLane Accept(ILaneTransport transport) => new(Mesh, transport, null, _loop.NowMilliseconds);

    private async Task SecureAsync(int fd, IPEndPoint address)
    {
        try
        {
            LinkDialer.Opened opened = await _dialer.SecureAsync(fd).ConfigureAwait(false);
            _loop.Post(() => Adopt(opened.Fd, opened.Owner, address.ToString(), Accept));
        }
        catch (IOException fault)
        {
            _loop.Post(() => OnLinkFailed(address.Address.ToString(), fault.Message));
        }
    }

    private async Task OpenAsync(string address, Action<LaneConnection> begin, Func<ILaneTransport, ILane> createLane, Action<string> onFailed)
    {
        try
        {
            LinkDialer.Opened opened = await _dialer.OpenAsync(address).ConfigureAwait(false);
            _loop.Post(() =>
            {
                if (Adopt(opened.Fd, opened.Owner, address, createLane) is { } connection)
                {
                    begin(connection);
                }
                else
                {
                    onFailed("the kernel would not watch one more socket");
                }
            });
        }
        catch (IOException fault)
        {
            _loop.Post(() => onFailed(fault.Message));
        }
    }

    private LaneConnection? Adopt(int fd, IDisposable? owner, string address, Func<ILaneTransport, ILane> createLane)
    {
        try
        {
            return _loop.Adopt(loop => new LaneConnection(loop, fd, owner, address, createLane, now => Mesh.Now = now));
        }
        catch (IOException fault)
        {
            LinkLog.Failed(_log, address, fault.Message);
            if (owner is not null)
            {
                owner.Dispose();
            }
            else
            {
                _ = Libc.Close(fd);
            }

            return null;
        }
    }
}
