using System.Text;
using Causeway.Client.Delivery;
using Causeway.Client.Protocol;

namespace Causeway.Client.Connections;

/// <summary>
/// A client's life over all its links: connects, runs the link, connects again when it breaks, and ends everything when it gives up
/// or is disposed. Takes what links receive to where it belongs.
/// </summary>
internal sealed class Session : IServerEvents, IAsyncDisposable
{
    private readonly BusClientOptions _options;
    private readonly ServerPool _pool;
    private readonly CancellationTokenSource _closing = new();
    private Task _supervision = Task.CompletedTask;
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
        Outbound = new Outbound(options.OutboundBytesMax);
    }

    public Outbound Outbound { get; }

    public SubscriptionTable Subscriptions { get; } = new();

    public ServerInfo Info => _info;

    public ServerAddress Server => Volatile.Read(ref _server);

    public ConnectionState State => _state;

    public (long Messages, long Bytes) Received => (Volatile.Read(ref _messagesIn), Volatile.Read(ref _bytesIn));

    public long Reconnects => Volatile.Read(ref _reconnects);

    /// <summary>Makes the first link, trying each server once in the given order, and starts to run it.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        List<BusConnectionException> failures = [];
        foreach (ServerAddress address in _pool.Servers)
        {
            try
            {
                Link link = await Dialer.OpenAsync(address, _options, cancellationToken).ConfigureAwait(false);
                Begin(link);
                _supervision = SuperviseAsync(link);
                return;
            }
            catch (BusConnectionException failure)
            {
                failures.Add(failure);
            }
        }

        throw failures.Count == 1
            ? failures[0]
            : new BusConnectionException(string.Join("; ", failures.Select(failure => failure.Message)), failures[^1]);
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
    }

    void IServerEvents.OnInfo(ReadOnlySpan<byte> json)
    {
        ServerInfo info = ServerInfo.Parse(json);
        bool newlyLame = info.LameDuck && !_info.LameDuck;
        _info = info;
        _pool.Learn(info.ConnectUrls);
        if (newlyLame)
        {
            Notify(new ClientEvent.LameDuck(_server));
        }
    }

    void IServerEvents.OnMessage(in InboundMessage message)
    {
        Volatile.Write(ref _messagesIn, _messagesIn + 1);
        Volatile.Write(ref _bytesIn, _bytesIn + message.Headers.Length + message.Payload.Length);
        Subscriptions.Deliver(message);
    }

    void IServerEvents.OnPing() => Outbound.Pong();

    void IServerEvents.OnPong() => Outbound.PongArrived();

    void IServerEvents.OnOk()
    {
        // Only verbose connections get it, which this client never asks for.
    }

    void IServerEvents.OnError(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.UTF8.GetString(bytes);
        _lastWords = ServerErrors.Closes(text) ? text : _lastWords;
        if (ServerErrors.TryReadRefusedSubscription(text, out string subject, out string? queueGroup))
        {
            Subscriptions.Refuse(subject, queueGroup, new ServerErrorException(text));
        }

        Notify(new ClientEvent.ServerError(text));
    }

    private void Begin(Link link)
    {
        _lastWords = null;
        _info = link.Info;
        _pool.Learn(link.Info.ConnectUrls);
        _pool.Connected();
        Volatile.Write(ref _server, link.Address);
        _state = ConnectionState.Connected;
    }

    private async Task SuperviseAsync(Link first)
    {
        // From here on the loops own the thread, not whoever connects.
        await Task.Yield();
        Backoff? backoff = _options.Reconnect is null ? null : new Backoff(_options.Reconnect, _options.Random);
        BusException? end = null;
        Link link = first;

        // Subscriptions made since the first link stands are all in the outbound buffer. Later links begin with what exists; a
        // subscription that stands in the buffer too is told twice, which servers ignore.
        IEnumerable<SubscriptionEntry> renewed = [];
        while (true)
        {
            long began = _options.TimeProvider.GetTimestamp();
            Exception cause = await link.RunAsync(this, Outbound, renewed, _options, _closing.Token).ConfigureAwait(false);
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

    private BusConnectionException Loss(ServerAddress address, Exception cause) =>
        _lastWords is { } words
            ? new BusConnectionException($"lost the connection to {address}: the server says: {words}", new ServerErrorException(words))
            : new BusConnectionException($"lost the connection to {address}: {Dialer.Reason(cause)}", cause);

    private async Task<(Link? Link, BusException? End)> ReconnectAsync(ServerAddress lost, Backoff backoff)
    {
        for (int attempt = 1; ; attempt++)
        {
            ServerAddress address = _pool.Next(lost);
            try
            {
                await Task.Delay(backoff.Next(), _options.TimeProvider, _closing.Token).ConfigureAwait(false);
                Link link = await Dialer.OpenAsync(address, _options, _closing.Token).ConfigureAwait(false);
                Begin(link);
                Interlocked.Increment(ref _reconnects);
                Notify(new ClientEvent.Reconnected(address));
                return (link, null);
            }
            catch (OperationCanceledException)
            {
                return (null, null);
            }
            catch (BusConnectionException failure)
            {
                Notify(new ClientEvent.ReconnectFailed(address, attempt, failure));
                if (attempt == _options.Reconnect!.AttemptsMax)
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
