using System.Collections.Concurrent;

namespace Causeway.Client.Rpc.Serving;

/// <summary>
/// The calls whose handlers are to run, in order. One place in the thread pool serves many quick ones, and before each another is asked
/// for if more wait, so that one that takes its time holds up nobody. Bounded by what methods may run at the same time. Safe for any thread.
/// </summary>
internal sealed class ReadyCalls(Action<ServerCall> run) : IThreadPoolWorkItem
{
    // So many in a row, then others that wait for the pool are served.
    private const int RunAtOnceMax = 64;

    private readonly ConcurrentQueue<ServerCall> _calls = new();
    private int _isAskedFor;

    /// <summary>Adds a call; it runs after the next <see cref="Wake"/>, or earlier.</summary>
    public void Add(ServerCall call) => _calls.Enqueue(call);

    /// <summary>Sees to it that what was added runs. Called once for many, they run together, and their answers leave in one send.</summary>
    public void Wake()
    {
        if (!_calls.IsEmpty && Volatile.Read(ref _isAskedFor) == 0 && Interlocked.Exchange(ref _isAskedFor, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        // Before looking: what is added from here on asks for another place.
        Interlocked.Exchange(ref _isAskedFor, 0);
        for (int i = 0; i < RunAtOnceMax && _calls.TryDequeue(out ServerCall? call); i++)
        {
            Wake();
            run(call);
        }

        Wake();
    }
}
