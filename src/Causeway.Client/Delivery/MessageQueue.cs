using Causeway.Client.Threading;

namespace Causeway.Client.Delivery;

/// <summary>
/// The messages of one subscription that wait for its reader, bounded by count and bytes. The link's reader adds, one consumer takes.
/// </summary>
/// <remarks>
/// The consumer takes all that waits at once and hands it on without the lock, so that the two meet once for many messages. What it has taken and not
/// handed on counts as waiting. Where the oldest messages are to be dropped it takes them one by one: taken ones could not be dropped.
/// </remarks>
internal sealed class MessageQueue(int messagesMax, long bytesMax, SlowConsumerPolicy policy)
{
    // A queue that once was longer than this gives its memory back when it has run empty.
    private const int KeptCapacityMax = 4096;

    private readonly Lock _gate = new();
    private readonly Batch _batch = new();
    private readonly AsyncSignal _readable = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Queue<Message> _messages = new();
    private long _bytes;
    private int _batchMessages;
    private long _batchBytes;
    private long _dropped;
    private bool _slow;
    private bool _reading;
    private bool _completed;
    private volatile bool _discarded;
    private Exception? _error;

    /// <summary>How many messages and bytes wait, and how many messages have been dropped so far.</summary>
    public (int Messages, long Bytes, long Dropped) Pending
    {
        get
        {
            lock (_gate)
            {
                return _discarded ? (0, 0, _dropped) : (_messages.Count + _batch.MessagesLeft, _bytes + _batch.BytesLeft, _dropped);
            }
        }
    }

    /// <summary>Completes when no reader has anything left to do: it saw the end, or there was none when the queue was completed.</summary>
    public Task Finished => _finished.Task;

    /// <summary>Adds a message as the other method does, and wakes the reader.</summary>
    public bool Add(in Message message)
    {
        bool begins = Add(message, out _);
        Wake();
        return begins;
    }

    /// <summary>
    /// Adds a message, or drops one. True where dropping begins: until the reader catches up, further drops give false. The reader learns of
    /// it by <see cref="Wake"/>.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="dropped">Whether this or another message was dropped.</param>
    public bool Add(in Message message, out bool dropped)
    {
        dropped = false;
        long size = SizeOf(message);
        lock (_gate)
        {
            if (_completed)
            {
                return false;
            }

            bool full = IsFullFor(size);
            bool begins = full && !_slow;
            dropped = full;
            if (full)
            {
                _slow = true;
                if (policy == SlowConsumerPolicy.DropNewest)
                {
                    _dropped++;
                    return begins;
                }

                do
                {
                    _dropped++;
                    _bytes -= SizeOf(_messages.Dequeue());
                }
                while (IsFullFor(size));
            }

            _messages.Enqueue(message);
            _bytes += size;
            return begins;
        }
    }

    /// <summary>Tells the reader, if it waits, that messages were added.</summary>
    public void Wake() => _readable.Set();

    /// <summary>Nothing is added any more. What waits can still be taken, unless it is discarded; then the reader gets the error.</summary>
    public void Complete(Exception? error = null, bool discard = false)
    {
        lock (_gate)
        {
            if (!_completed)
            {
                _completed = true;
                _error = error;
            }

            if (discard)
            {
                _discarded = true;
                _messages.Clear();
                _bytes = 0;
            }

            if (!_reading)
            {
                DropDiscarded();
                _finished.TrySetResult();
            }
        }

        _readable.Set();
    }

    /// <summary>Takes messages as they come until the end. One reader at a time.</summary>
    public IAsyncEnumerable<Message> ReadAllAsync(CancellationToken cancellationToken) => new MessageReader(this, cancellationToken);

    /// <summary>For the reader: takes the next message, false where none waits.</summary>
    public bool TryTake(out Message message)
    {
        if (_discarded)
        {
            message = default;
            return false;
        }

        if (!_batch.TryTake(out message))
        {
            return TryTakeFromGate(out message);
        }

        if (_batch.MessagesLeft == 0)
        {
            lock (_gate)
            {
                _batchMessages = 0;
                _batchBytes = 0;
                CatchUp();
            }
        }

        return true;
    }

