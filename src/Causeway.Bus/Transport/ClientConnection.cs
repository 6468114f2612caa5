using Causeway.Core.Clients;
using Causeway.Core.Delivery;
using Causeway.Core.Routing;

namespace Causeway.Bus.Transport;

/// <summary>
/// The socket beneath a <see cref="ClientSession"/>. It reads, and ends, on its event loop's thread; it is flushed, and told to
/// close, from any.
/// </summary>
internal sealed partial class ClientConnection : Connection, IClientTransport
{
    private readonly ConnectionSender _sender;
    private readonly long _startedMilliseconds;
    private PartialCommand _partial;
    private State _state = State.Open;
    private int _closeReason;
    private long _closeDeadline;
    private long _pausedUntil;
    private OutboundQueue? _waitsFor;
    private long _mayRead = long.MaxValue;
    private long _sentWhenChecked;
    private long _progressAt;

    /// <summary>Begins to serve a client; <paramref name="own"/> is the tenant of a connection of the node to itself, else null.</summary>
    public ClientConnection(EventLoop loop, NodeContext node, int fd, ulong id, string address, int port, Tenant? own = null, bool webSocket = false)
        : base(loop, fd)
    {
        IsOwn = own is not null;
        _errors = node.Errors;
        StartedAt = DateTimeOffset.UtcNow;
        _startedMilliseconds = loop.NowMilliseconds;
        Session = new ClientSession(node, id, address, port, this, loop.NowMilliseconds, own, webSocket);
        _sender = new ConnectionSender(this, Session.Outbound);
        _partial = new PartialCommand(node.Pool, Session.Account);
        _progressAt = loop.NowMilliseconds;
    }

    private enum State
    {
        Open,
        /// <summary>No more is read; what waits is still sent.</summary>
        Sending,
        /// <summary>All is sent and our side is shut; what the client still sends is thrown away so that it can read the end.</summary>
        Lingering,
        /// <summary>Its subscriptions and buffers are being given back.</summary>
        Releasing,
        Closed,
    }

    public ClientSession Session { get; }

    public override OutboundQueue Outbound => Session.Outbound;

    public bool IsOwn { get; }

    /// <summary>True if it was taken in only to be told that there is no room.</summary>
    public bool IsRefused { get; set; }

    public DateTimeOffset StartedAt { get; }

    public DateTimeOffset? StoppedAt { get; private set; }

    /// <summary>When the client last sent something.</summary>
    public DateTimeOffset LastActivityAt => StartedAt.AddMilliseconds(Math.Max(0, Session.Liveness.LastActivity - _startedMilliseconds));

    /// <summary>Bytes that waited for the client when its end began.</summary>
    public long PendingWhenClosed { get; private set; }

    public CloseReason CloseReason => (CloseReason)Volatile.Read(ref _closeReason);

    public override bool IsClosing => _state != State.Open;

    /// <summary>True while nothing is read because a subscriber lags.</summary>
    public bool IsPaused => _waitsFor is not null;

    public override bool Reads => (_state == State.Open && !IsPaused && !Session.IsWaiting && _mayRead > 0) || _state == State.Lingering;

    /// <summary>True until all that <see cref="ReadLast"/> allows has been read.</summary>
    public bool IsToRead => _state == State.Open && _mayRead > 0;

    public void Flush() => _sender.Flush();

    public void Close(CloseReason reason)
    {
        if (Interlocked.CompareExchange(ref _closeReason, (int)reason, (int)CloseReason.None) == (int)CloseReason.None)
        {
            Loop.Post(() => Loop.BeginClose(this));
        }
    }

    public void GoOn() => Loop.Post(() =>
    {
        if (_state != State.Open || !Session.IsWaiting)
        {
            return;
        }

        Session.Resume(Loop.Batch);
        Span<byte> buffer = Loop.ReceiveBuffer;
        int kept = Session.IsWaiting ? 0 : _partial.MoveTo(buffer);
        if (kept > 0)
        {
            Work(buffer[..kept]);
        }

        UpdateInterest();
    });

