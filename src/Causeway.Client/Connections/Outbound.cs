using System.Buffers;
using Causeway.Client.Protocol;
using Causeway.Client.Telemetry;
using Causeway.Client.Threading;

namespace Causeway.Client.Connections;

/// <summary>
/// Commands on their way to the server: any thread appends, the writer of the current link takes all at once. It outlives links, so
/// what was not handed to a socket when one broke goes out on the next; what was handed over may be lost (delivery is at most once).
/// </summary>
/// <remarks>
/// Bounded: a publish or subscribe that finds the buffer full waits for room. Only an empty buffer takes a command larger than
/// the bound. PONG, UNSUB and keep-alive pings always fit; each is small and there is at most one for each ping, subscription or tick.
/// </remarks>
internal sealed class Outbound(int bytesMax)
{
    // Larger buffers are kept only while there is much to send.
    private const int KeptBytesMax = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly AsyncSignal _readable = new();
    private readonly PongQueue _pongs = new();
    private byte[] _buffer = [];
    private int _length;
    private int _commands;
    private byte[] _spare = [];
    private TaskCompletionSource? _room;
    private Exception? _closed;
    private long _appended;
    private long _taken;
    private long _messages;
    private long _messageBytes;

    /// <summary>The subject that was last found right to publish to, as the string that it was; for any thread.</summary>
    public string? RightSubject { get; set; }

    public int PendingBytes
    {
        get
        {
            lock (_gate)
            {
                return _length;
            }
        }
    }

    public int PendingPings
    {
        get
        {
            lock (_gate)
            {
                return _pongs.Count;
            }
        }
    }

    public (long Messages, long Bytes) Published
    {
        get
        {
            lock (_gate)
            {
                return (_messages, _messageBytes);
            }
        }
    }

    public bool TryPublish(string subject, string? replyTo, MessageHeaders? headers, ReadOnlySpan<byte> payload)
    {
        int headerBytes = headers?.EncodedLength() ?? 0;
        int bound = CommandEncoder.PublishLineBound(subject, replyTo) + headerBytes + payload.Length;
        lock (_gate)
        {
            if (!TryReserve(bound))
            {
                return false;
            }

            Appended(CommandEncoder.WritePublish(_buffer.AsSpan(_length), subject, replyTo, headers, headerBytes, payload));
            _messages++;
            _messageBytes += headerBytes + payload.Length;
        }

        ClientTelemetry.Sent();
        return true;
    }

    /// <summary>Publishes with a header block that is ready.</summary>
    public bool TryPublishBlock(string subject, string? replyTo, ReadOnlySpan<byte> headerBlock, ReadOnlySpan<byte> payload)
    {
        int bound = CommandEncoder.PublishLineBound(subject, replyTo) + headerBlock.Length + payload.Length;
        lock (_gate)
        {
            if (!TryReserve(bound))
            {
                return false;
            }

            Appended(CommandEncoder.WritePublish(_buffer.AsSpan(_length), subject, replyTo, headerBlock, payload));
            _messages++;
            _messageBytes += headerBlock.Length + payload.Length;
        }

        ClientTelemetry.Sent();
        return true;
    }

