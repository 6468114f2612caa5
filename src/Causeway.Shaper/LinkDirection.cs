using System.Diagnostics;

namespace Causeway.Shaper;

/// <summary>One direction of a link: its conditions and counters, the same for all its connections. All may be changed at any time.</summary>
public sealed class LinkDirection
{
    private readonly LinkSchedule _schedule = new(new Random());
    private readonly Action _resumed;
    private volatile LinkConditions _conditions;
    private volatile Flow _flow;
    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _received;
    private long _delivered;
    private long _swallowed;
    private long _held;
    private long _heldPeak;

    internal LinkDirection(LinkConditions conditions, Action resumed)
    {
        conditions.Check();
        _conditions = conditions;
        _resumed = resumed;
    }

    /// <summary>What holds for bytes read from now on; those under way arrive when they would have.</summary>
    public LinkConditions Conditions
    {
        get => _conditions;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.Check();
            _conditions = value;
        }
    }

    /// <summary>
    /// Whether bytes pass. Back at <see cref="Flow.Pass"/>, connections that have lost bytes or an end are reset: their streams have
    /// holes.
    /// </summary>
    public Flow Flow
    {
        get => _flow;
        set
        {
            _flow = value;
            Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            if (value == Flow.Pass)
            {
                _resumed();
            }
        }
    }

    /// <summary>Bytes read from the senders, and so at most what has crossed the link's near end.</summary>
    public long BytesReceived => Volatile.Read(ref _received);

    /// <summary>Bytes given to the receivers' TCP.</summary>
    public long BytesDelivered => Volatile.Read(ref _delivered);

    /// <summary>Bytes dropped by <see cref="Flow.Swallow"/>.</summary>
    public long BytesSwallowed => Volatile.Read(ref _swallowed);

    /// <summary>Bytes under way and waiting now.</summary>
    public long BytesHeld => Volatile.Read(ref _held);

    /// <summary>The most that has been under way and waiting.</summary>
    public long BytesHeldPeak => Volatile.Read(ref _heldPeak);

    internal int ChunkBytes => LinkSchedule.ChunkBytes(_conditions);

    internal int ConnectionBytes => LinkSchedule.ConnectionBytes(_conditions);

    /// <summary>Takes bytes that were just read, and tells when they arrive.</summary>
    internal long Take(int bytes)
    {
        long held = Interlocked.Add(ref _held, bytes);
        long peak;
        while (held > (peak = Volatile.Read(ref _heldPeak)) && Interlocked.CompareExchange(ref _heldPeak, held, peak) != peak)
        {
        }

        return _schedule.Arrival(bytes, Stopwatch.GetTimestamp(), _conditions);
    }

    /// <summary>Counts bytes that were read.</summary>
    internal void CountReceived(int bytes) => Interlocked.Add(ref _received, bytes);

    /// <summary>Counts bytes that were delivered.</summary>
    internal void CountDelivered(int bytes) => Interlocked.Add(ref _delivered, bytes);

    /// <summary>Counts bytes that were dropped.</summary>
    internal void CountSwallowed(int bytes) => Interlocked.Add(ref _swallowed, bytes);

    /// <summary>The bytes are no longer under way.</summary>
    internal void Release(int bytes) => Interlocked.Add(ref _held, -bytes);

    /// <summary>Waits while the direction is stalled.</summary>
    internal async ValueTask WhileStalledAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task changed = _changed.Task;
            if (_flow != Flow.Stall)
            {
                return;
            }

            await changed.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until bytes pass.</summary>
    internal async ValueTask UntilPassingAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task changed = _changed.Task;
            if (_flow == Flow.Pass)
            {
                return;
            }

            await changed.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }
}