    public override int OnReadable()
    {
        if (!Reads || !MayReadClear())
        {
            return 0;
        }

        Span<byte> buffer = Loop.ReceiveBuffer;
        bool large = _partial.IsLarge;
        int kept = large ? 0 : _partial.MoveTo(buffer);
        int read = Receive(large ? _partial.Room : buffer[kept..]);
        if (read <= 0 || _state == State.Lingering)
        {
            Keep(buffer[..kept], 0);
            return Math.Max(0, read);
        }

        _mayRead -= read;
        if (large)
        {
            WorkOnLarge(read);
        }
        else
        {
            Work(buffer[..(kept + read)]);
        }

        if (_mayRead <= 0)
        {
            UpdateInterest();
        }

        return read;
    }

    /// <summary>From now on reads only what has arrived already, and nothing at all if <paramref name="arrived"/> is false.</summary>
    public void ReadLast(bool arrived)
    {
        _mayRead = arrived ? Math.Min(_mayRead, Libc.Arrived(Fd)) : 0;
        UpdateInterest();
    }

    public override void OnBroken()
    {
        if (_state == State.Sending)
        {
            _state = State.Releasing;
        }
        else if (_state == State.Open && (_mayRead <= 0 || Session.IsWaiting))
        {
            Close(CloseReason.ClientClosed);
        }
        else if (IsPaused)
        {
            _waitsFor = null;
            UpdateInterest();
        }
    }

    public override void OnSendFailed() => Close(CloseReason.WriteError);

    public override void OnFailed() => Close(CloseReason.InternalError);

    public override void OnWritable()
    {
        _sender.Resume();
        UpdateInterest();
        if (_state == State.Sending && Session.Outbound.PendingBytes == 0)
        {
            FinishSending();
        }
    }

    public override void Abandon()
    {
        Session.Outbound.TryEndSending();
        ReleaseBuffers();
        Session.Release(int.MaxValue);
        _state = State.Closed;
    }

    public override void Abort()
    {
        _ = Interlocked.CompareExchange(ref _closeReason, (int)CloseReason.ServerShutdown, (int)CloseReason.None);
        PendingWhenClosed = Session.Outbound.PendingBytes;
        Session.End(CloseReason);
        _state = State.Releasing;
        Session.Outbound.TryEndSending();
        Finish(int.MaxValue);
    }

    public override void BeginClose()
    {
        if (_state != State.Open)
        {
            return;
        }

        CloseReason reason = CloseReason;
        PendingWhenClosed = Session.Outbound.PendingBytes;
        Session.End(reason);
        _waitsFor = null;
        _state = State.Sending;
        _closeDeadline = reason == CloseReason.ServerShutdown
            ? Math.Min(Loop.DrainDeadline, Loop.After(Loop.Node.Limits.DrainTimeout))
            : Loop.After(Loop.Node.Limits.CloseLingerTimeout);
        if (!reason.SendsWhatWaits())
        {
            _state = State.Releasing;
            return;
        }

        Flush();
        UpdateInterest();
        if (Session.Outbound.PendingBytes == 0)
        {
            FinishSending();
        }
    }

    public override bool ContinueClose(long now, ref int subscriptions)
    {
        if (CloseCanWait && now >= _closeDeadline)
        {
            _state = State.Releasing;
        }

        if (_state == State.Sending && Session.Outbound.PendingBytes == 0)
        {
            FinishSending();
        }

        if (_state == State.Releasing && subscriptions > 0 && Session.Outbound.TryEndSending())
        {
            int before = Session.Subscriptions.Count;
            Finish(subscriptions);
            subscriptions -= before - Session.Subscriptions.Count;
        }

        return _state == State.Closed;
    }

    protected override bool IsWatched => _state < State.Releasing;

