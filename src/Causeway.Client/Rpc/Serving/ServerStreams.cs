using Causeway.Client.Rpc.Streams;
using Causeway.Client.Rpc.Wire;
using Causeway.Client.Timing;

namespace Causeway.Client.Rpc.Serving;

/// <summary>The streams that are open at a server, by the numbers it gave them. Safe for any thread.</summary>
internal sealed class ServerStreams(BusWire wire, MillisecondClock clock, RpcLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, StreamChannel> _streams = [];
    private long _lastNumber;
    private long _strays;

    public StreamCounters Counters { get; } = new();

    /// <summary>Frames for streams that are not open.</summary>
    public long Strays => Volatile.Read(ref _strays);

    /// <summary>Opens a stream with a caller; the call's handler is cancelled when the stream is over before it.</summary>
    public (long Number, StreamChannel Channel) Open(string caller, ServerCall call)
    {
        long number = Interlocked.Increment(ref _lastNumber);

        // Without a subject for answers: that nobody hears could not be told for one stream, and silence says it too.
        StreamChannel channel = new(wire, clock, limits, Counters, null, _ => Over(number, call));
        channel.Begin(caller, call.Header.Messages, call.Header.Bytes);
        lock (_gate)
        {
            _streams.Add(number, channel);
        }

        return (number, channel);
    }

    public void OnFrame(in RpcHeader header, ReadOnlySpan<byte> payload)
    {
        StreamChannel? channel;
        lock (_gate)
        {
            _streams.TryGetValue(header.Stream, out channel);
        }

        if (channel is null || header.Kind is not (RpcKind.Data or RpcKind.Credit or RpcKind.End or RpcKind.Abort or RpcKind.Ping))
        {
            Interlocked.Increment(ref _strays);
            return;
        }

        channel.OnFrame(header, payload);
    }

    public void Tick(long now) => Array.ForEach(All(), channel => channel.Tick(now));

    public void AbortAll(RpcException reason) => Array.ForEach(All(), channel => channel.Abort(reason));

    public void FailAll(Exception reason) => Array.ForEach(All(), channel => channel.Fail(reason));

    private StreamChannel[] All()
    {
        lock (_gate)
        {
            return [.. _streams.Values];
        }
    }

    private void Over(long number, ServerCall call)
    {
        lock (_gate)
        {
            _streams.Remove(number);
        }

        call.Cancellation.CancelAsync();
    }
}
