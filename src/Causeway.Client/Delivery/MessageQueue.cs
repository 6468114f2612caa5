using System.Runtime.CompilerServices;
using Causeway.Client.Threading;

namespace Causeway.Client.Delivery;

/// <summary>
/// The messages of one subscription that wait for its reader, bounded by count and bytes. The link's reader adds, one consumer takes.
/// </summary>
internal sealed class MessageQueue(int messagesMax, long bytesMax, SlowConsumerPolicy policy)
{
    // A queue that once was longer than this gives its memory back when it has run empty.
    private const int KeptCapacityMax = 4096;

    private readonly Lock _gate = new();
    private readonly Queue<Message> _messages = new();
    private readonly AsyncSignal _readable = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytes;
    private long _dropped;
    private bool _slow;
    private bool _reading;
    private bool _completed;
    private Exception? _error;

    /// <summary>How many messages and bytes wait, and how many messages have been dropped so far.</summary>
    public (int Messages, long Bytes, long Dropped) Pending
    {
        get
        {
            lock (_gate)
            {
                return (_messages.Count, _bytes, _dropped);
            }
        }
    }

    /// <summary>Completes when no reader has anything left to do: it saw the end, or there was none when the queue was completed.</summary>
    public Task Finished => _finished.Task;

    /// <summary>Adds a message, or drops one. True where dropping begins: until the reader catches up, further drops give false.</summary>
    public bool Add(in Message message)
    {
        long size = SizeOf(message);
        lock (_gate)
        {
            if (_completed)
            {
                return false;
            }

            bool full = IsFullFor(size);
            bool begins = full && !_slow;
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
            if (_messages.Count == 1)
            {
                _readable.Set();
            }

            return begins;
        }
    }

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
                _messages.Clear();
                _bytes = 0;
            }

            if (!_reading)
            {
                _finished.TrySetResult();
            }
        }

        _readable.Set();
    }

    /// <summary>Takes messages as they come until the end. One reader at a time.</summary>
    public async IAsyncEnumerable<Message> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BeginReading();
        try
        {
            using CancellationTokenRegistration registration =
                cancellationToken.UnsafeRegister(static queue => ((MessageQueue)queue!)._readable.Set(), this);
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (TryTake(out Message message))
                {
                    yield return message;
                }
                else if (IsAtEnd(out Exception? error))
                {
                    if (error is not null)
                    {
                        throw error;
                    }

                    yield break;
                }
                else
                {
                    await _readable.WaitAsync().ConfigureAwait(false);
                }
            }
        }
        finally
        {
            EndReading();
        }
    }

    private bool TryTake(out Message message)
    {
        lock (_gate)
        {
            if (!_messages.TryDequeue(out message))
            {
                return false;
            }

            _bytes -= SizeOf(message);
            if (_messages.Count == 0)
            {
                _slow = false;
                if (_messages.Capacity > KeptCapacityMax)
                {
                    _messages.TrimExcess();
                }
            }

            return true;
        }
    }

    private bool IsAtEnd(out Exception? error)
    {
        lock (_gate)
        {
            error = _error;
            return _completed && _messages.Count == 0;
        }
    }

    private void BeginReading()
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

    private void EndReading()
    {
        lock (_gate)
        {
            _reading = false;
            if (_completed)
            {
                _finished.TrySetResult();
            }
        }
    }

    private static long SizeOf(in Message message) => message.Subject.Length + message.Data.Length + message.HeaderBytes;

    private bool IsFullFor(long size) => _messages.Count > 0 && (_messages.Count >= messagesMax || _bytes + size > bytesMax);
}
