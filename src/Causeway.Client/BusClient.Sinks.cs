using Causeway.Client.Connections;
using Causeway.Client.Delivery;

namespace Causeway.Client;

/// <summary>What parts of the client with queues of their own stand on: messages given to them by the reader, without a queue between.</summary>
public sealed partial class BusClient
{
    /// <summary>The server let the client not publish on a subject. Raised by the link's reader; handlers must not block.</summary>
    internal event Action<string, BusException> PublishRefused
    {
        add => _session.PublishRefused += value;
        remove => _session.PublishRefused -= value;
    }

    /// <summary>Subscribes with a sink that is called by the link's reader and must not block.</summary>
    internal async ValueTask<SubscriptionEntry> AttachAsync(
        string subject, string? queueGroup, IMessageSink sink, CancellationToken cancellationToken)
    {
        SubscriptionEntry entry = _session.Subscriptions.Add(subject, queueGroup, null, sink);
        await TellServerAsync(entry, null, cancellationToken).ConfigureAwait(false);
        return entry;
    }

    /// <summary>Asks the server to send a sink no more; what it sent before still arrives until a flush says so.</summary>
    internal void BeginDrain(SubscriptionEntry entry) => _session.BeginDrain(entry);

    /// <summary>Ends what <see cref="AttachAsync"/> began; the sink may still be called for what is on its way.</summary>
    internal void Detach(SubscriptionEntry entry) => _session.Detach(entry);

    /// <summary>Publishes with a header block that is ready, on subjects that are right by construction; false where it would wait for room.</summary>
    internal bool TryPublishBlock(string subject, string? replyTo, ReadOnlySpan<byte> headerBlock, ReadOnlySpan<byte> data)
    {
        PublishRules.CheckSize(_session, headerBlock.Length, data.Length);
        return _session.Outbound.TryPublishBlock(subject, replyTo, headerBlock, data);
    }

    /// <summary>Completes when publishing may find room again, and at once where the client is closed.</summary>
    internal Task RoomAsync(CancellationToken cancellationToken) => _session.Outbound.RoomAsync(cancellationToken);
}
