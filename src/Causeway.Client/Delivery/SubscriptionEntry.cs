namespace Causeway.Client.Delivery;

/// <summary>A subscription as the server knows it. <see cref="Received"/> is for the link's reader, the rest for any thread.</summary>
internal sealed class SubscriptionEntry(long sid, string subject, string? queueGroup, long? messagesMax, IMessageSink sink)
{
    private long _received;
    private volatile bool _draining;
    private volatile bool _removed;

    public long Sid => sid;

    public string Subject => subject;

    public string? QueueGroup => queueGroup;

    public IMessageSink Sink => sink;

    /// <summary>Messages still to come before the subscription ends by itself; null for no end.</summary>
    public long? Remaining => messagesMax - Volatile.Read(ref _received);

    /// <summary>The server was told to end the subscription: a new link does not renew it.</summary>
    public bool Draining
    {
        get => _draining;
        set => _draining = value;
    }

    /// <summary>Whether it is out of the table for good.</summary>
    public bool IsRemoved => _removed;

    /// <summary>Whether its sink has got messages that it has not been told the end of. For the link's reader.</summary>
    public bool IsDelivering { get; set; }

    public void MarkRemoved() => _removed = true;

    /// <summary>Counts a message; true where it is the last.</summary>
    public bool Received()
    {
        long received = _received + 1;
        Volatile.Write(ref _received, received);
        return received == messagesMax;
    }
}
