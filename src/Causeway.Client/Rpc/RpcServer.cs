using Causeway.Client.Delivery;
using Causeway.Client.Rpc.Serving;
using Causeway.Client.Rpc.Wire;
using Causeway.Client.Timing;

namespace Causeway.Client.Rpc;

/// <summary>
/// Serves services over the bus. It holds one subscription, its address, and two for each service, whatever rooms or participants it
/// serves. Safe for any thread.
/// </summary>
public sealed class RpcServer : IAsyncDisposable
{
    private static readonly TimeSpan StreamTick = TimeSpan.FromMilliseconds(500);

    private readonly BusClient _bus;
    private readonly MillisecondClock _clock;
    private readonly Dispatcher _dispatcher;
    private readonly HandlerRunner _runner;
    private readonly DueTimer _timer;
    private readonly ITimer _streamTimer;
    private readonly RpcMetrics _metrics;
    private readonly Lock _gate = new();
    private readonly List<SubscriptionEntry> _subscriptions = [];
    private long _unreadable;

    private RpcServer(BusClient bus, RpcLimits limits)
    {
        _bus = bus;
        _clock = new MillisecondClock(bus.Options.TimeProvider);
        BusWire wire = new(bus);
        _dispatcher = new Dispatcher(wire, Address, limits, call => _runner!.Start(call));
        _runner = new HandlerRunner(wire, _clock, limits, Address, _dispatcher);
        _timer = new DueTimer(_clock, _dispatcher.Tick);
        _streamTimer = bus.Options.TimeProvider.CreateTimer(_ => _runner.Streams.Tick(_clock.Now), null, StreamTick, StreamTick);
        _metrics = RpcMetrics.Of(this);
    }

    /// <summary>The name by which callers reach this very server: <see cref="RpcTarget.At"/>. New for each server that is opened.</summary>
    public string Address { get; } = RpcSubjects.NewName();

    /// <summary>Told what handlers throw that is no <see cref="RpcException"/>, with the method's name; what it throws itself is ignored.</summary>
    public Action<string, Exception>? OnHandlerError
    {
        get => _runner.OnError;
        set => _runner.OnError = value;
    }

    /// <summary>What it did so far, and what is at work in it.</summary>
    public RpcServerStatistics Statistics
    {
        get
        {
            ServerCounts counts = _dispatcher.Counts;
            return new RpcServerStatistics
            {
                Subscriptions = Subscriptions.Length,
                Begun = counts.Begun,
                Ended = counts.Ended,
                Forwarded = counts.Forwarded,
                NotHere = counts.NotHere,
                NotMine = counts.NotMine,
                Overloaded = counts.Overloaded,
                Shed = counts.Shed,
                TimedOut = counts.TimedOut,
                Cancelled = counts.Cancelled,
                HandlerErrors = _runner.Errors,
                Duplicates = counts.Duplicates,
                Strays = counts.Strays + _runner.Streams.Strays,
                Unreadable = Volatile.Read(ref _unreadable),
                ClaimNotices = counts.ClaimNotices,
                Announcements = counts.Announcements,
                KeysTaken = counts.KeysTaken,
                UnsentAnswers = counts.UnsentAnswers,
                RefusedMembers = counts.RefusedMembers,
                AffinityErrors = counts.AffinityErrors,
                Running = counts.Running,
                Waiting = counts.Waiting,
                WaitingBytes = counts.WaitingBytes,
                Keys = counts.Keys,
                Members = counts.Members,
                Streams = _runner.Streams.Counters.Snapshot,
            };
        }
    }

    private SubscriptionEntry[] Subscriptions
    {
        get
        {
            lock (_gate)
            {
                return [.. _subscriptions];
            }
        }
    }

