using System.Diagnostics;
using Causeway.Client.Connections;
using Causeway.Client.Delivery;
using Causeway.Client.Protocol;
using Causeway.Client.Telemetry;

namespace Causeway.Client;

/// <summary>
/// A client of the bus, over one connection that is made again when it breaks. Speaks the NATS client protocol.
/// </summary>
/// <remarks>
/// <para>All members may be called from any thread. Messages that one thread publishes are sent in its order.</para>
/// <para>Nothing grows without bound: publishing waits while <see cref="BusClientOptions.OutboundBytesMax"/> bytes wait to be sent,
/// subscriptions drop beyond their pending bounds, and <see cref="ClientLimits.PendingRequestsMax"/> bounds requests.</para>
/// </remarks>
public sealed partial class BusClient : IAsyncDisposable
{
    private readonly BusClientOptions _options;
    private readonly Session _session;

    private BusClient(BusClientOptions options)
    {
        _options = options;
        _session = new Session(options);
        _inbox = new ReplyInbox(this);
        _session.PublishRefused += _inbox.Refuse;
    }

    /// <summary>How it connects and behaves.</summary>
    internal BusClientOptions Options => _options;

    /// <summary>What the server of the current or last connection says about itself.</summary>
    public ServerInfo ServerInfo => _session.Info;

    /// <summary>The address of the current or last connection.</summary>
    public ServerAddress Server => _session.Server;

    /// <summary>The region that the directors placed the client in; empty without directors, or while none has answered.</summary>
    public string Region => _session.Region;

    /// <summary>Where the client stands.</summary>
    public ConnectionState State => _session.State;

    /// <summary>What the client has done and what waits in it.</summary>
    public ClientStatistics Statistics
    {
        get
        {
            (long messagesOut, long bytesOut) = _session.Outbound.Published;
            (long messagesIn, long bytesIn) = _session.Received;
            return new ClientStatistics
            {
                MessagesOut = messagesOut,
                BytesOut = bytesOut,
                MessagesIn = messagesIn,
                BytesIn = bytesIn,
                Reconnects = _session.Reconnects,
                Subscriptions = _session.Subscriptions.Count,
                PendingRequests = _inbox.Count,
                PendingBytes = _session.Outbound.PendingBytes,
                PendingPings = _session.Outbound.PendingPings,
            };
        }
    }