    /// <summary>Publishes as soon as there is room.</summary>
    public async ValueTask PublishAsync(
        string subject, ReadOnlyMemory<byte> payload, string? replyTo, MessageHeaders? headers, CancellationToken cancellationToken)
    {
        while (!TryPublish(subject, replyTo, headers, payload.Span))
        {
            await RoomAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public bool TrySubscribe(long sid, string subject, string? queueGroup, long? max)
    {
        lock (_gate)
        {
            if (!TryReserve(CommandEncoder.SubscribeBound(subject, queueGroup)))
            {
                return false;
            }

            Appended(CommandEncoder.WriteSubscribe(_buffer.AsSpan(_length), sid, subject, queueGroup, max));
            return true;
        }
    }

    /// <summary>Appends a PING; <paramref name="pong"/> completes with its PONG and fails when the link that carried it breaks.</summary>
    public bool TryPing(TaskCompletionSource pong)
    {
        lock (_gate)
        {
            if (!TryReserve(CommandEncoder.Ping.Length))
            {
                return false;
            }

            AppendPing(pong);
            return true;
        }
    }

    public void Unsubscribe(long sid)
    {
        lock (_gate)
        {
            if (_closed is null)
            {
                Reserve(CommandEncoder.UnsubscribeBound);
                Appended(CommandEncoder.WriteUnsubscribe(_buffer.AsSpan(_length), sid));
            }
        }
    }

    public void KeepAlive()
    {
        lock (_gate)
        {
            if (_closed is null)
            {
                Reserve(CommandEncoder.Ping.Length);
                AppendPing(null);
            }
        }
    }

    public void Pong()
    {
        lock (_gate)
        {
            if (_closed is null)
            {
                Reserve(CommandEncoder.Pong.Length);
                CommandEncoder.Pong.CopyTo(_buffer.AsSpan(_length));
                Appended(CommandEncoder.Pong.Length);
            }
        }
    }

    public void PongArrived()
    {
        TaskCompletionSource? waiter;
        lock (_gate)
        {
            waiter = _pongs.Take();
        }

        waiter?.TrySetResult();
    }

    /// <summary>Completes when the buffer may have room again: try once more then.</summary>
    public Task RoomAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_length == 0 || _closed is not null)
            {
                return Task.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Takes all that is pending, for the writer. <see cref="Recycle"/> takes the buffer back when it is sent.</summary>
    /// <param name="buffer">The bytes.</param>
    /// <param name="length">How many of them.</param>
    /// <param name="commands">How many commands they are.</param>
    public bool TryTake(out byte[] buffer, out int length, out int commands)
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            buffer = _buffer;
            length = _length;
            commands = _commands;
            if (length == 0)
            {
                if (_buffer.Length > KeptBytesMax)
                {
                    Return(_buffer);
                    _buffer = [];
                }

                return false;
            }

            _buffer = _spare;
            _spare = [];
            _length = 0;
            _commands = 0;
            _taken += length;
            room = _room;
            _room = null;
        }

        room?.TrySetResult();
        return true;
    }

    public void Recycle(byte[] buffer)
    {
        lock (_gate)
        {
            bool kept = buffer.Length <= KeptBytesMax || _length > KeptBytesMax;
            if (kept && _closed is null && _spare.Length < buffer.Length)
            {
                (_spare, buffer) = (buffer, _spare);
            }
        }

        Return(buffer);
    }

    /// <summary>For the writer: completes when there may be something to take, or after <see cref="WakeWriter"/>.</summary>
    public ValueTask ReadableAsync() => _readable.WaitAsync();

    public void WakeWriter() => _readable.Set();

    /// <summary>The link that took bytes is gone: fails the pings that went with it.</summary>
    public void LinkLost(Exception reason)
    {
        List<TaskCompletionSource> lost;
        lock (_gate)
        {
            lost = _pongs.TakeUpTo(_taken);
        }

        lost.ForEach(waiter => waiter.TrySetException(reason));
    }

    /// <summary>No link will come any more: drops what is pending and fails all who wait or append later.</summary>
    public void Close(Exception reason)
    {
        List<TaskCompletionSource> lost;
        TaskCompletionSource? room;
        lock (_gate)
        {
            _closed ??= reason;
            lost = _pongs.TakeUpTo(long.MaxValue);
            room = _room;
            _room = null;
            _length = 0;
            _commands = 0;
            Return(_buffer);
            Return(_spare);
            _buffer = [];
            _spare = [];
        }

        lost.ForEach(waiter => waiter.TrySetException(reason));
        room?.TrySetResult();
    }

    private bool TryReserve(int bytes)
    {
        if (_closed is not null)
        {
            throw Ending.Again(_closed);
        }

        if (_length > 0 && _length + (long)bytes > bytesMax)
        {
            return false;
        }

        Reserve(bytes);
        return true;
    }

    private void Reserve(int bytes)
    {
        int needed = _length + bytes;
        if (needed <= _buffer.Length)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Min(_buffer.Length * 2, bytesMax)));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        Return(_buffer);
        _buffer = larger;
    }

    private void AppendPing(TaskCompletionSource? pong)
    {
        CommandEncoder.Ping.CopyTo(_buffer.AsSpan(_length));
        Appended(CommandEncoder.Ping.Length);
        _pongs.Add(pong, _appended);
    }

    private void Appended(int bytes)
    {
        bool first = _length == 0;
        _length += bytes;
        _commands++;
        _appended += bytes;
        if (first)
        {
            _readable.Set();
        }
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
