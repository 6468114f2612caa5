using Causeway.Core.Clients;
using Causeway.Core.Delivery;
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
    private readonly Mailbox _mailbox = new();
    private readonly ConnectionTable _connections = new();
    private readonly PollSpin _spin = new();
    private readonly List<Connection> _closing = [];
    private readonly List<ClientConnection> _paused = [];
    private readonly Thread _thread;
    private readonly MemoryAccount _account;
    private readonly Action<Connection> _onClosed;
    private readonly Action<Exception, Connection?> _onFailed;
    private readonly Dictionary<long, Action> _descriptors = [];
    private bool _closeIsDue;
    private bool _releaseIsDue;
    private bool _stopped;
    private Block? _receiveBlock;
    private long _nextCheck;
    private long _publisherPauses;

    public EventLoop(int number, NodeContext node, Random random, Action<Connection> onClosed, Action<Exception, Connection?> onFailed)
    {
        _onFailed = onFailed;
        Node = node;
        _onClosed = onClosed;
        _account = node.Budget.Open($"loop:{number}");
        Batch = new DeliveryBatch(_account, node.Limits, random);
        _epoll.Add(_mailbox.Fd, Libc.EpollIn, WakeToken);
        _thread = new Thread(Run, StackBytes) { IsBackground = true, Name = $"loop {number}" };
    }

    public NodeContext Node { get; }

    public DeliveryBatch Batch { get; }

    public MemoryAccount Account => _account;

    public long NowMilliseconds { get; private set; } = Environment.TickCount64;

    /// <summary>Connections of the loop. Any thread.</summary>
    public int Count => _connections.Count;

    /// <summary>Times that a publisher was paused for a lagging subscriber. Any thread.</summary>
    public long PublisherPauses => Volatile.Read(ref _publisherPauses);

    /// <summary>The buffer that all its connections read into; leased while there are connections.</summary>
    public Span<byte> ReceiveBuffer => _receiveBlock!.Whole;

    /// <summary>The time in milliseconds that lies <paramref name="time"/> ahead.</summary>
    public long After(TimeSpan time) => NowMilliseconds + (long)time.TotalMilliseconds;

    public void Start() => _thread.Start();

    /// <summary>Has <paramref name="action"/> done on the loop's thread, soon. Any thread.</summary>
    public void Post(Action action) => _mailbox.Post(action, wake: Thread.CurrentThread != _thread);

    /// <summary>
    /// Has <paramref name="action"/> done on the loop's thread and tells when it is, or that the loop has ended (<see cref="ObjectDisposedException"/>).
    /// Any other thread.
    /// </summary>
    public Task InvokeAsync(Action action) => _mailbox.InvokeAsync(action);

    /// <summary>When a connection that the node closes because it goes away is given up, whatever still waits for it.</summary>
    public long DrainDeadline { get; private set; } = long.MaxValue;

    /// <summary>Begins the end: from now on only what has arrived already is read from the connections.</summary>
    public void ReadLast()
    {
        DrainDeadline = After(Node.Limits.DrainTimeout);
        ForEachClient(connection => connection.ReadLast(arrived: true));
    }

    /// <summary>Reads nothing more at all.</summary>
    public void StopReading() => ForEachClient(connection => connection.ReadLast(arrived: false));

    /// <summary>Connections that were sent something before <see cref="ReadLast"/> that is yet to be read.</summary>
    public int CountToRead()
    {
        int count = 0;
        ForEachClient(connection => count += connection.IsToRead ? 1 : 0);
        return count;
    }

    /// <summary>Looks at each client again after another configuration of who may come has come to hold.</summary>
    public void ReloadAccess() => ForEachClient(connection => connection.Session.Reload(Batch));

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

    /// <summary>
    /// Takes a new socket in, for which <paramref name="create"/> makes the connection. Throws <see cref="IOException"/>, with
    /// nothing kept, if the kernel won't watch it.
    /// </summary>
    public T Adopt<T>(Func<EventLoop, T> create)
        where T : Connection
    {
        _receiveBlock ??= Node.Pool.LeaseRegardless(_account, MemoryUse.Receive, Node.Limits.ReceiveBufferBytes);
        T connection = create(this);
        connection.Token = _connections.NextToken();
        try
        {
            _epoll.Add(connection.Fd, Libc.EpollIn, connection.Token);
        }
        catch (IOException)
        {
            connection.Abandon();
            GiveBackIfEmpty();
            throw;
        }

        _connections.Add(connection);
        return connection;
    }

    /// <summary>Sets what a connection waits for. Called with its queue's lock held.</summary>
    public void SetInterest(Connection connection, bool read, bool write) =>
        _epoll.Modify(connection.Fd, (read ? Libc.EpollIn : 0) | (write ? Libc.EpollOut : 0), connection.Token);

    /// <summary>Has <paramref name="connection"/> stand on what <paramref name="fd"/> is, which is closed. Throws <see cref="IOException"/> if that can't be.</summary>
    public void Move(Connection connection, int fd)
    {
        _epoll.Remove(connection.Fd);
        int moved = Libc.Replace(fd, connection.Fd);
        _ = Libc.Close(fd);
        _epoll.Add(connection.Fd, Libc.EpollIn, connection.Token);
        if (moved < 0)
        {
            throw new IOException("a descriptor could not be replaced");
        }
    }

    /// <summary>Begins to end a connection and sees it through.</summary>
    public void BeginClose(Connection connection)
    {
        if (!connection.IsClosing)
        {
            connection.BeginClose();
            _closing.Add(connection);
        }
    }

    /// <summary>Stops reading from <paramref name="publisher"/> for a moment, for the sake of <paramref name="lagging"/>.</summary>
    public void Pause(ClientConnection publisher, OutboundQueue lagging)
    {
        Volatile.Write(ref _publisherPauses, _publisherPauses + 1);
        publisher.Pause(lagging, After(Node.Limits.MaxPublisherPause));
        _paused.Add(publisher);
    }

    /// <summary>Takes a connection off the loop, at its end.</summary>
    public void Forget(Connection connection)
    {
        _epoll.Remove(connection.Fd);
        _connections.Remove(connection);
        GiveBackIfEmpty();
        _onClosed(connection);
    }

    /// <summary>Calls <paramref name="action"/> for each connection.</summary>
    public void ForEach(Action<Connection> action) => _connections.ForEach(action);

    private void ForEachClient(Action<ClientConnection> action) => ForEach(connection =>
    {
        if (connection is ClientConnection client)
        {
            action(client);
        }
    });

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
        _mailbox.End();
        ForEach(connection => connection.Abort());
        _mailbox.Dispose();
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
        int events = _spin.Wait(_epoll, WaitMilliseconds());
        NowMilliseconds = Environment.TickCount64;
        Batch.NowMilliseconds = NowMilliseconds;
        Batch.Transcript = Node.Transcript;
        HandleEvents(events);
        _mailbox.DoAll();
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
        if (_releaseIsDue || !_mailbox.IsEmpty)
        {
            return 0;
        }

        if (_paused.Count > 0 || _closeIsDue)
        {
            return BusyWaitMilliseconds;
        }

        if (Count == 0)
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

            read += _connections.Find(token) is { } connection ? Handle(connection, what) : 0;
            if (read >= FlushAfterBytes)
            {
                Batch.Flush();
                read = 0;
            }
        }
    }

    /// <summary>Serves one connection. A defect met on the way ends that connection and leaves the others alone.</summary>
    private int Handle(Connection connection, int what)
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
            connection.OnFailed();
            return 0;
        }
    }

    private void HandleDescriptor(long token)
    {
        if (token == WakeToken)
        {
            _mailbox.OnWoken();
        }
        else if (_descriptors.TryGetValue(token, out Action? onReadable))
        {
            onReadable();
        }
    }

    /// <summary>An event loop without connections holds no memory.</summary>
    private void GiveBackIfEmpty()
    {
        if (Count == 0 && _receiveBlock is { } block)
        {
            Batch.Clear();
            Node.Pool.Return(block);
            _receiveBlock = null;
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
        ForEach(connection => connection.Check(NowMilliseconds));
        Batch.Routes.DropStale();
        Batch.Flush();
    }
}
