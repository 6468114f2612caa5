using System.Buffers.Text;
using Causeway.Client.Delivery;
using Causeway.Client.Rpc.Calls;
using Causeway.Client.Rpc.Streams;
using Causeway.Client.Rpc.Wire;
using Causeway.Client.Serialization;
using Causeway.Client.Timing;

namespace Causeway.Client.Rpc;

/// <summary>
/// Calls methods of services over the bus. It holds one subscription, an inbox for all answers, whatever it calls. Safe for any thread.
/// </summary>
public sealed class RpcClient : IAsyncDisposable
{
    private static readonly TimeSpan StreamTick = TimeSpan.FromMilliseconds(500);

    private readonly BusClient _bus;
    private readonly BusWire _wire;
    private readonly RpcLimits _limits;
    private readonly MillisecondClock _clock;
    private readonly CallTable _table;
    private readonly string _inbox = BusClient.NewInbox();
    private readonly StreamCounters _streams = new();
    private readonly DueTimer _timer;
    private readonly ITimer _streamTimer;
    private readonly RpcMetrics _metrics;
    private SubscriptionEntry? _entry;
    private long _unreadable;
    private volatile bool _isDisposed;

    private RpcClient(BusClient bus, RpcLimits limits)
    {
        _bus = bus;
        _wire = new BusWire(bus);
        _limits = limits;
        _clock = new MillisecondClock(bus.Options.TimeProvider);
        string name = RpcSubjects.NewName();
        _table = new CallTable(_wire, name, _inbox, limits);
        _timer = new DueTimer(_clock, _table.Tick);
        _streamTimer = bus.Options.TimeProvider.CreateTimer(_ => TickStreams(), null, StreamTick, StreamTick);
        _metrics = RpcMetrics.Of(this, name);
    }

    /// <summary>What it did so far, and what waits in it.</summary>
    public RpcClientStatistics Statistics
    {
        get
        {
            CallCounts counts = _table.Counts;
            return new RpcClientStatistics
            {
                Calls = counts.Calls,
                Sent = counts.Sent,
                Claims = counts.Claims,
                Retries = counts.Retries,
                Failed = counts.Failed,
                TimedOut = counts.TimedOut,
                Cancelled = counts.Cancelled,
                Refused = counts.Refused,
                UnansweredClaims = counts.UnansweredClaims,
                DuplicateServers = counts.DuplicateServers,
                Strays = counts.Strays,
                Unreadable = Volatile.Read(ref _unreadable),
                UnsentMessages = counts.UnsentMessages,
                EvictedKeys = counts.EvictedKeys,
                Pending = counts.Pending,
                PendingBytes = counts.PendingBytes,
                KnownKeys = counts.KnownKeys,
                OpenStreams = counts.Streams,
                Streams = _streams.Snapshot,
            };
        }
    }

