using Causeway.Client.Connections;
using Causeway.Client.Delivery;

namespace Causeway.Client;

/// <summary>What parts of the client with queues of their own stand on: messages given to them by the reader, without a queue between.</summary>
public sealed partial class BusClient
{
    /// <summary>Subscribes with a sink that is called by the link's reader and must not block.</summary>
    internal async ValueTask<SubscriptionEntry> AttachAsync(
        string subject, string? queueGroup, IMessageSink sink, CancellationToken cancellationToken)
    {
        SubscriptionEntry entry = _session.Subscriptions.Add(subject, queueGroup, null, sink);
        await TellServerAsync(entry, null, cancellationToken).ConfigureAwait(false);
        return entry;
    }

    /// <summary>Ends what <see cref="AttachAsync"/> began; the sink may still be called for what is on its way.</summary>
    internal void Detach(SubscriptionEntry entry)
    {
        if (_session.Subscriptions.Remove(entry) && !entry.Draining)
        {
            _session.Outbound.Unsubscribe(entry.Sid);
        }
    }

    /// <summary>Asks the server to send no more to the sink; it is given what was sent before, up to the end of a flush, and until it is detached.</summary>
    internal void BeginDrain(SubscriptionEntry entry)
    {
        if (!entry.Draining)
        {
            entry.Draining = true;
            _session.Outbound.Unsubscribe(entry.Sid);
        }
    }

    /// <summary>Publishes with a header block that is ready, on subjects that are right by construction; false where it would wait for room.</summary>
    internal bool TryPublishBlock(string subject, string? replyTo, ReadOnlySpan<byte> headerBlock, ReadOnlySpan<byte> data)
    {
        PublishRules.CheckSize(_session, headerBlock.Length, data.Length);
        return _session.Outbound.TryPublishBlock(subject, replyTo, headerBlock, data);
    }

    /// <summary>Completes when publishing may find room again, and at once where the client is closed.</summary>
    internal Task RoomAsync(CancellationToken cancellationToken) => _session.Outbound.RoomAsync(cancellationToken);
}
