using System.Collections.Concurrent;
using Causeway.Core.Clients;
using Causeway.Core.Memory;
using Causeway.Core.Routing;

namespace Causeway.Bus.Transport;

/// <summary>
/// One thread with one epoll set that serves its connections: it reads, routes, and flushes, and never waits for anything but epoll.
/// A node has a few of them. All members but <see cref="Post"/>, <see cref="SetInterest"/> and the counters belong to its thread.
/// </summary>
internal sealed class EventLoop : IDisposable
{
    private const int MaxEvents = 256;
    private const int FlushAfterBytes = 128 * 1024;
    private const int StackBytes = 4 * 1024 * 1024;
    private const long WakeToken = -1;
    private const int BusyWaitMilliseconds = 1;
    private const int SubscriptionsEndedAtOnce = 2000;

    private readonly Epoll _epoll = new(MaxEvents);
    private readonly Lock _wakeLock = new();
    private int _wakeFd = Libc.EventFd();
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly List<ClientConnection> _closing = [];
    private readonly List<ClientConnection> _paused = [];
    private readonly Thread _thread;
    private readonly MemoryAccount _account;
    private readonly Action<ClientConnection> _onClosed;
    private readonly Action<Exception, ClientConnection?> _onFailed;
    private readonly Dictionary<long, Action> _descriptors = [];
    private ClientConnection?[] _connections = new ClientConnection?[16];
    private int _generation;
    private int _freeSlot;
    private int _count;
    private int _wakePending;
    private bool _closeIsDue;
    private bool _releaseIsDue;
    private bool _stopped;
    private Block? _receiveBlock;
    private long _nextCheck;
    private long _publisherPauses;

    public EventLoop(int number, NodeContext node, Random random, Action<ClientConnection> onClosed, Action<Exception, ClientConnection?> onFailed)
    {
        _onFailed = onFailed;
        Node = node;
        _onClosed = onClosed;
        _account = node.Budget.Open($"loop:{number}");
        Batch = new DeliveryBatch(_account, node.Limits, random);
        _epoll.Add(_wakeFd, Libc.EpollIn, WakeToken);
        _thread = new Thread(Run, StackBytes) { IsBackground = true, Name = $"loop {number}" };
    }

    public NodeContext Node { get; }

    public DeliveryBatch Batch { get; }

    public MemoryAccount Account => _account;

    public long NowMilliseconds { get; private set; } = Environment.TickCount64;

    /// <summary>Connections of the loop. Any thread.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Times that a publisher was paused for a lagging subscriber. Any thread.</summary>
    public long PublisherPauses => Volatile.Read(ref _publisherPauses);

    /// <summary>The buffer that all its connections read into; leased while there are connections.</summary>
    public Span<byte> ReceiveBuffer => _receiveBlock!.Whole;

    public void Start() => _thread.Start();

