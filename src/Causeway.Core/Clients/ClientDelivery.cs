using System.Runtime.CompilerServices;
using Causeway.Core.Delivery;
using Causeway.Core.Routing;
using Causeway.Core.Subscriptions;

namespace Causeway.Core.Clients;

/// <summary>Puts messages into one client's outbound queue. Any thread.</summary>
internal sealed class ClientDelivery(ClientSession client, ClientAccess access, Limits limits)
{
    private readonly OutboundQueue _queue = client.Outbound;

    /// <summary>The limits that hold for the client.</summary>
    public Limits Limits { get; set; } = limits;

    /// <summary>Messages delivered.</summary>
    public long Messages { get; private set; }

    /// <summary>Bytes of headers and payload delivered.</summary>
    public long Bytes { get; private set; }

    /// <summary>
    /// Puts <paramref name="message"/> into the outbound queue for <paramref name="subscription"/>; false if it can't have it: it is denied
    /// to the client, the client is going, the subscription is over, or the client is too slow, which ends it.
    /// </summary>
    public bool Deliver(Subscription subscription, in Message message, DeliveryBatch batch)
    {
        if (subscription.IsFiltered && !access.MayReceive(message.Subject))
        {
            return false;
        }

        OutboundQueue queue = _queue;
        CloseReason fault;
        bool flush = false;
        bool over;
        long pending;
        lock (queue.Gate)
        {
            if (queue.IsClosed || subscription.IsOver)
            {
                return false;
            }

            fault = Append(subscription, message, batch);
            if (fault != CloseReason.None)
            {
                // Within the lock: behind a message that was left out, or is there in part, nothing may come.
                queue.Close();
            }
            else
            {
                Messages++;
                Bytes += message.Size;
                subscription.Delivered++;
                flush = queue.MarkAppended();
                if (message.ReplyLength > 0 && access.NotesReplies)
                {
                    access.NoteReply(message.Reply, batch.NowMilliseconds);
                }
            }

            over = subscription.IsOver;
            pending = queue.PendingBytes;
        }

        if (fault != CloseReason.None)
        {
            client.Transport.Close(fault);
            return false;
        }

        batch.Delivered++;
        if (batch.Transcript is { } transcript)
        {
            transcript.Sent(client, LineOf(subscription, message, batch).Head());
        }

        if (flush)
        {
            batch.Touch(client.Transport);
        }

        if (pending > Limits.PausePendingBytes)
        {
            batch.Lagging = queue;
        }

        if (over)
        {
            client.Subscriptions.End(subscription);
        }

        return true;
    }

    private CloseReason Append(Subscription subscription, in Message message, DeliveryBatch batch)
    {
        MessageLine line = LineOf(subscription, message, batch);
        return !_queue.HasRoomFor(line.Length, Limits.MaxPendingBytes) ? CloseReason.SlowConsumerPendingBytes
            : line.TryAppendTo(_queue) ? CloseReason.None : CloseReason.SlowConsumerMemory;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private MessageLine LineOf(Subscription subscription, in Message message, DeliveryBatch batch)
    {
        bool headers = message.HasHeaders && client.Options.Headers;
        ReadOnlySpan<byte> tail = message.HasHeaders && !headers ? batch.Rewriter.WithoutHeaders(message) : message.Tail;
        return subscription.IsPattern
            ? new MessageLine(headers, message.Subject, subscription.SidField, tail)
            : new MessageLine(headers, default, subscription.SubjectAndSid, tail);
    }
}
