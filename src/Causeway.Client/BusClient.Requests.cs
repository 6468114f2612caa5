using System.Runtime.CompilerServices;
using Causeway.Client.Connections;
using Causeway.Client.Delivery;
using Causeway.Client.Telemetry;

namespace Causeway.Client;

/// <summary>Requests and their replies.</summary>
public sealed partial class BusClient
{
    private readonly ReplyInbox _inbox;
    private readonly Lock _inboxGate = new();
    private volatile Task? _inboxOpened;

    /// <summary>Publishes a request and waits for the first reply.</summary>
    /// <param name="subject">Where to; no wildcards.</param>
    /// <param name="data">The payload.</param>
    /// <param name="headers">The headers; null for none.</param>
    /// <param name="timeout">How long to wait; null for <see cref="BusClientOptions.RequestTimeout"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NoRespondersException">Nobody subscribes to the subject.</exception>
    /// <exception cref="ServerErrorException">The client may not publish there, or not subscribe to its inbox.</exception>
    /// <exception cref="TimeoutException">No reply came in time.</exception>
    /// <exception cref="BusException">As <see cref="PublishAsync"/>, or too many requests wait.</exception>
    public Task<Message> RequestAsync(
        string subject,
        ReadOnlyMemory<byte> data = default,
        MessageHeaders? headers = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default) =>
        ClientTelemetry.IsObserved
            ? RequestObservedAsync(subject, data, headers, timeout, cancellationToken)
            : RequestPlainAsync(subject, data, headers, timeout, cancellationToken);

    /// <summary>Publishes a request and gives all replies that come in time, for requests that several answer.</summary>
    /// <param name="subject">Where to; no wildcards.</param>
    /// <param name="data">The payload.</param>
    /// <param name="headers">The headers; null for none.</param>
    /// <param name="repliesMax">Ends after this many replies; null to gather until the time is up. At least 1.</param>
    /// <param name="timeout">How long to gather in all; null for <see cref="BusClientOptions.RequestTimeout"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The replies; the enumeration ends without error when the time is up.</returns>
    /// <exception cref="NoRespondersException">Nobody subscribes to the subject.</exception>
    /// <exception cref="ServerErrorException">The client may not publish there, or not subscribe to its inbox.</exception>
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
        headers = ClientTelemetry.IsTracing ? ClientTelemetry.Inject(this, headers, data.Length) : headers;
        PublishRules.Check(_session, subject, _inbox.Pattern, headers, data.Length, isOwnInbox: true);
        ManyReplies replies = new(this, subject);
        TimeSpan patience = timeout ?? _options.RequestTimeout;
        long request = _inbox.Open(replies);
        try
        {
            using CancellationTokenSource timeUp = new(patience, _options.TimeProvider);
            using CancellationTokenRegistration completion =
                timeUp.Token.UnsafeRegister(static queue => ((MessageQueue)queue!).Complete(), replies.Queue);
            try
            {
                await SendRequestAsync(subject, data, headers, _inbox.SubjectOf(request), patience, cancellationToken).ConfigureAwait(false);
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

    private async Task<Message> RequestObservedAsync(
        string subject, ReadOnlyMemory<byte> data, MessageHeaders? headers, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        using SendObservation observation = new(this, subject, data.Length, isRequest: true);
        try
        {
            headers = ClientTelemetry.Inject(this, headers, data.Length);
            return await RequestPlainAsync(subject, data, headers, timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            observation.Failed(failure);
            throw;
        }
    }

    /// <summary>
    /// The usual case has no state machine and no timer of its own: the inbox completes the task that is returned, also when time is up.
    /// </summary>
    private Task<Message> RequestPlainAsync(
        string subject, ReadOnlyMemory<byte> data, MessageHeaders? headers, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        SingleReply? reply = null;
        try
        {
            PublishRules.Check(_session, subject, _inbox.Pattern, headers, data.Length, isOwnInbox: true);
            TimeSpan patience = timeout ?? _options.RequestTimeout;
            reply = _inbox.Open(subject, patience);
            if (!cancellationToken.CanBeCanceled
                && _inboxOpened is { IsCompletedSuccessfully: true }
                && _session.Outbound.TryPublish(subject, reply.ReplyTo, headers, data.Span))
            {
                return reply.Task;
            }

            return RequestSlowlyAsync(reply, data, headers, cancellationToken);
        }
#pragma warning disable CA1031 // All that is wrong is told by the task.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (reply is not null)
            {
                _inbox.Close(reply);
            }

            return Task.FromException<Message>(failure);
        }
    }

    private async Task<Message> RequestSlowlyAsync(
        SingleReply reply, ReadOnlyMemory<byte> data, MessageHeaders? headers, CancellationToken cancellationToken)
    {
        try
        {
            await SendRequestAsync(reply.Subject, data, headers, reply.ReplyTo, reply.Patience, cancellationToken).ConfigureAwait(false);
            return await reply.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw reply.TimeUp();
        }
        finally
        {
            _inbox.Close(reply);
            // Time may have been up for the reply as well, of which nobody else takes note.
            _ = reply.Task.Exception;
        }
    }

    private async ValueTask SendRequestAsync(
        string subject, ReadOnlyMemory<byte> data, MessageHeaders? headers, string replyTo, TimeSpan patience, CancellationToken cancellationToken)
    {
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
            await _session.Outbound.PublishAsync(subject, data, replyTo, headers, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException();
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
