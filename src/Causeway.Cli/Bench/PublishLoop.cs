using Causeway.Bus.Transport;

namespace Causeway.Cli.Bench;

/// <summary>One thread that sends the current phase of all publishers, each as fast as its socket takes it.</summary>
internal sealed class PublishLoop : IDisposable
{
    private const int PollMilliseconds = 100;
    private const int HeldMilliseconds = 1;

    private readonly Epoll _epoll = new(64);
    private readonly IReadOnlyList<Publisher> _publishers;
    private readonly Deadline _deadline;
    private readonly Action? _grant;
    private readonly Thread _thread;
    private volatile string? _failure;

    /// <param name="publishers">Publishers whose streams have begun their phase.</param>
    /// <param name="deadline">When to give up.</param>
    /// <param name="grant">Called before each round of sending, to allow the streams what a window leaves.</param>
    public PublishLoop(IReadOnlyList<Publisher> publishers, Deadline deadline, Action? grant = null)
    {
        _grant = grant;
        _publishers = publishers;
        _deadline = deadline;
        _thread = new Thread(Run) { IsBackground = true, Name = "bench-publish" };
    }

    public string? Failure => _failure;

    public void Start() => _thread.Start();

    /// <summary>Waits for the end of the phase; false when it isn't over within the time given.</summary>
    public bool Join(TimeSpan timeout) => _thread.Join(timeout);

    public void Dispose()
    {
        foreach (Publisher publisher in _publishers)
        {
            publisher.Stream.Stop();
        }

        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _epoll.Dispose();
    }

    private void Run()
    {
        try
        {
            for (int i = 0; i < _publishers.Count; i++)
            {
                _epoll.Add(_publishers[i].Connection.Descriptor, Libc.EpollOut, i);
            }

            int unfinished = _publishers.Count;
            while (unfinished > 0 && !_deadline.Passed)
            {
                int count = _epoll.Wait(PollMilliseconds);
                _grant?.Invoke();
                bool sent = false;
                for (int i = 0; i < count; i++)
                {
                    Publisher publisher = _publishers[(int)_epoll.Event(i).Token];
                    ReadOnlySpan<byte> next = publisher.Stream.Next();
                    if (!next.IsEmpty)
                    {
                        publisher.Stream.Advance(publisher.Connection.TrySend(next));
                        sent = true;
                    }

                    if (publisher.Stream.Finished)
                    {
                        _epoll.Remove(publisher.Connection.Descriptor);
                        unfinished--;
                    }
                }

                if (!sent && count > 0 && unfinished > 0)
                {
                    Thread.Sleep(HeldMilliseconds); // sockets that take bytes wake the loop at once, and the window holds all back
                }
            }
        }
        catch (Exception e) when (e is BenchException or IOException)
        {
            _failure = e.Message;
        }
    }
}
