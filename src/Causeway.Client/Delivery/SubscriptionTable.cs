using System.Collections.Concurrent;
using Causeway.Client.Protocol;

namespace Causeway.Client.Delivery;

/// <summary>All subscriptions of a client by their number: finds the one a message is for, and what to renew on a new link.</summary>
internal sealed class SubscriptionTable
{
    private readonly ConcurrentDictionary<long, SubscriptionEntry> _entries = new();
    private readonly List<SubscriptionEntry> _delivering = [];
    private SubscriptionEntry? _latest;
    private long _lastSid;

    public int Count => _entries.Count;

    public SubscriptionEntry Add(string subject, string? queueGroup, long? messagesMax, IMessageSink sink)
    {
        SubscriptionEntry entry = new(Interlocked.Increment(ref _lastSid), subject, queueGroup, messagesMax, sink);
        _entries[entry.Sid] = entry;
        return entry;
    }

    /// <summary>Takes a subscription out; false where it was out already.</summary>
    public bool Remove(SubscriptionEntry entry)
    {
        entry.MarkRemoved();
        return _entries.TryRemove(entry.Sid, out _);
    }

    /// <summary>Delivers a message. Messages for subscriptions that just ended are still on their way at times; they are dropped.</summary>
    public void Deliver(in InboundMessage message)
    {
        // Messages of one subscription often come in a row.
        SubscriptionEntry? entry = _latest;
        if (entry is null || entry.Sid != message.Sid || entry.IsRemoved)
        {
            if (!_entries.TryGetValue(message.Sid, out entry))
            {
                return;
            }

            _latest = entry;
        }

        if (!entry.IsDelivering)
        {
            entry.IsDelivering = true;
            _delivering.Add(entry);
        }

        bool last = entry.Received();
        entry.Sink.Deliver(message);
        if (last && Remove(entry))
        {
            entry.Sink.End(null);
        }
    }

    /// <summary>All that was received together is delivered: tells the sinks. For the link's reader, as <see cref="Deliver"/> is.</summary>
    public void Delivered()
    {
        foreach (SubscriptionEntry entry in _delivering)
        {
            entry.IsDelivering = false;
            entry.Sink.Delivered();
        }

        _delivering.Clear();
    }

    /// <summary>The subscriptions that a new link renews.</summary>
    public IEnumerable<SubscriptionEntry> Renewable() => _entries.Values.Where(entry => !entry.Draining);

    /// <summary>What takes the messages, of the given kind.</summary>
    public IEnumerable<TSink> Sinks<TSink>() => _entries.Values.Select(entry => entry.Sink).OfType<TSink>();

    /// <summary>Ends the subscriptions that the server refused; it names them by subject and queue group only.</summary>
    public void Refuse(string subject, string? queueGroup, BusException error)
    {
        foreach (SubscriptionEntry entry in _entries.Values)
        {
            if (entry.Subject == subject && entry.QueueGroup == queueGroup && Remove(entry))
            {
                entry.Sink.End(error);
            }
        }
    }

    public void EndAll(Exception? error)
    {
        foreach (SubscriptionEntry entry in _entries.Values)
        {
            if (Remove(entry))
            {
                entry.Sink.End(error);
            }
        }
    }
}
