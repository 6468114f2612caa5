using System.Collections.Concurrent;

namespace Causeway.Bus.Transport;

/// <summary>What other threads ask an event loop to do, and the descriptor that wakes it for that.</summary>
internal sealed class Mailbox : IDisposable
{
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly Lock _wakeLock = new();
    private int _wakeFd = Libc.EventFd();
    private int _wakePending;
    private bool _isOver;

    /// <summary>Readable once something was posted.</summary>
    public int Fd => _wakeFd;

    public bool IsEmpty => _posted.IsEmpty;

    /// <summary>Leaves <paramref name="action"/> for the loop, and wakes it if asked to. Any thread.</summary>
    public void Post(Action action, bool wake)
    {
        _posted.Enqueue(action);
        if (wake && Interlocked.Exchange(ref _wakePending, 1) == 0)
        {
            Wake();
        }
    }

    /// <summary>
    /// Has the loop do <paramref name="action"/> and tells when it is done; the task fails with <see cref="ObjectDisposedException"/> if nobody
    /// is left to do it. Any other thread.
    /// </summary>
    public Task InvokeAsync(Action action)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(
            () =>
            {
                try
                {
                    action();
                    done.TrySetResult();
                }
                catch (Exception fault) when (fault is not OutOfMemoryException)
                {
                    done.TrySetException(fault);
                }
            },
            wake: true);

        // A full fence: who posts behind the last look at the queue must see that it was the last.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isOver))
        {
            done.TrySetException(new ObjectDisposedException("the event loop"));
        }

        return done.Task;
    }

    /// <summary>Takes note of having been woken. On the loop's thread.</summary>
    public unsafe void OnWoken()
    {
        ulong value;
        _ = Libc.Read(_wakeFd, &value, sizeof(ulong));
        // A full fence: what was posted by one who still saw the 1 must be seen by the look at the queue that follows.
        Interlocked.Exchange(ref _wakePending, 0);
    }

    /// <summary>Does all that was posted. On the loop's thread.</summary>
    public void DoAll()
    {
        while (_posted.TryDequeue(out Action? action))
        {
            action();
        }
    }

    /// <summary>Does what is left, once the loop has stopped. What is posted later is never done.</summary>
    public void End()
    {
        Volatile.Write(ref _isOver, true);
        Interlocked.MemoryBarrier();
        DoAll();
    }

    public void Dispose()
    {
        lock (_wakeLock)
        {
            _ = Libc.Close(_wakeFd);
            _wakeFd = -1;
        }
    }

    private unsafe void Wake()
    {
        lock (_wakeLock)
        {
            if (_wakeFd >= 0)
            {
                ulong one = 1;
                _ = Libc.Write(_wakeFd, &one, sizeof(ulong));
            }
        }
    }
}
