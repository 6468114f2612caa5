using Causeway.Client.Delivery;
using Causeway.Client.Directing;
using Causeway.Client.Telemetry;

namespace Causeway.Client.Connections;

/// <summary>
/// A client's life over all its links: connects, runs the link, connects again when it breaks, and ends everything when it gives up
/// or is disposed.
/// </summary>
internal sealed partial class Session : IAsyncDisposable
{
    private readonly BusClientOptions _options;
    private readonly ServerPool _pool;
    private readonly CancellationTokenSource _closing = new();
    private readonly RegionGuide? _guide;
    private Task _supervision = Task.CompletedTask;
    private Task _following = Task.CompletedTask;
    private CancellationTokenSource? _linkEnd;
    private TaskCompletionSource _askNow = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IReadOnlyList<ServerAddress>? _moveTo;
    private ServerAddress _server;
    private volatile ServerInfo _info = new();
    private volatile ConnectionState _state = ConnectionState.Closed;
    private string? _lastWords;
    private long _messagesIn;
    private long _bytesIn;
    private long _reconnects;

    public Session(BusClientOptions options)
    {
        _options = options;
        _pool = new ServerPool(options.Servers, options.Random);
        _server = options.Servers[0];
        _guide = options.Director is null ? null : new RegionGuide(options.Director, options.TimeProvider, options.Random);
        Outbound = new Outbound(options.OutboundBytesMax);
    }

    public Outbound Outbound { get; }

    public SubscriptionTable Subscriptions { get; } = new();

    /// <summary>The region that directors placed the client in; empty if none did.</summary>
    public string Region => _guide?.Region ?? "";

    public ServerInfo Info => _info;

    public ServerAddress Server => Volatile.Read(ref _server);

    public ConnectionState State => _state;

    public (long Messages, long Bytes) Received => (Volatile.Read(ref _messagesIn), Volatile.Read(ref _bytesIn));

    public long Reconnects => Volatile.Read(ref _reconnects);