    public override bool CloseCanWait => _state is State.Sending or State.Lingering;

    /// <summary>Stops reading for the sake of <paramref name="lagging"/>, until it has caught up, but not past <paramref name="until"/>.</summary>
    public void Pause(OutboundQueue lagging, long until)
    {
        _waitsFor = lagging;
        _pausedUntil = until;
        UpdateInterest();
    }

    /// <summary>Reads again if the one it waits for has caught up, is gone, or took too long; true if it does.</summary>
    public bool TryUnpause(long now, long resumeBelowBytes)
    {
        if (_waitsFor is not { } lagging)
        {
            return true;
        }

        if (now < _pausedUntil && !lagging.IsClosed && lagging.PendingBytes > resumeBelowBytes)
        {
            return false;
        }

        _waitsFor = null;
        UpdateInterest();
        return true;
    }

    /// <summary>The regular look after the connection: PINGs, and whether anything moves that should.</summary>
    public override void Check(long now)
    {
        if (_state != State.Open)
        {
            return;
        }

        long sent = Session.Outbound.SentBytes;
        if (sent != _sentWhenChecked || Session.Outbound.PendingBytes == 0)
        {
            (_sentWhenChecked, _progressAt) = (sent, now);
        }
        else if (now - _progressAt >= (long)Loop.Node.Limits.WriteStallTimeout.TotalMilliseconds)
        {
            Close(CloseReason.SlowConsumerWriteStall);
            return;
        }

        Session.Check(Loop.Batch);
    }

    private int Receive(Span<byte> room)
    {
        int read = Receive(room, out int errno);
        if (read >= 0)
        {
            return read;
        }

        if (_state == State.Lingering)
        {
            _state = State.Releasing;
        }
        else
        {
            Close(errno is 0 or Libc.EconnReset ? CloseReason.ClientClosed : CloseReason.ReadError);
            Loop.BeginClose(this);
        }

        return -1;
    }

    private void Work(ReadOnlySpan<byte> data)
    {
        int done = Session.Receive(data, Loop.Batch, out int needed);
        if (done < data.Length && Session.Ending == CloseReason.None)
        {
            Keep(data[done..], needed);
        }

        if (Loop.Batch.Lagging is { } lagging)
        {
            Loop.Batch.Lagging = null;
            Loop.Pause(this, lagging);
        }

        if (Session.IsWaiting)
        {
            UpdateInterest();
        }
    }

    /// <summary>Keeps the beginning of a command until more of it comes.</summary>
    private void Keep(ReadOnlySpan<byte> rest, int needed)
    {
        if (!rest.IsEmpty && !_partial.TryKeep(rest, needed, Loop.ReceiveBuffer.Length))
        {
            Close(CloseReason.MemoryExhausted);
        }
    }

    private void WorkOnLarge(int read)
    {
        ReadOnlySpan<byte> whole = _partial.Received(read);
        if (!whole.IsEmpty)
        {
            Work(whole);
            _partial.Release();
        }
    }

    private void FinishSending()
    {
        if (CloseReason == CloseReason.ClientClosed)
        {
            _state = State.Releasing;
            return;
        }

        _ = Libc.Shutdown(Fd, 1);
        _state = State.Lingering;
        _closeDeadline = Math.Min(_closeDeadline, Loop.After(Loop.Node.Limits.CloseLingerTimeout));
        UpdateInterest();
    }

    /// <summary>Gives back what the connection holds, and with the last of it the socket.</summary>
    private void Finish(int mostSubscriptions)
    {
        ReleaseBuffers();
        if (Session.Release(mostSubscriptions))
        {
            StoppedAt = DateTimeOffset.UtcNow;
            _state = State.Closed;
            Loop.Forget(this);
            _ = Libc.Close(Fd);
        }
    }

    private void ReleaseBuffers()
    {
        Session.Outbound.Discard(_sender.TakeUnsent());
        _partial.Release();
        ReleaseBeneath();
    }
}