    /// <summary>Connects: tries each server once, in order, and returns when one has accepted the client.</summary>
    /// <exception cref="BusConnectionException">No server accepted; the message says why for each.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static async Task<BusClient> ConnectAsync(BusClientOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        BusClient client = new(options);
        await client._session.ConnectAsync(cancellationToken).ConfigureAwait(false);
        return client;
    }

    /// <summary>
    /// Creates a client that connects in the background, and goes on trying by <see cref="BusClientOptions.Reconnect"/> until it has a
    /// connection. What is published and subscribed before waits, within <see cref="BusClientOptions.OutboundBytesMax"/>;
    /// <see cref="FlushAsync"/> waits for the connection.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static BusClient Start(BusClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        BusClient client = new(options);
        client._session.Start();
        return client;
    }

    /// <summary>A new subject that nobody else uses, to receive replies on.</summary>
    public static string NewInbox() => ReplyInbox.NewSubject();

    /// <summary>
    /// Publishes a message: hands it to the connection and returns, waiting only while there is no room. <see cref="FlushAsync"/>
    /// makes sure that the server has it.
    /// </summary>
    /// <param name="subject">Where to; no wildcards.</param>
    /// <param name="data">The payload; copied before the call completes.</param>
    /// <param name="replyTo">The subject on which a reply is wanted; null for none.</param>
    /// <param name="headers">The headers; null for none.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <exception cref="ArgumentException">A subject can't be published to.</exception>
    /// <exception cref="PayloadTooLargeException">The server takes no message of this size.</exception>
    /// <exception cref="BusConnectionException">The connection was lost for good.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public ValueTask PublishAsync(
        string subject,
        ReadOnlyMemory<byte> data = default,
        string? replyTo = null,
        MessageHeaders? headers = null,
        CancellationToken cancellationToken = default) =>
        ClientTelemetry.IsTracing ? PublishTracedAsync(subject, data, replyTo, headers, cancellationToken)
        : TryPublishPlain(subject, data.Span, replyTo, headers) ? ValueTask.CompletedTask
        : _session.Outbound.PublishAsync(subject, data, replyTo, headers, cancellationToken);

    /// <summary>Publishes as <see cref="PublishAsync"/> does, but gives up where it would wait for room; false then.</summary>
    public bool TryPublish(string subject, ReadOnlySpan<byte> data, string? replyTo = null, MessageHeaders? headers = null)
    {
        if (!ClientTelemetry.IsTracing)
        {
            return TryPublishPlain(subject, data, replyTo, headers);
        }

        using Activity? activity = ClientTelemetry.StartSend(this, subject, data.Length, isRequest: false);
        return TryPublishPlain(subject, data, replyTo, ClientTelemetry.Inject(this, headers, data.Length));
    }

    /// <summary>
    /// Subscribes. The server learns of it with all that is published later on this client; <see cref="FlushAsync"/> makes sure it has.
    /// </summary>
    /// <param name="subject">What to; tokens may be the wildcards <c>*</c> and, at the end, <c>&gt;</c>.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait for room to tell the server.</param>
    /// <exception cref="ArgumentException">The subject or an option is wrong.</exception>
    /// <exception cref="BusConnectionException">The connection was lost for good.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public async ValueTask<Subscription> SubscribeAsync(
        string subject, SubscribeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subject);
        options ??= new SubscribeOptions();
        options.Validate();
        if (SubjectRules.PatternProblem(subject) is { } problem)
        {
            throw new ArgumentException($"subject '{subject}' {problem}", nameof(subject));
        }

        PublishRules.CheckLine(CommandEncoder.SubscribeBound(subject, options.QueueGroup), subject, options.QueueGroup);
        Subscription subscription = new(this, _session, subject, options);
        await TellServerAsync(subscription.Entry, options.MessagesMax, cancellationToken).ConfigureAwait(false);
        return subscription;
    }

    /// <summary>
    /// Completes when the server has taken all that was published and subscribed before. While there is no connection it waits for one.
    /// </summary>
    /// <exception cref="BusConnectionException">The connection broke in between: what was sent may be lost.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public Task FlushAsync(CancellationToken cancellationToken = default) => _session.FlushAsync(cancellationToken);

    /// <summary>
    /// Ends in good order: subscriptions are ended at the server, their readers get what was sent already, what they and others
    /// published is flushed, and the client is disposed. Requests still waiting then fail.
    /// </summary>
    /// <param name="timeout">How long all that may take; the client is disposed in any case.</param>
    /// <param name="cancellationToken">Ends the wait as the timeout does.</param>
    /// <exception cref="TimeoutException">The time was not enough: messages may be lost.</exception>
    /// <exception cref="BusConnectionException">The connection broke in between: messages may be lost.</exception>
    public async Task DrainAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource timeUp = new(timeout, _options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, cancellationToken);
        try
        {
            Subscription[] open = [.. _session.Subscriptions.Sinks<Subscription>()];
            await Task.WhenAll(open.Select(subscription => subscription.DrainAsync(either.Token))).ConfigureAwait(false);
            await _session.FlushAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeUp.IsCancellationRequested)
        {
            throw new TimeoutException($"draining took longer than {timeout.TotalSeconds:0.###} s");
        }
        catch (ObjectDisposedException)
        {
            // Closed already: nothing is left to drain.
        }
        finally
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Closes at once: what waits to be sent is lost, enumerations of subscriptions end after what they hold, requests fail.
    /// Use <see cref="DrainAsync"/> or <see cref="FlushAsync"/> before to lose nothing.
    /// </summary>
    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private bool TryPublishPlain(string subject, ReadOnlySpan<byte> data, string? replyTo, MessageHeaders? headers)
    {
        PublishRules.Check(_session, subject, replyTo, headers, data.Length);
        return _session.Outbound.TryPublish(subject, replyTo, headers, data);
    }

    private async ValueTask PublishTracedAsync(
        string subject, ReadOnlyMemory<byte> data, string? replyTo, MessageHeaders? headers, CancellationToken cancellationToken)
    {
        using SendObservation observation = new(this, subject, data.Length, isRequest: false);
        try
        {
            headers = ClientTelemetry.Inject(this, headers, data.Length);
            if (!TryPublishPlain(subject, data.Span, replyTo, headers))
            {
                await _session.Outbound.PublishAsync(subject, data, replyTo, headers, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception failure)
        {
            observation.Failed(failure);
            throw;
        }
    }

    private async Task TellServerAsync(SubscriptionEntry entry, long? messagesMax, CancellationToken cancellationToken)
    {
        try
        {
            while (!_session.Outbound.TrySubscribe(entry.Sid, entry.Subject, entry.QueueGroup, messagesMax))
            {
                await _session.Outbound.RoomAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            _session.Subscriptions.Remove(entry);
            throw;
        }
    }
}