    /// <summary>For the reader: whether no message will come any more, and why.</summary>
    public bool IsAtEnd(out Exception? error)
    {
        lock (_gate)
        {
            error = _error;
            return _completed && _messages.Count == 0;
        }
    }

    /// <summary>For the reader: completes when there may be something to take.</summary>
    public ValueTask ReadableAsync() => _readable.WaitAsync();

    /// <exception cref="InvalidOperationException">Another reader is reading.</exception>
    public void BeginReading()
    {
        lock (_gate)
        {
            if (_reading)
            {
                throw new InvalidOperationException("a subscription can be read by one reader at a time");
            }

            _reading = true;
        }
    }

    public void EndReading()
    {
        lock (_gate)
        {
            _reading = false;
            DropDiscarded();
            if (_completed)
            {
                _finished.TrySetResult();
            }
        }
    }

    /// <summary>Lets go of what a reader took that is not there any more. Under the gate.</summary>
    private void DropDiscarded()
    {
        if (_discarded)
        {
            _batch.Fill(new Queue<Message>(), 0);
        }
    }

    private bool TryTakeFromGate(out Message message)
    {
        lock (_gate)
        {
            if (_messages.Count <= 1 || policy == SlowConsumerPolicy.DropOldest)
            {
                if (!_messages.TryDequeue(out message))
                {
                    return false;
                }

                _bytes -= SizeOf(message);
                CatchUp();
                return true;
            }

            _batchMessages = _messages.Count;
            _batchBytes = _bytes;
            _messages = _batch.Fill(_messages, _bytes);
            _bytes = 0;
        }

        return _batch.TryTake(out message);
    }

    /// <summary>If nothing waits any more: the reader is not slow any more, and memory that was needed for long is given back.</summary>
    private void CatchUp()
    {
        if (_messages.Count > 0)
        {
            return;
        }

        _slow = false;
        if (_messages.Capacity > KeptCapacityMax)
        {
            _messages.TrimExcess();
        }

        _batch.Trim(KeptCapacityMax);
    }

    private static long SizeOf(in Message message) => message.Subject.Length + message.Data.Length + message.HeaderBytes;

    private bool IsFullFor(long size)
    {
        // What the batch held at first is cheaper to know than what is left of it, which the reader changes all the time.
        if (_messages.Count + _batchMessages < messagesMax && _bytes + _batchBytes + size <= bytesMax)
        {
            return false;
        }

        int held = _messages.Count + _batch.MessagesLeft;
        return held > 0 && (held >= messagesMax || _bytes + _batch.BytesLeft + size > bytesMax);
    }

    /// <summary>What the reader has taken. Only its numbers may be read by others.</summary>
    private sealed class Batch
    {
        private Queue<Message> _taken = new();
        private int _messagesLeft;
        private long _bytesLeft;

        public int MessagesLeft => Volatile.Read(ref _messagesLeft);

        public long BytesLeft => Volatile.Read(ref _bytesLeft);

        /// <summary>Takes all of a queue, and gives an empty one in its place.</summary>
        public Queue<Message> Fill(Queue<Message> messages, long bytes)
        {
            Queue<Message> empty = _taken;
            _taken = messages;
            Volatile.Write(ref _messagesLeft, messages.Count);
            Volatile.Write(ref _bytesLeft, bytes);
            return empty;
        }

        public bool TryTake(out Message message)
        {
            if (!_taken.TryDequeue(out message))
            {
                return false;
            }

            Volatile.Write(ref _bytesLeft, _bytesLeft - SizeOf(message));
            Volatile.Write(ref _messagesLeft, _taken.Count);
            return true;
        }

        public void Trim(int keptCapacityMax)
        {
            if (_taken.Capacity > keptCapacityMax)
            {
                _taken.TrimExcess();
            }
        }
    }
}