    /// <summary>Has <paramref name="action"/> done on the loop's thread, soon. Any thread.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        if (Thread.CurrentThread != _thread && Interlocked.Exchange(ref _wakePending, 1) == 0)
        {
            Wake();
        }
    }

    /// <summary>Has <paramref name="action"/> done on the loop's thread and tells when it is. Any other thread.</summary>
    public Task InvokeAsync(Action action)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                action();
                done.SetResult();
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                done.SetException(fault);
            }
        });
        return done.Task;
    }

    /// <summary>When a connection that the node closes because it goes away is given up, whatever still waits for it.</summary>
    public long DrainDeadline { get; private set; } = long.MaxValue;

    /// <summary>Begins the end: from now on only what has arrived already is read from the connections.</summary>
    public void ReadLast()
    {
        DrainDeadline = NowMilliseconds + (long)Node.Limits.DrainTimeout.TotalMilliseconds;
        ForEach(connection => connection.ReadLast(arrived: true));
    }

    /// <summary>Reads nothing more at all.</summary>
    public void StopReading() => ForEach(connection => connection.ReadLast(arrived: false));

    /// <summary>Connections that were sent something before <see cref="ReadLast"/> that is yet to be read.</summary>
    public int CountToRead() => _connections.Count(connection => connection is { IsToRead: true });

    /// <summary>Watches a descriptor that is no connection.</summary>
    public void Watch(int fd, Action onReadable)
    {
        long token = -2 - fd;
        _descriptors[token] = onReadable;
        _epoll.Add(fd, Libc.EpollIn, token);
    }

    public void Unwatch(int fd)
    {
        if (_descriptors.Remove(-2 - fd))
        {
            _epoll.Remove(fd);
        }
    }

    /// <summary>Takes a new socket in. Throws <see cref="IOException"/>, with nothing kept, if the kernel won't watch it.</summary>
    public ClientConnection Adopt(int fd, ulong id, string address, int port)
    {
        _receiveBlock ??= Node.Pool.LeaseRegardless(_account, MemoryUse.Receive, Node.Limits.ReceiveBufferBytes);
        ClientConnection connection = new(this, Node, fd, id, address, port);
        while (_freeSlot < _connections.Length && _connections[_freeSlot] is not null)
        {
            _freeSlot++;
        }

        if (_freeSlot == _connections.Length)
        {
            Array.Resize(ref _connections, _connections.Length * 2);
        }

        connection.Slot = _freeSlot;
        connection.Token = ((long)(++_generation & int.MaxValue) << 32) | (uint)_freeSlot;
        try
        {
            _epoll.Add(fd, Libc.EpollIn, connection.Token);
        }
        catch (IOException)
        {
            connection.Abandon();
            GiveBackIfEmpty();
            throw;
        }

        _connections[_freeSlot] = connection;
        Volatile.Write(ref _count, _count + 1);
        connection.Flush();
        return connection;
    }

    /// <summary>Sets what a connection waits for. Called with its queue's lock held.</summary>
    public void SetInterest(ClientConnection connection, bool read, bool write) =>
        _epoll.Modify(connection.Fd, (read ? Libc.EpollIn : 0) | (write ? Libc.EpollOut : 0), connection.Token);

    /// <summary>Begins to end a connection and sees it through.</summary>
    public void BeginClose(ClientConnection connection)
    {
        if (!connection.IsClosing)
        {
            connection.BeginClose();
            _closing.Add(connection);
        }
    }

    /// <summary>Stops reading from <paramref name="publisher"/> for a moment, for the sake of <paramref name="lagging"/>.</summary>
    public void Pause(ClientConnection publisher, ClientSession lagging)
    {
        Volatile.Write(ref _publisherPauses, _publisherPauses + 1);
        publisher.Pause(lagging, NowMilliseconds + (long)Node.Limits.MaxPublisherPause.TotalMilliseconds);
        _paused.Add(publisher);
    }

    /// <summary>Takes a connection off the loop, at its end.</summary>
    public void Forget(ClientConnection connection)
    {
        _epoll.Remove(connection.Fd);
        _connections[connection.Slot] = null;
        _freeSlot = Math.Min(_freeSlot, connection.Slot);
        Volatile.Write(ref _count, _count - 1);
        GiveBackIfEmpty();
        _onClosed(connection);
    }

    /// <summary>Calls <paramref name="action"/> for each connection.</summary>
    public void ForEach(Action<ClientConnection> action)
    {
        foreach (ClientConnection? connection in _connections)
        {
            if (connection is not null)
            {
                action(connection);
            }
        }
    }

    /// <summary>Ends the thread, after which the loop only waits to be disposed of. Any other thread.</summary>
    public void Stop()
    {
        Post(() => _stopped = true);
        if (_thread.IsAlive)
        {
            _thread.Join();
        }
    }

    /// <summary>Closes what is left, once this and all other loops of the node have stopped.</summary>
    public void Dispose()
    {
        Stop();
        // Sockets may wait here that were accepted last, and callers for an answer.
        HandlePosted();
        ForEach(connection => connection.Abort());
        lock (_wakeLock)
        {
            _ = Libc.Close(_wakeFd);
            _wakeFd = -1;
        }

        _epoll.Dispose();
        Node.Budget.Close(_account);
    }

    private void Run()
    {
        try
        {
            while (!_stopped)
            {
                RunOnce();
            }
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _onFailed(fault, null);
        }
    }

    private void RunOnce()
    {
        int events = _epoll.Wait(WaitMilliseconds());
        NowMilliseconds = Environment.TickCount64;
        Batch.NowMilliseconds = NowMilliseconds;
        HandleEvents(events);
        HandlePosted();
        Batch.Flush();
        HandlePaused();
        HandleClosing();
        if (NowMilliseconds >= _nextCheck)
        {
            CheckConnections();
        }
    }

    private int WaitMilliseconds()
    {
        if (_releaseIsDue || !_posted.IsEmpty)
        {
            return 0;
        }

        if (_paused.Count > 0 || _closeIsDue)
        {
            return BusyWaitMilliseconds;
        }

        if (_count == 0)
        {
            return -1;
        }

        return (int)Math.Clamp(_nextCheck - Environment.TickCount64, 0, CheckInterval());
    }

    private long CheckInterval() => Math.Clamp((long)Node.Limits.PingInterval.TotalMilliseconds / 10, 10, 250);

    private void HandleEvents(int events)
    {
        int read = 0;
        for (int i = 0; i < events; i++)
        {
            (int what, long token) = _epoll.Event(i);
            if (token < 0)
            {
                HandleDescriptor(token);
                continue;
            }

            ClientConnection? connection = _connections[(int)(token & int.MaxValue)];
            if (connection is null || connection.Token != token)
            {
                continue;
            }

            read += Handle(connection, what);
            if (read >= FlushAfterBytes)
            {
                Batch.Flush();
                read = 0;
            }
        }
    }

    /// <summary>Serves one connection. A defect met on the way ends that connection and leaves the others alone.</summary>
    private int Handle(ClientConnection connection, int what)
    {
        try
        {
            if ((what & Libc.EpollOut) != 0)
            {
                connection.OnWritable();
            }

            if ((what & (Libc.EpollErr | Libc.EpollHup)) != 0 && !connection.Reads)
            {
                connection.OnBroken();
            }

            return (what & ~Libc.EpollOut) != 0 ? connection.OnReadable() : 0;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            _onFailed(fault, connection);
            connection.Close(CloseReason.InternalError);
            return 0;
        }
    }

    private unsafe void HandleDescriptor(long token)
    {
        if (token == WakeToken)
        {
            ulong value;
            _ = Libc.Read(_wakeFd, &value, sizeof(ulong));
            // A full fence: what was posted by one who still saw the 1 must be seen by the look at the queue that follows.
            Interlocked.Exchange(ref _wakePending, 0);
        }
        else if (_descriptors.TryGetValue(token, out Action? onReadable))
        {
            onReadable();
        }
    }

    /// <summary>An event loop without connections holds no memory.</summary>
    private void GiveBackIfEmpty()
    {
        if (_count == 0 && _receiveBlock is { } block)
        {
            Batch.Clear();
            Node.Pool.Return(block);
            _receiveBlock = null;
        }
    }

    private void HandlePosted()
    {
        while (_posted.TryDequeue(out Action? action))
        {
            action();
        }
    }

    private void HandlePaused()
    {
        for (int i = _paused.Count - 1; i >= 0; i--)
        {
            if (_paused[i].TryUnpause(NowMilliseconds, Node.Limits.PausePendingBytes / 2))
            {
                _paused.RemoveAt(i);
            }
        }
    }

    /// <summary>
    /// Goes on with all that are being closed. The subscriptions that end in one turn are bounded for all of them together: a
    /// thousand clients that vanish at once, as when a network fails, must not keep the others waiting.
    /// </summary>
    private void HandleClosing()
    {
        int subscriptions = SubscriptionsEndedAtOnce;
        _closeIsDue = false;
        for (int i = _closing.Count - 1; i >= 0; i--)
        {
            if (_closing[i].ContinueClose(NowMilliseconds, ref subscriptions))
            {
                _closing.RemoveAt(i);
            }
            else
            {
                _closeIsDue |= !_closing[i].CloseCanWait;
            }
        }

        _releaseIsDue = subscriptions <= 0;
    }

    private void CheckConnections()
    {
        _nextCheck = NowMilliseconds + CheckInterval();
        foreach (ClientConnection? connection in _connections)
        {
            connection?.Check(NowMilliseconds);
        }

        Batch.Routes.DropStale();
        Batch.Flush();
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