    /// <summary>Opens a caller over a client, which stays the program's to dispose.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    /// <exception cref="BusConnectionException">The connection was lost for good.</exception>
    public static async Task<RpcClient> OpenAsync(BusClient bus, RpcLimits? limits = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        limits ??= new RpcLimits();
        limits.Validate();
        RpcClient client = new(bus, limits);
        RpcSink sink = new(client.Receive, client.End, () => Interlocked.Increment(ref client._unreadable));
        try
        {
            client._entry = await bus.AttachAsync($"{client._inbox}.*", null, sink, cancellationToken).ConfigureAwait(false);
            bus.PublishRefused += client.Refuse;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return client;
    }

    /// <summary>The address of the server that a key is known to be at; null where it is not known, and the next call asks all.</summary>
    public string? ServerOf(RpcService service, string key)
    {
        ArgumentNullException.ThrowIfNull(service);
        return _table.Find(service.Name, key);
    }

    /// <summary>Calls a method and waits for the reply.</summary>
    /// <param name="method">The method.</param>
    /// <param name="target">Which of the service's servers the call is for.</param>
    /// <param name="request">The request.</param>
    /// <param name="timeout">How long the call may take in all; null for <see cref="RpcLimits.CallTimeout"/>. At most <see cref="RpcLimits.CallTimeoutMax"/>.</param>
    /// <param name="cancellationToken">Gives the call up; the server is told.</param>
    /// <exception cref="RpcException">The call failed: the code says why, and whether it may have run.</exception>
    /// <exception cref="PayloadTooLargeException">The bus takes no message of this size.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The client is closed.</exception>
    public Task<TReply> CallAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method, RpcTarget target, TRequest request, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        try
        {
            ArgumentNullException.ThrowIfNull(method);
            CallEnd<TReply> end = new(method.Reply, cancellationToken.CanBeCanceled) { Call = method.FullName };
            PendingCall call = new()
            {
                Service = method.Service.Name,
                Method = method.FullName,
                Target = target,
                Payload = Wire.Payload.Of(method.Request, request),
                Sink = end,
                Deadline = DeadlineOf(timeout),
                Idempotent = method.Idempotent,
            };
            return AnswerTo(call, end, cancellationToken);
        }
#pragma warning disable CA1031 // All that is wrong is told by the task.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Task.FromException<TReply>(failure);
        }
    }

    /// <summary>Opens a stream. Dispose it when done.</summary>
    /// <param name="method">The method.</param>
    /// <param name="target">Which of the service's servers the stream is with.</param>
    /// <param name="timeout">How long opening may take; null for <see cref="RpcLimits.CallTimeout"/>. The stream may last longer.</param>
    /// <param name="cancellationToken">Gives up opening; an open stream is given up by disposing it.</param>
    /// <exception cref="RpcException">It can't be opened: the code says why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The client is closed.</exception>
    public async Task<RpcStream<TUp, TDown>> OpenStreamAsync<TUp, TDown>(
        RpcStreamMethod<TUp, TDown> method, RpcTarget target, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(method);
        CallEnd<byte[]> end = new(MessageSerializers.Bytes, isCancellable: true) { Call = method.FullName };
        OpeningStream opening = new(this, end.Task);
        PendingCall call = new()
        {
            Service = method.Service.Name,
            Method = method.FullName,
            Target = target,
            Payload = default,
            Sink = end,
            Deadline = DeadlineOf(timeout),
            Stream = opening,
        };
        opening.Call = call;
        try
        {
            await AnswerTo(call, end, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It may have been opened at the same moment.
            opening.Channel?.Abort(new RpcException(RpcCode.Cancelled, "the caller gave up", true));
            throw;
        }

        return new RpcStream<TUp, TDown>(opening.Channel!, method.Up, method.Down);
    }

    /// <summary>Ends it: calls that wait and open streams fail.</summary>
    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        _bus.PublishRefused -= Refuse;
        if (_entry is { } entry)
        {
            _bus.Detach(entry);
        }

        foreach (IFrameSink stream in _table.Streams)
        {
            (stream as OpeningStream)?.Channel?.Abort(new RpcException(RpcCode.Cancelled, "the caller is closed", true));
        }

        _table.End(new ObjectDisposedException(nameof(RpcClient)));
        _timer.Dispose();
        _streamTimer.Dispose();
        _metrics.Dispose();
        return ValueTask.CompletedTask;
    }

    private long DeadlineOf(TimeSpan? timeout)
    {
        TimeSpan time = timeout ?? _limits.CallTimeout;
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.FromMilliseconds(1), nameof(timeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, _limits.CallTimeoutMax, nameof(timeout));
        return _clock.Now + (long)time.TotalMilliseconds;
    }

    /// <summary>Sends a call. The usual one has no state machine: the task is completed by who gets the reply.</summary>
    private Task<T> AnswerTo<T>(PendingCall call, CallEnd<T> end, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        if (!_table.TryBegin(call, _clock.Now))
        {
            return AnswerSlowlyAsync(call, end, cancellationToken);
        }

        _timer.Need(call.DueAt);
        return cancellationToken.CanBeCanceled ? CancellableAsync(call, end, cancellationToken) : end.Task;
    }

    private async Task<T> AnswerSlowlyAsync<T>(PendingCall call, CallEnd<T> end, CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                await RoomAsync(call, cancellationToken).ConfigureAwait(false);
            }
            while (!_table.TryBegin(call, _clock.Now));
        }
        finally
        {
            _table.AwaitsRoomNoMore(call);
        }

        _timer.Need(call.DueAt);
        return await CancellableAsync(call, end, cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> CancellableAsync<T>(PendingCall call, CallEnd<T> end, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            (_, token) =>
            {
                if (end.TrySetCanceled(token))
                {
                    _table.Cancel(call);
                }
            },
            null);
        return await end.Task.ConfigureAwait(false);
    }

    private async Task RoomAsync(PendingCall call, CancellationToken cancellationToken)
    {
        TimeSpan left = TimeSpan.FromMilliseconds(Math.Max(0, call.Deadline - _clock.Now));
        try
        {
            await _wire.RoomAsync(cancellationToken).WaitAsync(left, _clock.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new RpcException(RpcCode.DeadlineExceeded, $"{call}: the connection had no room for it in time", false);
        }
    }

    private void Receive(in RpcMessage message)
    {
        ReadOnlySpan<byte> token = message.Subject[Math.Min(_inbox.Length + 1, message.Subject.Length)..];
        if (!Utf8Parser.TryParse(token, out long number, out int used) || used != token.Length)
        {
            Interlocked.Increment(ref _unreadable);
            return;
        }

        _table.OnMessage(number, message, _clock.Now);
        if (message.Header.Kind == RpcKind.Fail || message.IsNobody)
        {
            // The call may have been sent again, and then waits for less than it did.
            _timer.Need(_table.FirstDue);
        }
    }

    private void Refuse(string subject, BusException reason) => _table.Refuse(subject, reason.Message);

    private void End(Exception? reason) => _table.End(reason ?? new ObjectDisposedException(nameof(BusClient)));

    private void TickStreams()
    {
        long now = _clock.Now;
        foreach (IFrameSink stream in _table.Streams)
        {
            stream.Tick(now);
        }
    }

    /// <summary>A stream that becomes a channel when a server took it: only then is its number known for good.</summary>
    private sealed class OpeningStream(RpcClient client, Task opened) : IFrameSink
    {
        private volatile StreamChannel? _channel;

        public PendingCall? Call { get; set; }

        public StreamChannel? Channel => _channel;

        public void Opened(in RpcHeader header)
        {
            long number = Call!.Number;
            StreamChannel channel = new(
                client._wire, client._clock, client._limits, client._streams, RpcSubjects.Reply(client._inbox, number), _ => client._table.RemoveStream(number));
            channel.Opened(header);
            _channel = channel;
            if (opened.IsCanceled || client._isDisposed)
            {
                channel.Abort(new RpcException(RpcCode.Cancelled, "the caller gave up", true));
            }
        }

        public void OnFrame(in RpcHeader header, ReadOnlySpan<byte> payload) => Channel?.OnFrame(header, payload);

        public void OnNobody() => Channel?.OnNobody();

        public void Tick(long now) => Channel?.Tick(now);

        public void Fail(Exception reason) => Channel?.Fail(reason);
    }
}
