using System.Net;
using Causeway.Bus.Alarms;
using Causeway.Bus.Health;
using Causeway.Bus.Links;
using Causeway.Bus.Transport;
using Causeway.Core;
using Causeway.Core.Access;
using Causeway.Core.Clients;
using Causeway.Core.Control;
using Causeway.Core.Memory;
using Causeway.Core.Protocol;
using Microsoft.Extensions.Logging;

namespace Causeway.Bus.Nodes;

/// <summary>
/// A bus process's inside: the event loops, the listener, the clients, and the way down. Create, <see cref="Start"/>, and in the end
/// <see cref="DrainAsync"/> or <see cref="LameDuckAsync"/>, then dispose. Thread-safe.
/// </summary>
public sealed class BusNode : IDisposable
{
    /// <summary>Least memory budget that a running node can be given.</summary>
    public const long LeastMemoryLimitBytes = 1024 * 1024;

    private const int LargestCloseGapMilliseconds = 1000;

    private readonly BusOptions _options;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly EventLoop[] _loops;
    private readonly Listener _listener;
    private readonly MemoryWatch _watch;
    private readonly EventLoop? _linkLoop;
    private readonly Lock _telling = new();
    private long _internalErrors;
    private int _accepting = 1;
    private IReadOnlyList<string> _urls = [];
    private bool _disposed;

    /// <summary>
    /// Binds the node's address and makes everything ready. Throws <see cref="System.Net.Sockets.SocketException"/> if the address
    /// can't be had, IOException if a file can't, and <see cref="ArgumentException"/> if the limits don't fit each other.
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
        MemoryBudget budget = new(options.MemoryLimitBytes > 0 ? options.MemoryLimitBytes : DefaultMemoryLimitBytes());
        _listener = new Listener(options.Listen, (fd, from) => Reception!.OnAccepted(fd, from));
        Random random = new();
        Access = new NodeAccess(options, budget, _listener.Address, random, _time);
        Connections = new ConnectionRegistry(options.Limits.MaxClosedConnections);
        int loops = options.Loops > 0 ? options.Loops : Math.Max(1, Environment.ProcessorCount / 2);
        _loops = [.. Enumerable.Range(0, loops).Select(number => new EventLoop(number, Context, new Random(random.Next()), OnClosed, OnLoopFailed))];
        Reception = new Reception(Context, _loops, Connections, log);
        if (options.Links is { } links)
        {
            _linkLoop = new EventLoop(loops, Context, new Random(random.Next()), OnClosed, OnLoopFailed);
            Mesh = new MeshNode(links, Context, _linkLoop, new Random(random.Next()), _time, log, OnClientUrls);
        }

        _watch = new MemoryWatch(Context, Connections, _time, log);
        Alarms = new AlarmWatch(this, _time, log);
        Health = new NodeHealth(this, options.Health, () => Alarms.Engine.Open, _time, log);
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

    /// <summary>Where the monitoring pages are, as a URL without a path; empty if there are none.</summary>
    public string MonitoringUrl { get; internal set; } = "";

    /// <summary>How the node is, and its reports.</summary>
    internal NodeHealth Health { get; }

    /// <summary>Subscriptions of clients, without those of the node's own.</summary>
    internal long ClientSubscriptions =>
        Context.Tenants.Subscriptions - Connections.Own.Where(own => Context.Tenants.All.Contains(own.Session.Tenant)).Sum(own => own.Session.Subscriptions.Count);

    internal bool CanBeAskedToLeave => LeaveAsked is not null;

    /// <summary>The links to other nodes; null on a node by itself.</summary>
    internal MeshNode? Mesh { get; }

    internal NodeAccess Access { get; }

    /// <summary>The alarms that are open, the critical ones first, of those alike the oldest first. Any thread; a list that does not change.</summary>
    public IReadOnlyList<AlarmReport> OpenAlarms => Alarms.Engine.Open;

    /// <summary>What looks at the node and raises alarms.</summary>
    internal AlarmWatch Alarms { get; }

    internal ConnectionRegistry Connections { get; }

    internal Reception Reception { get; }

    internal MemoryWatch Memory => _watch;

    internal IReadOnlyList<EventLoop> Loops => _loops;

    /// <summary>The loops of clients, and that of links.</summary>
    internal IEnumerable<EventLoop> AllLoops => _linkLoop is null ? _loops : _loops.Append(_linkLoop);

    internal BusOptions Options => _options;

    internal long InternalErrors => Volatile.Read(ref _internalErrors);

    internal long AcceptErrors => _listener.AcceptErrors;

    /// <summary>Begins to accept clients.</summary>
    public void Start()
    {
        foreach (EventLoop loop in AllLoops)
        {
            loop.Start();
        }

        _listener.Start(_loops[0], _time, errno => NodeLog.AcceptFailed(_log, errno, Listener.PauseMilliseconds));
        Mesh?.Start();
        Health.Start();
        Alarms.Start();
        NodeLog.Listening(_log, ClientAddress.ToString(), _loops.Length, Context.Budget.LimitBytes, Info.ServerId);
    }

    /// <summary>Sets who may come from now on. Clients that are here and may not stay are closed. Throws <see cref="ArgumentException"/>, with nothing changed, if the settings don't fit each other.</summary>
    public void SetAccess(AccessSettings settings) => Access.Set(settings, _loops, Connections);

    /// <summary>Changes the memory budget while the node runs.</summary>
    public void SetMemoryLimit(long bytes) => _watch.SetBudget(bytes);

    internal void AskToLeave() => LeaveAsked?.Invoke();

