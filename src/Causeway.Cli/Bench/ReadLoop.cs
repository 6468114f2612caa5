using System.Diagnostics;
using Causeway.Bus.Transport;
using Causeway.Cli.Execution;

namespace Causeway.Cli.Bench;

/// <summary>
/// The one thread that reads all connections of a run, with one epoll set and one receive buffer. Others wait on it by
/// <see cref="Await"/>, whose condition the loop looks at after each batch of events.
/// </summary>
internal sealed unsafe class ReadLoop : IDisposable
{
    private const int MaxEvents = 256;
    private const int ReceiveBytes = 128 * 1024;
    private const int WakeToken = -1;
    private const int TimerToken = -2;

    private readonly Epoll _epoll = new(MaxEvents);
    private readonly List<Endpoint> _endpoints = [];
    private readonly ManualResetEventSlim _signal = new();
    private readonly Thread _thread;
    private readonly int _wake;
    private Func<bool>? _condition;
    private Action<long>? _onTimer;
    private Action? _posted;
    private int _timer = -1;
    private volatile string? _failure;
    private volatile bool _stopping;

    public ReadLoop()
    {
        _wake = Libc.EventFd();
        _epoll.Add(_wake, Libc.EpollIn, WakeToken);
        _thread = new Thread(Run) { IsBackground = true, Name = "bench-read" };
    }

    /// <summary>What made the loop end before it was stopped, or null.</summary>
    public string? Failure => _failure;

    /// <summary>Adds a connection; only before <see cref="Start"/>. The loop doesn't own it.</summary>
    public void Add(Endpoint endpoint)
    {
        endpoint.Token = _endpoints.Count;
        _endpoints.Add(endpoint);
        _epoll.Add(endpoint.Connection.Descriptor, Libc.EpollIn, endpoint.Token);
    }

    /// <summary>Calls <paramref name="onTimer"/> with the timestamp at a descriptor's expiry; only before <see cref="Start"/>.</summary>
    public void AddTimer(int descriptor, Action<long> onTimer)
    {
        _timer = descriptor;
        _onTimer = onTimer;
        _epoll.Add(descriptor, Libc.EpollIn, TimerToken);
    }

    public void Start() => _thread.Start();

    /// <summary>Asks to be told when the endpoint's socket takes bytes, or no longer.</summary>
    public void WatchWrites(Endpoint endpoint, bool watch) =>
        _epoll.Modify(endpoint.Connection.Descriptor, watch ? Libc.EpollIn | Libc.EpollOut : Libc.EpollIn, endpoint.Token);

    /// <summary>
    /// Waits until <paramref name="condition"/>, which runs on the loop's thread, is true. Throws when the loop has failed or the
    /// deadline has passed; <paramref name="what"/> then says what was awaited.
    /// </summary>
    public void Await(Func<bool> condition, Deadline deadline, Func<string> what, Action? tick = null)
    {
        _signal.Reset();
        Volatile.Write(ref _condition, condition);
        Wake();
        while (_failure is null && !_signal.Wait(deadline.Left < BenchProgress.Period ? deadline.Left : BenchProgress.Period))
        {
            tick?.Invoke();
            if (deadline.Passed)
            {
                throw new BenchException(ExitCode.Failure, $"timed out after {deadline.Timeout.TotalSeconds:0.#} s: {what()}");
            }
        }

        ThrowIfFailed();
    }

    public void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw new BenchException(ExitCode.Failure, failure);
        }
    }

    /// <summary>Runs something on the loop's thread, before it next looks at a condition. One at a time.</summary>
    public void Post(Action action)
    {
        Volatile.Write(ref _posted, action);
        Wake();
    }

    /// <summary>Makes the loop look at its condition now.</summary>
    public void Wake()
    {
        long one = 1;
        _ = Libc.Write(_wake, &one, sizeof(long));
    }

    public void Dispose()
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        Wake();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _epoll.Dispose();
        _ = Libc.Close(_wake);
        _signal.Dispose();
    }

    private void Run()
    {
        try
        {
            byte[] buffer = GC.AllocateUninitializedArray<byte>(ReceiveBytes, pinned: true);
            while (!_stopping && _failure is null)
            {
                int count = _epoll.Wait(-1);
                for (int i = 0; i < count && _failure is null; i++)
                {
                    Handle(_epoll.Event(i), buffer);
                }

                // The condition first: whoever posts and then awaits must not have the condition judged before what was posted has run.
                Func<bool>? condition = Volatile.Read(ref _condition);
                Interlocked.Exchange(ref _posted, null)?.Invoke();
                if (condition is not null && condition())
                {
                    Volatile.Write(ref _condition, null);
                    _signal.Set();
                }
            }
        }
        catch (Exception e) when (e is BenchException or IOException)
        {
            _failure = e.Message;
        }

        _signal.Set();
    }

    private void Handle((int Events, long Token) ready, byte[] buffer)
    {
        if (ready.Token < 0)
        {
            long expirations = 0;
            _ = Libc.Read(ready.Token == WakeToken ? _wake : _timer, &expirations, sizeof(long));
            if (ready.Token == TimerToken)
            {
                _onTimer!(Stopwatch.GetTimestamp());
            }

            return;
        }

        Endpoint endpoint = _endpoints[(int)ready.Token];
        if ((ready.Events & Libc.EpollOut) != 0)
        {
            endpoint.OnWritable();
        }

        if ((ready.Events & ~Libc.EpollOut) == 0)
        {
            return;
        }

        int received = endpoint.Connection.TryReceive(buffer);
        if (received > 0)
        {
            endpoint.OnRead(buffer.AsSpan(0, received), Stopwatch.GetTimestamp());
            _failure = endpoint.Failure;
        }
        else if (received < 0)
        {
            _failure = endpoint.Failure ?? "the server has closed a connection";
        }
    }
}
