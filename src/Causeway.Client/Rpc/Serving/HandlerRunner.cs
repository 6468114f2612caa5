using Causeway.Client.Rpc.Streams;
using Causeway.Client.Rpc.Wire;
using Causeway.Client.Timing;

namespace Causeway.Client.Rpc.Serving;

/// <summary>Runs handlers on the thread pool and sends what they answer. Safe for any thread.</summary>
internal sealed class HandlerRunner
{
    private readonly BusWire _wire;
    private readonly MillisecondClock _clock;
    private readonly RpcLimits _limits;
    private readonly string _address;
    private readonly Dispatcher _dispatcher;
    private readonly ReadyCalls _ready;
    private long _errors;

    public HandlerRunner(BusWire wire, MillisecondClock clock, RpcLimits limits, string address, Dispatcher dispatcher)
    {
        _wire = wire;
        _clock = clock;
        _limits = limits;
        _address = address;
        _dispatcher = dispatcher;
        _ready = new ReadyCalls(Run);
        Streams = new ServerStreams(wire, clock, limits);
    }

    public ServerStreams Streams { get; }

    /// <summary>Handlers that threw what is no <see cref="RpcException"/>.</summary>
    public long Errors => Volatile.Read(ref _errors);

    public Action<string, Exception>? OnError { get; set; }

    public MethodQueue QueueFor(RpcHandler handler)
    {
        RpcMethodOptions options = handler.Options;
        return new MethodQueue(
            handler.Method,
            options.ConcurrencyMax ?? (handler.Stream is null ? _limits.ConcurrencyMax : _limits.StreamsMax),
            options.QueuedCallsMax ?? _limits.QueuedCallsMax,
            options.QueuedBytesMax ?? _limits.QueuedBytesMax)
        {
            Handler = handler,
        };
    }

    /// <summary>Has a call's handler run elsewhere, and soon after the next <see cref="Wake"/>.</summary>
    public void Start(ServerCall call)
    {
        if (call.Method.Handler!.Options.Blocks)
        {
            new Thread(() => Run(call)) { IsBackground = true, Name = $"rpc {call.Method.Name}" }.UnsafeStart();
        }
        else
        {
            _ready.Add(call);
        }
    }

    /// <summary>Handlers that were to be started begin now.</summary>
    public void Wake() => _ready.Wake();

    private void Run(ServerCall call) => _ = RunAsync(call);

    private async Task RunAsync(ServerCall call)
    {
        RpcHandler handler = call.Method.Handler!;
        RpcContext context = new(call.Header.Key, TimeSpan.FromMilliseconds(Math.Max(0, call.Deadline - call.StartedAt)), call.Cancellation.Token);
        try
        {
            if (call.IsStream != (handler.Stream is not null))
            {
                string text = $"'{handler.Method}' is {(call.IsStream ? "no" : "a")} stream";
                await AnswerAsync(call, Failure(new RpcException(RpcCode.Unimplemented, text, false)), default).ConfigureAwait(false);
            }
            else if (call.IsStream)
            {
                await StreamAsync(call, handler, context).ConfigureAwait(false);
            }
            else
            {
                await CallAsync(call, handler, context).ConfigureAwait(false);
            }
        }
        catch (Exception closed) when (closed is ObjectDisposedException or BusException)
        {
            // The connection is closed: there is nobody to answer any more.
        }
        finally
        {
            _dispatcher.Completed(call, _clock.Now);
            _ready.Wake();
        }
    }

    private async Task CallAsync(ServerCall call, RpcHandler handler, RpcContext context)
    {
        RpcHeader answer = new(RpcKind.Done) { From = _address };
        byte[] reply = [];
        try
        {
            reply = await handler.Call!(call.Payload, context).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a handler throws is the answer.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            answer = Failure(Told(thrown, handler.Method, context));
        }

        await AnswerAsync(call, answer, reply).ConfigureAwait(false);
    }

    private async Task StreamAsync(ServerCall call, RpcHandler handler, RpcContext context)
    {
        if (call.ReplyTo is not { } caller)
        {
            return;
        }

        (long number, StreamChannel channel) = Streams.Open(caller, call);
        RpcHeader opened = new(RpcKind.Opened)
        {
            From = _address,
            Stream = number,
            Messages = _limits.StreamWindowMessages,
            Bytes = _limits.StreamWindowBytes,
        };
        try
        {
            if (await AnswerAsync(call, opened, default).ConfigureAwait(false))
            {
                await handler.Stream!(channel, context).ConfigureAwait(false);
                channel.Close();
            }
            else
            {
                channel.Abort(new RpcException(RpcCode.Cancelled, "the stream was given up before it was open", true));
            }
        }
#pragma warning disable CA1031 // Whatever a handler throws ends the stream.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            channel.Abort(Told(thrown, handler.Method, context));
        }
    }

    /// <summary>What the caller is told of an exception: the text of those made for it, and of others only the kind.</summary>
    private RpcException Told(Exception thrown, string method, RpcContext context)
    {
        if (thrown is RpcException refusal)
        {
            return refusal;
        }

        if (thrown is OperationCanceledException && context.Cancelled.IsCancellationRequested)
        {
            return new RpcException(RpcCode.Cancelled, $"'{method}' was cancelled", true);
        }

        Interlocked.Increment(ref _errors);
        try
        {
            OnError?.Invoke(method, thrown);
        }
#pragma warning disable CA1031 // A listener's fault must not cost the caller its answer; the property's documentation says so.
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        return new RpcException(RpcCode.Internal, $"the handler of '{method}' threw {thrown.GetType().Name}", true);
    }

    private RpcHeader Failure(RpcException reason) =>
        new(RpcKind.Fail) { From = _address, Code = reason.Code, Text = reason.Message, MayHaveRun = reason.MayHaveRun };

    /// <summary>Sends an answer, if it is still wanted, once there is room; false where it was not.</summary>
    private async ValueTask<bool> AnswerAsync(ServerCall call, RpcHeader answer, ReadOnlyMemory<byte> payload)
    {
        if (!call.TryAnswer() || call.ReplyTo is not { } caller)
        {
            return false;
        }

        try
        {
            while (!_wire.TrySend(caller, null, answer, payload.Span))
            {
                await _wire.RoomAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (PayloadTooLargeException large)
        {
            _wire.TrySend(caller, null, Failure(new RpcException(RpcCode.Internal, $"the reply is too large: {large.Message}", true)), default);
        }

        return true;
    }
}