    /// <summary>
    /// Leaves without hurry: refuses new clients, tells those there are to go elsewhere, and after the grace time closes them one by
    /// one over the lame-duck duration. Ends when all are gone.
    /// </summary>
    public async Task LameDuckAsync(CancellationToken cancellation = default)
    {
        Limits limits = _options.Limits;
        if (!await StopAcceptingAsync().ConfigureAwait(false))
        {
            return;
        }

        NodeLog.LameDuck(_log, Connections.Count, limits.LameDuckGrace.TotalSeconds, limits.LameDuckDuration.TotalSeconds);
        lock (_telling)
        {
            Context.Info = Context.Info with { LameDuck = true, ConnectUrls = UrlsToTell() };
        }

        Connections.TellInfo();
        await Health.TellAsync().ConfigureAwait(false);

        await Task.Delay(limits.LameDuckGrace, _time, cancellation).ConfigureAwait(false);
        ClientConnection[] clients = [.. Connections.Open];
        Random.Shared.Shuffle(clients);
        double gap = Math.Min(
            LargestCloseGapMilliseconds,
            (limits.LameDuckDuration - limits.LameDuckGrace).TotalMilliseconds / Math.Max(1, clients.Length));
        double due = 0;
        // Those who have left by themselves when their turn comes did as they were told to.
        foreach (ClientConnection client in clients.Where(client => client.CloseReason == CloseReason.None))
        {
            client.Close(CloseReason.ServerShutdown);
            due += gap;
            if (due >= 1)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(due), _time, cancellation).ConfigureAwait(false);
                due = 0;
            }
        }

        await Health.LeaveAsync().ConfigureAwait(false);
        await WaitUntilEmptyAsync().ConfigureAwait(false);
        await (Mesh?.LeaveAsync(limits.DrainTimeout) ?? Task.CompletedTask).ConfigureAwait(false);
    }

    /// <summary>
    /// Leaves in good order: takes no new clients, works through what has arrived already, sends what waits, and closes. What is
    /// not sent within the drain timeout is given up. Ends when all clients are gone.
    /// </summary>
    public async Task DrainAsync()
    {
        await StopAcceptingAsync().ConfigureAwait(false);
        NodeLog.Draining(_log, Connections.Count, _options.Limits.DrainTimeout.TotalSeconds);
        await Health.LeaveAsync().ConfigureAwait(false);
        // Nobody is closed before nobody is read any more: else a message would be accepted after a subscriber of it was gone.
        await OnAllLoopsAsync(loop => loop.ReadLast()).ConfigureAwait(false);
        await WaitUntilReadAsync(_options.Limits.DrainTimeout / 2).ConfigureAwait(false);
        await OnAllLoopsAsync(loop => loop.StopReading()).ConfigureAwait(false);
        foreach (ClientConnection connection in Connections.Open.Concat(Connections.Own))
        {
            connection.Close(CloseReason.ServerShutdown);
        }

        await WaitUntilEmptyAsync().ConfigureAwait(false);
        await (Mesh?.LeaveAsync(_options.Limits.DrainTimeout) ?? Task.CompletedTask).ConfigureAwait(false);
    }

    /// <summary>Stops at once and closes all connections. What waits is lost: drain first.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Health.Dispose();
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

        Mesh?.Dispose();
        _listener.Dispose();
        Context.Pool.Trim();
        Context.Pool.Trim();
        NodeLog.Stopped(_log, Context.Budget.Leaks, Context.Budget.LeakedBytes);
    }

    /// <summary>Tells clients where else they can connect.</summary>
    private void OnClientUrls(IReadOnlyList<string> urls)
    {
        lock (_telling)
        {
            _urls = urls;
            IReadOnlyList<string> told = UrlsToTell();
            if (told.SequenceEqual(Context.Info.ConnectUrls))
            {
                return;
            }

            Context.Info = Context.Info with { ConnectUrls = told };
        }

        Connections.TellInfo();
    }

    /// <summary>The region's URLs, of which the own one is the first. A node alone has no other to tell of; one that leaves tells of the others.</summary>
    private IReadOnlyList<string> UrlsToTell() => _urls.Count <= 1 ? [] : IsLeaving ? [.. _urls.Skip(1)] : _urls;

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

    private async Task<bool> StopAcceptingAsync()
    {
        if (Interlocked.Exchange(ref _accepting, 0) == 0)
        {
            return false;
        }

        await _loops[0].InvokeAsync(_listener.Stop).ConfigureAwait(false);
        return true;
    }

    private Task OnAllLoopsAsync(Action<EventLoop> action) => Task.WhenAll(_loops.Select(loop => loop.InvokeAsync(() => action(loop))));

    /// <summary>Waits until all that had arrived is worked through; what lags is read with pauses.</summary>
    private async Task WaitUntilReadAsync(TimeSpan most)
    {
        long start = _time.GetTimestamp();
        while (true)
        {
            int left = 0;
            await OnAllLoopsAsync(loop => Interlocked.Add(ref left, loop.CountToRead())).ConfigureAwait(false);
            if (left == 0 || _time.GetElapsedTime(start) >= most)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), _time).ConfigureAwait(false);
        }
    }

    private async Task WaitUntilEmptyAsync()
    {
        long start = _time.GetTimestamp();
        TimeSpan most = _options.Limits.DrainTimeout + _options.Limits.CloseLingerTimeout;
        while (!Connections.IsEmpty && _time.GetElapsedTime(start) < most)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), _time).ConfigureAwait(false);
        }
    }
}