    /// <summary>Makes the first link, trying each server once in the given order, and starts to run it.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        for (int place = 1; ; place++)
        {
            bool isPlaced = await FindPlaceAsync(cancellationToken).ConfigureAwait(false);
            List<BusConnectionException> failures = [];
            foreach (ServerAddress address in _pool.Servers)
            {
                try
                {
                    Link link = await Dialer.OpenAsync(address, _options, cancellationToken).ConfigureAwait(false);
                    Begin(link);
                    _supervision = SuperviseAsync(link);
                    _following = _guide is null ? Task.CompletedTask : FollowAsync(_guide);
                    return;
                }
                catch (BusConnectionException failure)
                {
                    failures.Add(failure);
                }
            }

            if (!isPlaced || place == ClientLimits.PlacesMax)
            {
                throw failures.Count == 1
                    ? failures[0]
                    : new BusConnectionException(string.Join("; ", failures.Select(failure => failure.Message)), failures[^1]);
            }
        }
    }

    /// <summary>Begins to look for the first link, and goes on as after a lost one until there is one.</summary>
    public void Start()
    {
        // What a server can is known when one is found; until then it is taken for a usual one.
        _info = new ServerInfo { SupportsHeaders = true };
        _state = ConnectionState.Reconnecting;
        _supervision = StartAsync();
        _following = _guide is null ? Task.CompletedTask : FollowAsync(_guide);
    }

    /// <summary>Completes when the server has taken all that was sent before.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource pong = new(TaskCreationOptions.RunContinuationsAsynchronously);
        while (!Outbound.TryPing(pong))
        {
            await Outbound.RoomAsync(cancellationToken).ConfigureAwait(false);
        }

        await pong.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks the server to send no more to a subscription; what it sent before still arrives until a flush says so.</summary>
    public void BeginDrain(SubscriptionEntry entry)
    {
        if (!entry.Draining)
        {
            entry.Draining = true;
            Outbound.Unsubscribe(entry.Sid);
        }
    }

    /// <summary>Ends a subscription, also one that was drained.</summary>
    public void Detach(SubscriptionEntry entry)
    {
        if (Subscriptions.Remove(entry) && !entry.Draining)
        {
            Outbound.Unsubscribe(entry.Sid);
        }
    }

    public void Notify(ClientEvent happened)
    {
        try
        {
            _options.OnEvent?.Invoke(happened);
        }
#pragma warning disable CA1031 // A listener's fault must not end the connection; the option's documentation says so.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _supervision.ConfigureAwait(false);
        await _following.ConfigureAwait(false);
        _guide?.Dispose();
    }

    private void Begin(Link link)
    {
        _lastWords = null;
        _info = link.Info;
        _pool.Learn(link.Info.ConnectUrls, link.Address.Scheme);
        _pool.Connected();
        Volatile.Write(ref _server, link.Address);
        _state = ConnectionState.Connected;
    }

    private async Task StartAsync()
    {
        await Task.Yield();
        try
        {
            await FindPlaceAsync(_closing.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is OperationCanceledException or BusConnectionException)
        {
            // Not admitted or closing: both are seen below.
        }

        _pool.BeginInOrder();
        ReconnectOptions options = _options.Reconnect ?? new ReconnectOptions { AttemptsMax = _pool.Servers.Count };
        (Link? first, BusException? end) = await SeekAsync(_server, new Backoff(options, _options.Random), options.AttemptsMax, isFirst: true).ConfigureAwait(false);
        if (first is not null)
        {
            await SuperviseAsync(first).ConfigureAwait(false);
            return;
        }

        End(end);
    }

    private async Task SuperviseAsync(Link first)
    {
        // From here on the loops own the thread, not whoever connects.
        await Task.Yield();
        Backoff? backoff = _options.Reconnect is null ? null : new Backoff(_options.Reconnect, _options.Random);
        BusException? end = null;
        Link link = first;

        // Subscriptions made before and since the first link stands are all in the outbound buffer. Later links begin with what exists; a
        // subscription that stands in the buffer too is told twice, which servers ignore.
        IEnumerable<SubscriptionEntry> renewed = [];
        while (true)
        {
            long began = _options.TimeProvider.GetTimestamp();
            using CancellationTokenSource linkEnd = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
            Volatile.Write(ref _linkEnd, linkEnd);
            if (_moveTo is not null)
            {
                // It was told to move while the link was being made.
                await linkEnd.CancelAsync().ConfigureAwait(false);
            }

            Exception cause = await link.RunAsync(this, Outbound, renewed, _options, linkEnd.Token).ConfigureAwait(false);
            Volatile.Write(ref _linkEnd, null);
            BusConnectionException loss = Loss(link.Address, cause);
            Outbound.LinkLost(loss);
            if (_closing.IsCancellationRequested)
            {
                break;
            }

            _state = ConnectionState.Reconnecting;
            Notify(new ClientEvent.Disconnected(link.Address, loss));
            if (backoff is null)
            {
                end = loss;
                break;
            }

            backoff.ConnectionEnded(_options.TimeProvider.GetElapsedTime(began));
            (Link? next, end) = await ReconnectAsync(link.Address, backoff).ConfigureAwait(false);
            if (next is null)
            {
                break;
            }

            link = next;
            renewed = Subscriptions.Renewable();
        }

        End(end);
    }

    /// <summary>Asks the directors for a place, if there are any; false where none answers: then all servers that are known are tried.</summary>
    private async Task<bool> FindPlaceAsync(CancellationToken cancellationToken)
    {
        if (_guide is null)
        {
            return false;
        }

        IReadOnlyList<ServerAddress>? servers = await _guide.PlaceAsync(cancellationToken).ConfigureAwait(false);
        _pool.Use(servers ?? [.. _pool.Servers, .. _options.Servers]);
        return servers is not null;
    }

    /// <summary>Asks the directors from time to time whether to move, and ends the link where they say so; the supervision then connects there.</summary>
    private async Task FollowAsync(RegionGuide guide)
    {
        try
        {
            while (true)
            {
                Task asked = Interlocked.CompareExchange(ref _askNow, null!, null!).Task;
                await Task.WhenAny(asked, Task.Delay(guide.PollAfter, _options.TimeProvider, _closing.Token)).ConfigureAwait(false);
                _closing.Token.ThrowIfCancellationRequested();
                if (asked.IsCompleted)
                {
                    Interlocked.Exchange(ref _askNow, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                }

                if (_state == ConnectionState.Closed)
                {
                    return;
                }

                if (_state == ConnectionState.Connected && await guide.PollAsync(Server, _closing.Token).ConfigureAwait(false) is { } servers)
                {
                    await MoveAsync(guide, servers).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The client closes.
        }
    }

    private async Task MoveAsync(RegionGuide guide, IReadOnlyList<ServerAddress> servers)
    {
        Notify(new ClientEvent.Moving(Server, guide.Region));
        try
        {
            await FlushAsync(_closing.Token).WaitAsync(ClientLimits.MoveFlushTimeout, _options.TimeProvider, _closing.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is TimeoutException or BusException)
        {
            // The old server is slow or gone: what it has not taken is lost, as with any lost connection.
        }

        _moveTo = servers;
        CancellationTokenSource? linkEnd = Volatile.Read(ref _linkEnd);
        try
        {
            linkEnd?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The link has just ended by itself.
        }
    }

    private BusConnectionException Loss(ServerAddress address, Exception cause) =>
        _moveTo is not null ? new BusConnectionException($"left {address} for region {Region}, as the directors say", cause)
        : _lastWords is { } words
            ? new BusConnectionException($"lost the connection to {address}: the server says: {words}", new ServerErrorException(words))
            : new BusConnectionException($"lost the connection to {address}: {Dialer.Reason(cause)}", cause);

    private Task<(Link? Link, BusException? End)> ReconnectAsync(ServerAddress lost, Backoff backoff)
    {
        if (_moveTo is { } servers)
        {
            _moveTo = null;
            _pool.Use(servers);
        }

        return SeekAsync(lost, backoff, _options.Reconnect!.AttemptsMax, isFirst: false);
    }

    private async Task<(Link? Link, BusException? End)> SeekAsync(ServerAddress lost, Backoff backoff, int? attemptsMax, bool isFirst)
    {
        for (int attempt = 1; ; attempt++)
        {
            ServerAddress address = lost;
            try
            {
                if (attempt > 1 && _pool.IsRoundOver)
                {
                    // Nothing in the region answers: it may be gone.
                    await FindPlaceAsync(_closing.Token).ConfigureAwait(false);
                }

                address = _pool.Next(lost);
                if (!isFirst || attempt > 1)
                {
                    await Task.Delay(backoff.Next(), _options.TimeProvider, _closing.Token).ConfigureAwait(false);
                }

                Link link = await Dialer.OpenAsync(address, _options, _closing.Token).ConfigureAwait(false);
                Begin(link);
                Interlocked.Add(ref _reconnects, isFirst ? 0 : 1);
                ClientTelemetry.Connected(address, isFirst);
                Notify(isFirst ? new ClientEvent.Connected(address) : new ClientEvent.Reconnected(address));
                return (link, null);
            }
            catch (OperationCanceledException)
            {
                return (null, null);
            }
            catch (BusConnectionException failure)
            {
                Notify(new ClientEvent.ReconnectFailed(address, attempt, failure));
                if (attempt == attemptsMax)
                {
                    return (null, failure);
                }
            }
        }
    }

    private void End(BusException? reason)
    {
        _state = ConnectionState.Closed;
        Outbound.Close(reason ?? (Exception)new ObjectDisposedException(nameof(BusClient)));
        Subscriptions.EndAll(reason);
        Notify(new ClientEvent.Closed(reason));
    }
}