    /// <summary>Opens a server over a client, which stays the program's to dispose.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    /// <exception cref="ServerErrorException">The bus does not let this client subscribe to the server's address.</exception>
    /// <exception cref="BusConnectionException">The connection was lost.</exception>
    public static async Task<RpcServer> OpenAsync(BusClient bus, RpcLimits? limits = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        limits ??= new RpcLimits();
        limits.Validate();
        RpcServer server = new(bus, limits);
        try
        {
            await server.SubscribeAsync([(RpcSubjects.At(server.Address), null, server.ReceiveAddressed)], cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Serves a service with handlers; calls may come when it returns.</summary>
    /// <exception cref="ArgumentException">A handler is for a method of another service.</exception>
    /// <exception cref="InvalidOperationException">The service is served already.</exception>
    /// <exception cref="ServerErrorException">The bus does not let this client subscribe to the service's subjects.</exception>
    /// <exception cref="BusConnectionException">The connection was lost.</exception>
    public async Task<RpcHost> ServeAsync(RpcService service, RpcHandlers handlers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(handlers);
        if (handlers.All.FirstOrDefault(handler => handler.Service != service.Name) is { } other)
        {
            throw new ArgumentException($"method '{other.Method}' is of service '{other.Service}', not of '{service.Name}'", nameof(handlers));
        }

        Dictionary<string, MethodQueue> methods = handlers.All.ToDictionary(handler => handler.Method, _runner.QueueFor);
        ServiceState state = _dispatcher.Add(service.Name, methods, handlers.Affinity);
        RpcHost host = new(_dispatcher, state, _clock);
        try
        {
            await SubscribeAsync(
                [
                    (RpcSubjects.All(service.Name), null, (in RpcMessage message) => _timer.Need(_dispatcher.OnAll(service.Name, message, _clock.Now))),
                    (RpcSubjects.Any(service.Name), RpcSubjects.QueueGroup, (in RpcMessage message) => _timer.Need(_dispatcher.OnAny(message, _clock.Now))),
                ],
                cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _dispatcher.Remove(state);
            throw;
        }

        _timer.Need(_dispatcher.FirstDue);
        return host;
    }

    /// <summary>
    /// Ends in good order: new calls are refused so that callers look elsewhere, what waits and runs goes on, and when it is through and the
    /// bus has its answers, or time is up, the server is disposed.
    /// </summary>
    /// <exception cref="TimeoutException">Handlers still ran when time was up; they were cancelled.</exception>
    public async Task DrainAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        _dispatcher.StopTaking();
        using CancellationTokenSource timeUp = new(timeout, _clock.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, cancellationToken);
        try
        {
            // Nothing comes by the bus's choice any more, but what callers say about calls that run still does.
            Array.ForEach(Array.FindAll(Subscriptions, entry => entry.QueueGroup is not null), _bus.BeginDrain);
            await _dispatcher.IdleAsync().WaitAsync(either.Token).ConfigureAwait(false);

            // What came until the bus took note is refused, and then the bus has these answers too.
            Array.ForEach(Subscriptions, _bus.BeginDrain);
            await _bus.FlushAsync(either.Token).ConfigureAwait(false);
            await _bus.FlushAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"draining took longer than {timeout.TotalSeconds:0.###} s");
        }
        catch (Exception closed) when (closed is ObjectDisposedException or BusConnectionException)
        {
            // There is no connection: nobody can be told any more.
        }
        finally
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends at once: subscriptions end, streams fail, handlers are cancelled and their answers not sent.</summary>
    public ValueTask DisposeAsync()
    {
        _dispatcher.StopTaking();
        SubscriptionEntry[] subscriptions;
        lock (_gate)
        {
            subscriptions = [.. _subscriptions];
            _subscriptions.Clear();
        }

        Array.ForEach(subscriptions, _bus.Detach);
        _runner.Streams.AbortAll(new RpcException(RpcCode.Gone, "the server is closed", true));
        _dispatcher.CancelAll();
        _timer.Dispose();
        _streamTimer.Dispose();
        _metrics.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Subscribes to all or, where the bus refuses one, to none.</summary>
    private async Task SubscribeAsync((string Subject, string? QueueGroup, RpcReceiver Receive)[] wanted, CancellationToken cancellationToken)
    {
        List<SubscriptionEntry> made = [];
        ServerErrorException? refusal = null;
        try
        {
            foreach ((string subject, string? queueGroup, RpcReceiver receive) in wanted)
            {
                RpcSink sink = new(receive, reason => End(reason, ref refusal), () => Interlocked.Increment(ref _unreadable), _runner.Wake);
                made.Add(await _bus.AttachAsync(subject, queueGroup, sink, cancellationToken).ConfigureAwait(false));
            }

            // What the server refuses it says before its answer to this.
            await _bus.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (Volatile.Read(ref refusal) is { } refused)
            {
                throw new ServerErrorException(refused.Text);
            }
        }
        catch
        {
            made.ForEach(_bus.Detach);
            throw;
        }

        lock (_gate)
        {
            _subscriptions.AddRange(made);
        }
    }

    private void ReceiveAddressed(in RpcMessage message)
    {
        if (message.IsNobody)
        {
            // Nothing that a server sends asks for that.
            Interlocked.Increment(ref _unreadable);
        }
        else if (message.Header.Kind is RpcKind.Call or RpcKind.Open or RpcKind.Cancel)
        {
            _timer.Need(_dispatcher.OnAddressed(message, _clock.Now));
        }
        else
        {
            _runner.Streams.OnFrame(message.Header, message.Payload);
        }
    }

    private void End(Exception? reason, ref ServerErrorException? refusal)
    {
        if (reason is ServerErrorException refused)
        {
            // This subscription alone; the others go on.
            Volatile.Write(ref refusal, refused);
            return;
        }

        _dispatcher.CancelAll();
        _runner.Streams.FailAll(reason ?? new ObjectDisposedException(nameof(BusClient)));
    }
}
