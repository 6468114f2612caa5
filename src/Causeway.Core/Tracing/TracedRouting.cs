using System.Text;
using Causeway.Core.Clients;
using Causeway.Core.Delivery;
using Causeway.Core.Links;
using Causeway.Core.Routing;
using Causeway.Core.Subjects;

namespace Causeway.Core.Tracing;

/// <summary>
/// Routes messages and takes down where those went that are marked as sampled, at a bounded rate. Others go the same way as without it;
/// those without headers never come here. Any thread, each with its own batch.
/// </summary>
/// <param name="rate">How many are traced.</param>
/// <param name="sink">Who takes what was traced.</param>
/// <param name="time">The clock.</param>
public sealed class TracedRouting(RateLimit rate, ITraceSink sink, TimeProvider time)
{
    private const int PrefixTokens = 2;

    /// <summary>Routes a client's message; returns how many got it.</summary>
    public int Publish(ClientSession publisher, in Message message, DeliveryBatch batch)
    {
        if (!IsTraced(message, batch, out TraceContext context))
        {
            return Router.Publish(publisher, message, batch);
        }

        (DateTimeOffset at, long began, long before) = Begin(batch);
        int delivered = Router.Publish(publisher, message, batch);
        sink.Add(new MessageTrace
        {
            Context = context,
            Client = publisher.Id,
            Tenant = publisher.Tenant.Name,
            SubjectPrefix = Prefix(message),
            Bytes = message.Size,
            StartedAt = at,
            Duration = time.GetElapsedTime(began),
            Delivered = batch.Delivered - before,
            Links = End(batch),
        });
        return delivered;
    }

    /// <summary>Has <paramref name="receiver"/> take a message that came over a link.</summary>
    public void Receive(ILinkReceiver receiver, Link link, in DataFrameView frame, DeliveryBatch batch)
    {
        if (!frame.Message.HasHeaders || !IsTraced(frame.Message, batch, out TraceContext context))
        {
            receiver.OnMessage(link, frame, batch);
            return;
        }

        (DateTimeOffset at, long began, long before) = Begin(batch);
        receiver.OnMessage(link, frame, batch);
        sink.Add(new MessageTrace
        {
            Context = context,
            From = link.Peer.Name,
            FromRegion = link.Peer.Region,
            Tenant = frame.Tenant.IsEmpty ? Tenant.DefaultName : Encoding.UTF8.GetString(frame.Tenant),
            SubjectPrefix = Prefix(frame.Message),
            Bytes = frame.Message.Size,
            StartedAt = at,
            Duration = time.GetElapsedTime(began),
            Delivered = batch.Delivered - before,
            Links = End(batch),
        });
    }

    private static string Prefix(in Message message) => Encoding.UTF8.GetString(Subject.Prefix(message.Subject, PrefixTokens));

    private static (string Node, string Region)[] End(DeliveryBatch batch)
    {
        List<Link> taken = batch.TakenBy!;
        batch.TakenBy = null;
        return [.. taken.Select(link => (link.Peer.Name, link.Peer.Region))];
    }

    private bool IsTraced(in Message message, DeliveryBatch batch, out TraceContext context)
    {
        int lineEnd = message.Tail.IndexOf("\r\n"u8);
        return TraceContext.TryReadSampled(message.Tail.Slice(lineEnd + 2, message.HeaderLength), out context) && rate.TryTake(batch.NowMilliseconds);
    }

    private (DateTimeOffset At, long Began, long Before) Begin(DeliveryBatch batch)
    {
        batch.TakenBy = [];
        return (time.GetUtcNow(), time.GetTimestamp(), batch.Delivered);
    }
}
