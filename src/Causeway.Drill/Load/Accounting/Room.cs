namespace Causeway.Drill.Load.Accounting;

/// <summary>
/// A subject with those who publish to it and those who listen, and so what each listener is owed. The rule: a message counts as lost
/// if its publisher's connection was still there when it should have come, and the subscriber's connection has been there, settled,
/// since before it was published. So what a node takes with it when it is killed is not lost, being owed by nobody who lives, unless
/// later messages of the same connection have arrived: then a living node ought to have had it. Thread-safe.
/// </summary>
internal sealed class Room(string subject)
{
    private readonly Lock _gate = new();
    private readonly HashSet<MessageStream> _streams = [];
    private readonly HashSet<MessageStream> _ended = [];
    private readonly HashSet<Receiver> _receivers = [];

    /// <summary>The subject.</summary>
    public string Subject => subject;

    /// <summary>A connection begins to publish.</summary>
    public void Open(MessageStream stream)
    {
        lock (_gate)
        {
            _streams.Add(stream);
            foreach (Receiver receiver in _receivers)
            {
                receiver.Owe(stream, 0);
            }
        }
    }

    /// <summary>A publisher's connection has ended. What is on its way still counts if it comes; what does not come is owed by nobody.</summary>
    public void Close(MessageStream stream)
    {
        lock (_gate)
        {
            if (_streams.Remove(stream))
            {
                stream.End();
                _ended.Add(stream);
            }
        }
    }

    /// <summary>Whatever is published from now on is owed to <paramref name="receiver"/>.</summary>
    public void Settle(Receiver receiver)
    {
        lock (_gate)
        {
            _receivers.Add(receiver);
            foreach (MessageStream stream in _streams)
            {
                receiver.Owe(stream, stream.Sent);
            }
        }
    }

    /// <summary>A subscriber's connection has ended.</summary>
    public void Leave(Receiver receiver)
    {
        lock (_gate)
        {
            _receivers.Remove(receiver);
        }
    }

    /// <summary>Forgets the streams that had ended when this was called last: nothing of them is on its way any more.</summary>
    public void Sweep(List<MessageStream> endedBefore)
    {
        lock (_gate)
        {
            foreach (MessageStream stream in endedBefore.Where(_ended.Remove))
            {
                foreach (Receiver receiver in _receivers)
                {
                    receiver.Forget(stream.Id);
                }
            }

            endedBefore.Clear();
            endedBefore.AddRange(_ended);
        }
    }

    /// <summary>What every subscriber is owed by now: each with each stream that goes on, and the number up to which.</summary>
    public IReadOnlyList<Debt> Debts()
    {
        lock (_gate)
        {
            return [.. _streams.SelectMany(stream => _receivers.Select(receiver => new Debt(receiver, stream, stream.Sent)))];
        }
    }

    /// <summary>True if there is nothing left to wait for: it has all come, or one of the two connections has ended.</summary>
    public bool IsPaid(Debt debt)
    {
        lock (_gate)
        {
            return !_streams.Contains(debt.Stream) || !_receivers.Contains(debt.Receiver) || debt.Receiver.HasAll(debt.Stream.Id, debt.Number);
        }
    }
}

/// <summary>What a subscriber is owed of a stream: all before a number. Immutable.</summary>
internal readonly record struct Debt(Receiver Receiver, MessageStream Stream, long Number);
