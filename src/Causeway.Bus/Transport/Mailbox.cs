using System.Collections.Concurrent;

namespace Causeway.Bus.Transport;

/// <summary>What other threads ask an event loop to do, and the descriptor that wakes it for that.</summary>
internal sealed class Mailbox : IDisposable
{
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly Lock _wakeLock = new();
    private int _wakeFd = Libc.EventFd();
    private int _wakePending;

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
