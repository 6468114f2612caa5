namespace Causeway.Client.Connections;

/// <summary>
/// The pings that wait for their pongs, in stream order, each with its place in the outgoing stream. That place tells after a lost
/// connection which pings went with it and which are still to be sent. Not safe for several threads: its owner locks.
/// </summary>
internal sealed class PongQueue
{
    private readonly Queue<(TaskCompletionSource? Waiter, long Place)> _pings = new();

    public int Count => _pings.Count;

    /// <param name="waiter">Whom to tell; null for a ping that only keeps the connection alive.</param>
    /// <param name="place">How many bytes were appended to the stream, this ping included.</param>
    public void Add(TaskCompletionSource? waiter, long place) => _pings.Enqueue((waiter, place));

    /// <summary>Takes the ping that a pong answers; null where nobody waits.</summary>
    public TaskCompletionSource? Take() => _pings.TryDequeue(out (TaskCompletionSource? Waiter, long Place) ping) ? ping.Waiter : null;

    /// <summary>Takes the waiters of all pings that end at or before <paramref name="place"/>.</summary>
    public List<TaskCompletionSource> TakeUpTo(long place)
    {
        List<TaskCompletionSource> waiters = [];
        while (_pings.TryPeek(out (TaskCompletionSource? Waiter, long Place) ping) && ping.Place <= place)
        {
            _pings.Dequeue();
            if (ping.Waiter is not null)
            {
                waiters.Add(ping.Waiter);
            }
        }

        return waiters;
    }
}
