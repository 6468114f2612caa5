using System.Diagnostics;
using Causeway.Client.Connections;
using Causeway.Client.Delivery;
using Causeway.Client.Protocol;
using Causeway.Client.Telemetry;

namespace Causeway.Client;

/// <summary>
/// An open subscription: enumerate it to get its messages, dispose it to end it. It survives reconnects; messages published
/// while there is no connection are lost (delivery is at most once).
/// </summary>
/// <remarks>
/// One reader at a time; all else may be called from any thread. What waits for the reader is bounded by
/// <see cref="SubscribeOptions.PendingMessagesMax"/> and <see cref="SubscribeOptions.PendingBytesMax"/>; beyond, messages are dropped
/// by <see cref="SubscribeOptions.SlowConsumer"/>, counted in <see cref="DroppedMessages"/> and told by <see cref="ClientEvent.SlowConsumer"/>.
/// </remarks>
public sealed class Subscription : IAsyncEnumerable<Message>, IAsyncDisposable, IMessageSink
{
    private readonly BusClient _client;
    private readonly Session _session;
    private readonly MessageFactory _messages;
    private readonly MessageQueue _queue;
    private readonly SubscriptionEntry _entry;

    internal Subscription(BusClient client, Session session, string subject, SubscribeOptions options)
    {
        _client = client;
        _session = session;
        _messages = new MessageFactory(client, subject);
        _queue = new MessageQueue(options.PendingMessagesMax, options.PendingBytesMax, options.SlowConsumer);
        Subject = subject;
        QueueGroup = options.QueueGroup;
        _entry = session.Subscriptions.Add(subject, options.QueueGroup, options.MessagesMax, this);
    }

    /// <summary>What is subscribed to.</summary>
    public string Subject { get; }

    /// <summary>The queue group; null for none.</summary>
    public string? QueueGroup { get; }

    /// <summary>Messages that wait for the reader.</summary>
    public int PendingMessages => _queue.Pending.Messages;

    /// <summary>Bytes that wait for the reader.</summary>
    public long PendingBytes => _queue.Pending.Bytes;

    /// <summary>Messages dropped so far because the reader was too slow.</summary>
    public long DroppedMessages => _queue.Pending.Dropped;

    internal SubscriptionEntry Entry => _entry;

    internal Task Finished => _queue.Finished;

    /// <summary>The messages, until the subscription ends. Leaving the enumeration early does not end the subscription.</summary>
    /// <exception cref="InvalidOperationException">Another enumeration is going on.</exception>
    /// <exception cref="ServerErrorException">The server refused the subscription.</exception>
    /// <exception cref="BusConnectionException">The connection was lost for good.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IAsyncEnumerator<Message> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        _queue.ReadAllAsync(cancellationToken).GetAsyncEnumerator(CancellationToken.None);

    /// <summary>
    /// Calls <paramref name="handle"/> for one message after the other, until the subscription ends, each within an activity of the trace that
    /// the message's headers name, so that what the handler publishes belongs to it too.
    /// </summary>
    /// <param name="handle">What is done with a message. What it throws ends the processing, and its activity has it as the error.</param>
    /// <param name="cancellationToken">Ends the wait for messages, and is handed to <paramref name="handle"/>.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task ProcessAsync(Func<Message, CancellationToken, ValueTask> handle, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handle);
        await foreach (Message message in _queue.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            using Activity? activity = ClientTelemetry.StartProcess(_client, message, this);
            try
            {
                await handle(message, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                ClientTelemetry.Failed(activity, failure);
                throw;
            }
        }
    }

    /// <summary>
    /// Ends the subscription without losing what the server has sent already: the enumeration goes on to the last message and
    /// then ends. Completes when the reader is through, or at once where there is no reader.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; the subscription is ended then too, without waiting.</exception>
    public async Task DrainAsync(CancellationToken cancellationToken = default)
    {
        _session.BeginDrain(_entry);
        try
        {
            await _session.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception lost) when (lost is BusConnectionException or ObjectDisposedException)
        {
            // Without the connection there is nothing on its way any more.
        }
        finally
        {
            _session.Detach(_entry);
            _queue.Complete();
        }

        await Finished.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the subscription at once. Messages that wait for the reader are discarded.</summary>
    public ValueTask DisposeAsync()
    {
        _session.Detach(_entry);
        _queue.Complete(discard: true);
        return ValueTask.CompletedTask;
    }

    void IMessageSink.Deliver(in InboundMessage message)
    {
        if (_queue.Add(_messages.Create(message), out bool dropped))
        {
            _session.Notify(new ClientEvent.SlowConsumer(this));
        }

        if (dropped)
        {
            ClientTelemetry.Dropped(_session.Server);
        }
    }

    void IMessageSink.Delivered() => _queue.Wake();

    void IMessageSink.End(Exception? error) => _queue.Complete(error);

}
