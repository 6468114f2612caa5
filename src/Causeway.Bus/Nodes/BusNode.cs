using System.Net;
using Causeway.Bus.Alarms;
using Causeway.Bus.Health;
using Causeway.Bus.Leafs;
using Causeway.Bus.Links;
using Causeway.Bus.Monitoring;
using Causeway.Bus.SystemBus;
using Causeway.Bus.Tls;
using Causeway.Bus.Tracing;
using Causeway.Bus.Transcripts;
using Causeway.Bus.Transport;
using Causeway.Core.Clients;
using Causeway.Core.Control;
using Causeway.Core.Memory;
using Causeway.Core.Protocol;
using Causeway.Core.Tracing;
using Microsoft.Extensions.Logging;

namespace Causeway.Bus.Nodes;

/// <summary>
/// A bus process's inside: the event loops, the listener, the clients, and the way down. Create, <see cref="Start"/>, and in the end
/// <see cref="DrainAsync"/> or <see cref="LameDuckAsync"/>, then dispose. Thread-safe.
/// </summary>
public sealed partial class BusNode : IDisposable
{
    /// <summary>Least memory budget that a running node can be given.</summary>
    public const long LeastMemoryLimitBytes = 1024 * 1024;

    private const int LargestCloseGapMilliseconds = 1000;

    private BusOptions _options;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly EventLoop[] _loops;
    private readonly Listener _listener;
    private readonly MemoryWatch _watch;
    private readonly EventLoop[] _ownLoops;
    private readonly Lazy<NodeMetrics> _metrics;
    private readonly Lock _telling = new();
    private long _internalErrors;
    private int _accepting = 1;
    private bool _disposed;

    /// <summary>
    /// Binds the node's address and makes everything ready. Throws <see cref="System.Net.Sockets.SocketException"/> if the address
    /// can't be had, IOException if a file can't, and <see cref="ArgumentException"/> if the limits don't fit each other, or certificates can't be used.
    /// </summary>
    public BusNode(BusOptions options, ILogger log, TimeProvider? time = null)
    {
        IReadOnlyList<string> faults = [.. options.Limits.Validate(), .. options.AlarmLimits.Validate()];
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", faults), nameof(options));
        }

        _options = options;
        _log = log;
        _time = time ?? TimeProvider.System;
        StartedAt = _time.GetUtcNow();
        _metrics = new Lazy<NodeMetrics>(() => new NodeMetrics(this));
        Tls = options.Tls is { } tls ? new ClientTls(tls, options.Limits.MaxTlsHandshakes) : null;
        MemoryBudget budget = new(options.MemoryLimitBytes > 0 ? options.MemoryLimitBytes : DefaultMemoryLimitBytes());
        _listener = new Listener(options.Listen, (fd, from) => Reception!.OnAccepted(fd, from));
        Random random = new();
        Access = new NodeAccess(options, budget, _listener.Address, random, _time);
        Errors = new ClientErrorLog(log, options.Limits.MaxClientErrorLinesPerSecond, _time);
        Context.Errors = Errors;
        Context.Transcript = TranscriptLog.Create(options.Transcript, log);
        WebSockets = options.WebSocket is { } webSocket ? Listen(webSocket) : null;
        Connections = new ConnectionRegistry(options.Limits.MaxClosedConnections);
        if (options.MaxTracedMessagesPerSecond > 0)
        {
            Traces = new MessageTraces(Info.ServerName, options.Links?.Region ?? "", options.MaxTracedMessagesPerSecond);
            Context.Tracing = new TracedRouting(Traces.Rate, Traces, _time);
        }

        int loops = options.Loops > 0 ? options.Loops : Math.Max(1, Environment.ProcessorCount / 2);
        _loops = [.. Enumerable.Range(0, loops).Select(number => new EventLoop(number, Context, new Random(random.Next()), OnClosed, OnLoopFailed))];
        Reception = new Reception(Context, _loops, Connections, Tls, Errors, log);
        _ownLoops = [.. Enumerable.Range(loops, (options.Links is null ? 0 : 1) + (options.Leafs is null ? 0 : 1))
            .Select(number => new EventLoop(number, Context, new Random(random.Next()), OnClosed, OnLoopFailed))];
        if (options.Links is { } links)
        {
            Mesh = new MeshNode(links, Context, _ownLoops[0], new Random(random.Next()), _time, log, OnClientUrls);
        }

        if (options.Leafs is { } leafs)
        {
            Leafs = new LeafNode(leafs, Context, Mesh, _ownLoops[^1], new Random(random.Next()), _time, log);
        }

