using System.Runtime.CompilerServices;
using System.Text;
using Causeway.Client.Connections;
using Causeway.Client.Delivery;
using Causeway.Client.Protocol;

namespace Causeway.Client;

/// <summary>
/// A client of the bus, over one connection that is made again when it breaks. Speaks the NATS client protocol.
/// </summary>
/// <remarks>
/// <para>All members may be called from any thread. Messages that one thread publishes are sent in its order.</para>
/// <para>Nothing grows without bound: publishing waits while <see cref="BusClientOptions.OutboundBytesMax"/> bytes wait to be sent,
/// subscriptions drop beyond their pending bounds, and <see cref="ClientLimits.PendingRequestsMax"/> bounds requests.</para>
/// </remarks>
public sealed class BusClient : IAsyncDisposable
{
    // "HPUB ", blanks, two sizes and the line end; "SUB " with its number needs less.
    private const int LineRoom = 40;

    private readonly BusClientOptions _options;
    private readonly Session _session;
    private readonly ReplyInbox _inbox;
    private readonly Lock _inboxGate = new();
    private Task? _inboxOpened;

    private BusClient(BusClientOptions options)
    {
        _options = options;
        _session = new Session(options);
        _inbox = new ReplyInbox(this);
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
        TryPublish(subject, data.Span, replyTo, headers)
            ? ValueTask.CompletedTask
            : PublishWhenRoomAsync(subject, data, replyTo, headers, cancellationToken);

    /// <summary>Publishes as <see cref="PublishAsync"/> does, but gives up where it would wait for room; false then.</summary>
    public bool TryPublish(string subject, ReadOnlySpan<byte> data, string? replyTo = null, MessageHeaders? headers = null)
    {
        CheckPublish(subject, replyTo, headers, data.Length);
        return _session.Outbound.TryPublish(subject, replyTo, headers, data);
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

        CheckLine(CommandEncoder.SubscribeBound(subject, options.QueueGroup), subject, options.QueueGroup);
        Subscription subscription = new(this, _session, subject, options);
        await TellServerAsync(subscription.Entry, options.MessagesMax, cancellationToken).ConfigureAwait(false);
        return subscription;
    }

    /// <summary>Publishes a request and waits for the first reply.</summary>
    /// <param name="subject">Where to; no wildcards.</param>
    /// <param name="data">The payload.</param>
    /// <param name="headers">The headers; null for none.</param>
    /// <param name="timeout">How long to wait; null for <see cref="BusClientOptions.RequestTimeout"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NoRespondersException">Nobody subscribes to the subject.</exception>
    /// <exception cref="TimeoutException">No reply came in time.</exception>
    /// <exception cref="BusException">As <see cref="PublishAsync"/>, or too many requests wait.</exception>
    public async Task<Message> RequestAsync(
        string subject,
        ReadOnlyMemory<byte> data = default,
        MessageHeaders? headers = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        CheckPublish(subject, _inbox.Pattern, headers, data.Length);
        TimeSpan patience = timeout ?? _options.RequestTimeout;
        SingleReply reply = new(subject);
        long request = _inbox.Open(reply);
        try
        {
            await SendRequestAsync(subject, data, headers, request, patience, cancellationToken).ConfigureAwait(false);
            return await reply.Task.WaitAsync(patience, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"no reply on '{subject}' within {patience.TotalSeconds:0.###} s");
        }
        finally
        {
            _inbox.Close(request);
        }
    }

    /// <summary>Publishes a request and gives all replies that come in time, for requests that several answer.</summary>
    /// <param name="subject">Where to; no wildcards.</param>
    /// <param name="data">The payload.</param>
    /// <param name="headers">The headers; null for none.</param>
    /// <param name="repliesMax">Ends after this many replies; null to gather until the time is up. At least 1.</param>
    /// <param name="timeout">How long to gather in all; null for <see cref="BusClientOptions.RequestTimeout"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The replies; the enumeration ends without error when the time is up.</returns>
    /// <exception cref="NoRespondersException">Nobody subscribes to the subject.</exception>
    /// <exception cref="BusException">As <see cref="PublishAsync"/>, or too many requests wait.</exception>
    public async IAsyncEnumerable<Message> RequestManyAsync(
        string subject,
        ReadOnlyMemory<byte> data = default,
        MessageHeaders? headers = null,
        int? repliesMax = null,
        TimeSpan? timeout = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repliesMax ?? 1, 1, nameof(repliesMax));
        CheckPublish(subject, _inbox.Pattern, headers, data.Length);
        ManyReplies replies = new(subject);
        TimeSpan patience = timeout ?? _options.RequestTimeout;
        long request = _inbox.Open(replies);
        try
        {
            using CancellationTokenSource timeUp = new(patience, _options.TimeProvider);
            using CancellationTokenRegistration completion =
                timeUp.Token.UnsafeRegister(static queue => ((MessageQueue)queue!).Complete(), replies.Queue);
            try
            {
                await SendRequestAsync(subject, data, headers, request, patience, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                replies.Queue.Complete();
            }

            int count = 0;
            await foreach (Message reply in replies.Queue.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return reply;
                if (++count == repliesMax)
                {
                    yield break;
                }
            }
        }
        finally
        {
            _inbox.Close(request);
        }
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

    private void CheckPublish(string subject, string? replyTo, MessageHeaders? headers, int dataBytes)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (SubjectRules.LiteralProblem(subject) is { } problem)
        {
            throw new ArgumentException($"subject '{subject}' {problem}", nameof(subject));
        }

        // The client's own inbox is right by construction; it is checked with its wildcard, which stands for the request's number.
        if (replyTo is not null && replyTo != _inbox.Pattern && SubjectRules.LiteralProblem(replyTo) is { } replyProblem)
        {
            throw new ArgumentException($"reply subject '{replyTo}' {replyProblem}", nameof(replyTo));
        }

        CheckLine(CommandEncoder.PublishLineBound(subject, replyTo), subject, replyTo);
        ServerInfo server = _session.Info;
        if (headers is not null && !server.SupportsHeaders)
        {
            throw new BusException($"the server {_session.Server} takes no headers");
        }

        long bytes = (headers?.EncodedLength() ?? 0) + (long)dataBytes;
        if (bytes > server.PayloadBytesMax)
        {
            throw new PayloadTooLargeException(bytes, server.PayloadBytesMax);
        }
    }

    private static void CheckLine(int bound, string subject, string? other)
    {
        // The bound is up to three times the length: only where it is beyond the limit the bytes are worth counting.
        if (bound > ClientLimits.ControlLineBytesMax
            && Encoding.UTF8.GetByteCount(subject) + Encoding.UTF8.GetByteCount(other ?? string.Empty) + LineRoom > ClientLimits.ControlLineBytesMax)
        {
            throw new ArgumentException(
                $"a subject of {subject.Length} characters is too long: control lines have at most {ClientLimits.ControlLineBytesMax} bytes",
                nameof(subject));
        }
    }

    private async ValueTask PublishWhenRoomAsync(
        string subject, ReadOnlyMemory<byte> data, string? replyTo, MessageHeaders? headers, CancellationToken cancellationToken)
    {
        while (!_session.Outbound.TryPublish(subject, replyTo, headers, data.Span))
        {
            await _session.Outbound.RoomAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask SendRequestAsync(
        string subject, ReadOnlyMemory<byte> data, MessageHeaders? headers, long request, TimeSpan patience, CancellationToken cancellationToken)
    {
        string replyTo = _inbox.SubjectOf(request);
        Task opened = OpenInboxAsync();
        if (opened.IsCompletedSuccessfully && _session.Outbound.TryPublish(subject, replyTo, headers, data.Span))
        {
            return;
        }

        await opened.WaitAsync(patience, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        using CancellationTokenSource timeUp = new(patience, _options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, cancellationToken);
        try
        {
            await PublishWhenRoomAsync(subject, data, replyTo, headers, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException();
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

    /// <summary>Subscribes to the inbox before the first request is published.</summary>
    private Task OpenInboxAsync()
    {
        lock (_inboxGate)
        {
            return _inboxOpened ??= TellServerAsync(
                _session.Subscriptions.Add(_inbox.Pattern, null, null, _inbox), null, CancellationToken.None);
        }
    }
}
