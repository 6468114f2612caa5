using System.Runtime.CompilerServices;
using Causeway.Client.Rpc.Wire;
using Causeway.Client.Threading;
using Causeway.Client.Timing;

namespace Causeway.Client.Rpc.Streams;

/// <summary>One side of a stream over the bus: a <see cref="StreamState"/> with a reader, a writer and the link's reader around it.</summary>
internal sealed class StreamChannel : IFrameSink
{
    private readonly BusWire _wire;
    private readonly MillisecondClock _clock;
    private readonly StreamCounters _counters;
    private readonly string? _replyTo;
    private readonly Action<StreamChannel> _over;
    private readonly Lock _gate = new();
    private readonly StreamState _state;
    private readonly AsyncSignal _readable = new();
    private readonly AsyncSignal _writable = new();
    private string _subject = string.Empty;
    private long _number;
    private int _reading;
    private int _writing;
    private bool _waitsForRoom;
    private bool _isOver;

    /// <param name="wire">The bus.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="limits">The bounds.</param>
    /// <param name="counters">Of all streams of the caller or server.</param>
    /// <param name="replyTo">Where the bus says that nobody hears; null where it can't.</param>
    /// <param name="over">Called once, when nothing will be sent or taken any more.</param>
    public StreamChannel(BusWire wire, MillisecondClock clock, RpcLimits limits, StreamCounters counters, string? replyTo, Action<StreamChannel> over)
    {
        _wire = wire;
        _clock = clock;
        _counters = counters;
        _replyTo = replyTo;
        _over = over;
        _state = new StreamState(limits, clock.Now);
    }

    /// <summary>At the server: goes on with what the caller allows.</summary>
    public void Begin(string subject, long messages, long bytes)
    {
        lock (_gate)
        {
            _subject = subject;
            _state.Begin(messages, bytes);
            _counters.Opened();
        }
    }

    public void Opened(in RpcHeader header)
    {
        lock (_gate)
        {
            _subject = RpcSubjects.At(header.From);
            _number = header.Stream;
            _state.Begin(header.Messages, header.Bytes);
            _counters.Opened();
        }
    }

    public void OnFrame(in RpcHeader header, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            _state.OnFrame(header, payload, _clock.Now);
            if (header.Kind == RpcKind.Data)
            {
                _counters.ValueIn(_state);
            }
        }

        Changed();
    }

    public void OnNobody() => Change(state => state.Break(new RpcException(RpcCode.Gone, "the other side is gone", true)));

    public void Tick(long now) => Change(state => state.Tick(now));

    public void Fail(Exception reason) => Change(state => state.Break(new RpcException(RpcCode.Unavailable, $"the connection is closed: {reason.Message}", true)));

    /// <summary>The stream fails on this side; the other is told.</summary>
    public void Abort(RpcException reason) => Change(state => state.Fail(reason));

    /// <summary>This side writes no more.</summary>
    public void End() => Change(state => state.End());

    /// <summary>At the server: the handler is through.</summary>
    public void Close() => Change(state => state.Close());

    /// <summary>Sends a value, once the other side allows it and there is room.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        Enter(ref _writing, "written to");
        try
        {
            using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static signal => ((AsyncSignal)signal!).Set(), _writable);
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                bool hasCredit;
                lock (_gate)
                {
                    if (_state.WriteProblem is { } problem)
                    {
                        throw Again(problem);
                    }

                    hasCredit = _state.HasCredit;
                    if (hasCredit && TrySend(_state.NextData, value.Span))
                    {
                        _counters.ValueOut();
                        return;
                    }
                }

                if (hasCredit)
                {
                    await _wire.RoomAsync(cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    await _writable.WaitAsync().ConfigureAwait(false);
                }
            }
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    /// <summary>The other side's values as they come, to its end.</summary>
    public async IAsyncEnumerable<byte[]> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Enter(ref _reading, "read");
        try
        {
            using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static signal => ((AsyncSignal)signal!).Set(), _readable);
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (TryRead(out byte[]? value, out bool ended))
                {
                    Pump();
                    yield return value!;
                }
                else if (ended)
                {
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
            Volatile.Write(ref _reading, 0);
        }
    }

    private bool TryRead(out byte[]? value, out bool ended)
    {
        lock (_gate)
        {
            if (_state.TryRead(out value))
            {
                ended = false;
                return true;
            }

            // What arrived before a failure is read first.
            if (_state.Failure is { } failure)
            {
                throw Again(failure);
            }

            ended = _state.RemoteEnded;
            return false;
        }
    }

    private void Change(Action<StreamState> change)
    {
        lock (_gate)
        {
            change(_state);
        }

        Changed();
    }

    private void Changed()
    {
        Pump();
        _readable.Set();
        _writable.Set();
    }

    /// <summary>Says what is to be said. Where there is no room it is said when there is, as it is then.</summary>
    private void Pump()
    {
        bool isOver;
        lock (_gate)
        {
            while (!_waitsForRoom && _state.TryNextControl(_clock.Now, out RpcHeader header))
            {
                if (!TrySend(header, default))
                {
                    _waitsForRoom = true;
                    _ = PumpWhenRoomAsync();
                }
                else if (header.Kind == RpcKind.Credit)
                {
                    _counters.CreditOut();
                }
            }

            isOver = _state.IsOver && !_isOver;
            _isOver |= isOver;
            if (isOver)
            {
                _counters.Over(_state);
            }
        }

        if (isOver)
        {
            _over(this);
        }
    }

    private async Task PumpWhenRoomAsync()
    {
        try
        {
            await Task.Yield();
            await _wire.RoomAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The end of the connection ends the stream.
            return;
        }

        lock (_gate)
        {
            _waitsForRoom = false;
        }

        Pump();
    }

    private bool TrySend(in RpcHeader header, ReadOnlySpan<byte> payload)
    {
        if (!_wire.TrySend(_subject, _replyTo, header with { Stream = _number }, payload))
        {
            return false;
        }

        _state.Sent(header, payload.Length, _clock.Now);
        return true;
    }

    private static Exception Again(Exception reason) =>
        reason is RpcException failure ? new RpcException(failure.Code, failure.Message, failure.MayHaveRun) : reason;

    private static void Enter(ref int users, string what)
    {
        if (Interlocked.Exchange(ref users, 1) != 0)
        {
            throw new InvalidOperationException($"a stream can be {what} by one at a time");
        }
    }
}