        _watch = new MemoryWatch(Context, Connections, _time, log);
        Alarms = new AlarmWatch(this, _time, log);
        Health = new NodeHealth(this, options.Health, () => Alarms.Engine.Open, _time, log);
        if (SystemService.IsWantedBy(this))
        {
            SystemTenant = new SystemService(this, _time, log);
            Context.Watcher = SystemTenant.Events;
            Context.Questions = SystemTenant.Questions;
        }
    }

    /// <summary>Raised if an event loop fails, which is a defect in Causeway; the node is of no use then.</summary>
    public event Action<Exception>? Failed;

    /// <summary>
    /// Raised if a member of the deployment commands the node to drain: the process is to call <see cref="LameDuckAsync"/> and end.
    /// While nobody listens, such commands are refused.
    /// </summary>
    public event Action? LeaveAsked;

    /// <summary>Where clients connect.</summary>
    public IPEndPoint ClientAddress => _listener.Address;

    /// <summary>When the node was made.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>What the node says of itself.</summary>
    public ServerInfo Info => Context.Info;

    /// <summary>True once the node takes no new clients because it is going away.</summary>
    public bool IsLeaving => Volatile.Read(ref _accepting) == 0;

    /// <summary>What all clients share.</summary>
    public NodeContext Context => Access.Context;

    /// <summary>Where other nodes connect; null on a node by itself.</summary>
    public IPEndPoint? LinkAddress => Mesh?.Address;

    /// <summary>Where leaf nodes connect; null if none may.</summary>
    public IPEndPoint? LeafAddress => Leafs?.Address;

    /// <summary>Where the monitoring pages are, as a URL without a path; empty if there are none.</summary>
    public string MonitoringUrl { get; internal set; } = "";

    /// <summary>How the node is, and its reports.</summary>
    internal NodeHealth Health { get; }

    /// <summary>The node's instruments, made when somebody first wants to read them.</summary>
    internal NodeMetrics Metrics => _metrics.Value;

    /// <summary>The node's part of the system tenant; null where nobody has to prove who he is.</summary>
    internal SystemService? SystemTenant { get; }

    /// <summary>The messages that were traced; null where none are.</summary>
    internal MessageTraces? Traces { get; }

    /// <summary>Subscriptions of clients, without those of the node's own.</summary>
    internal long ClientSubscriptions =>
        Context.Tenants.Subscriptions - Connections.Own.Where(own => Context.Tenants.All.Contains(own.Session.Tenant)).Sum(own => own.Session.Subscriptions.Count);

    internal bool CanBeAskedToLeave => LeaveAsked is not null;

    /// <summary>The links to other nodes; null on a node by itself.</summary>
    internal MeshNode? Mesh { get; }

    /// <summary>The leaf-node connections; null on a node that has none.</summary>
    internal LeafNode? Leafs { get; }

    internal NodeAccess Access { get; }

    /// <summary>Logs what clients do wrong.</summary>
    internal ClientErrorLog Errors { get; }

    /// <summary>TLS of clients; null if they come in clear.</summary>
    internal ClientTls? Tls { get; }

    /// <summary>The alarms that are open, the critical ones first, of those alike the oldest first. Any thread; a list that does not change.</summary>
    public IReadOnlyList<AlarmReport> OpenAlarms => Alarms.Engine.Open;

    /// <summary>The leaf-node connections that are up. Any thread; a list that does not change.</summary>
    internal IReadOnlyList<LeafUp> LeafsUp => Leafs?.Up ?? [];

    /// <summary>What looks at the node and raises alarms.</summary>
    internal AlarmWatch Alarms { get; }

    internal ConnectionRegistry Connections { get; }

    internal Reception Reception { get; }

    internal MemoryWatch Memory => _watch;

    internal IReadOnlyList<EventLoop> Loops => _loops;

    /// <summary>The loops of clients, and those of links and leafs.</summary>
    internal IEnumerable<EventLoop> AllLoops => _loops.Concat(_ownLoops);

    internal BusOptions Options => Volatile.Read(ref _options);

    internal long InternalErrors => Volatile.Read(ref _internalErrors);

    internal long AcceptErrors => _listener.AcceptErrors + (WebSockets?.Listener.AcceptErrors ?? 0);

    /// <summary>Begins to accept clients.</summary>
    public void Start()
    {
        foreach (EventLoop loop in AllLoops)
        {
            loop.Start();
        }

        _listener.Start(_loops[0], _time, errno => NodeLog.AcceptFailed(_log, errno, Listener.PauseMilliseconds));
        WebSockets?.Start(_loops[0], _time);
        Mesh?.Start();
        Leafs?.Start();
        Health.Start();
        SystemTenant?.Start();
        Alarms.Start();
        NodeLog.Listening(_log, ClientAddress.ToString(), _loops.Length, Context.Budget.LimitBytes, Info.ServerId);
    }

    internal void AskToLeave() => LeaveAsked?.Invoke();

    /// <summary>Stops at once and closes all connections. What waits is lost: drain first.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_metrics.IsValueCreated)
        {
            Metrics.Dispose();
        }

        Health.Dispose();
        SystemTenant?.Dispose();
        Alarms.Dispose();
        _watch.Dispose();
        Access.Dispose();
        // A loop sends to the clients of the others, so none may lose its descriptors before all stand still.
        foreach (EventLoop loop in AllLoops)
        {
            loop.Stop();
        }

        foreach (EventLoop loop in AllLoops)
        {
            loop.Dispose();
        }

        Leafs?.Dispose();
        Mesh?.Dispose();
        _listener.Dispose();
        WebSockets?.Dispose();
        Context.Pool.Trim();
        Context.Pool.Trim();
        NodeLog.Stopped(_log, Context.Budget.Leaks, Context.Budget.LeakedBytes);
    }


    private static long DefaultMemoryLimitBytes() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3;

    private void OnClosed(Connection closed)
    {
        if (closed is ClientConnection connection)
        {
            Reception.OnClosed(connection);
        }
    }

    private void OnLoopFailed(Exception fault, Connection? failed)
    {
        if (failed is ClientConnection connection)
        {
            Interlocked.Increment(ref _internalErrors);
            NodeLog.ClientFailed(_log, connection.Session.Id, fault.Message, fault);
            return;
        }

        NodeLog.LoopFailed(_log, fault.Message, fault);
        Failed?.Invoke(fault);
    }
}
