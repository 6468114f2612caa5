using Causeway.Core.Delivery;
using Causeway.Core.Memory;
using Causeway.Core.Routing;

namespace Causeway.Core.Links;

/// <summary>
/// The lane of a link that carries messages. What waits is bounded; beyond that messages are dropped by class and counted, and local
/// delivery goes on. <see cref="TrySend"/> may be called from any thread, the members of <see cref="ILane"/> from the loop's.
/// </summary>
public sealed class DataLane : ILane
{
    private const long MovingMilliseconds = 100;
    private const int StallsOfControl = 2;

    private readonly ILaneTransport _transport;
    private readonly LinkLimits _limits;
    private readonly Governor _governor;
    private readonly ILinkReceiver _receiver;
    private readonly int _maxFrameBytes;
    private readonly bool _isWan;
    private readonly long[] _dropped = new long[2];
    private readonly long[] _droppedBytes = new long[2];
    private long _sentMessages;
    private long _receivedMessages;
    private long _receivedBytes;
    private long _sentWhenChecked;
    private long _movedAt;
    private bool _moving = true;

    /// <summary>Creates the lane of a link that is up.</summary>
    public DataLane(Link link, ILaneTransport transport, LinkLimits limits, Governor governor, ILinkReceiver receiver, int maxPayloadBytes)
    {
        Link = link;
        _isWan = link.IsWan;
        _movedAt = link.Now;
        _transport = transport;
        _limits = limits;
        _governor = governor;
        _receiver = receiver;
        _maxFrameBytes = DataFrame.MaxBytes(maxPayloadBytes);
    }

    /// <summary>The link that it belongs to.</summary>
    public Link Link { get; }

    /// <summary>True once it takes nothing more.</summary>
    public bool IsClosed => _transport.Queue.IsClosed;

    /// <summary>Bytes that wait to be sent.</summary>
    public long PendingBytes => _transport.Queue.PendingBytes;

    /// <summary>Bytes that it holds of the node's memory.</summary>
    public long HeldBytes => _transport.HeldBytes;

    /// <summary>Bytes sent.</summary>
    public long SentBytes => _transport.SentBytes;

    /// <summary>Messages taken to be sent.</summary>
    public long SentMessages => Volatile.Read(ref _sentMessages);

    /// <summary>Messages received.</summary>
    public long ReceivedMessages => Volatile.Read(ref _receivedMessages);

    /// <summary>Bytes received.</summary>
    public long ReceivedBytes => Volatile.Read(ref _receivedBytes);

    /// <summary>Messages of <paramref name="kind"/> that were dropped.</summary>
    public long Dropped(MessageClass kind) => Volatile.Read(ref _dropped[(int)kind]);

    /// <summary>Bytes of messages of <paramref name="kind"/> that were dropped.</summary>
    public long DroppedBytes(MessageClass kind) => Volatile.Read(ref _droppedBytes[(int)kind]);

    /// <summary>Queues a message for the other side; false if it was dropped, which is counted, or the lane is closed.</summary>
    public bool TrySend(in Message message, ReadOnlySpan<byte> replyPrefix, DataFrameFlags flags, ReadOnlySpan<byte> tenant, ReadOnlySpan<byte> extension, DeliveryBatch batch)
    {
        OutboundQueue queue = _transport.Queue;
        MessageClass kind = message.ReplyLength > 0 || (flags & DataFrameFlags.Directed) != 0 ? MessageClass.Rpc : MessageClass.Bulk;
        int length = DataFrame.Length(message, replyPrefix, tenant, extension);
        bool fits = message.Subject.Length <= DataFrame.MaxTextBytes && message.ReplyLength + replyPrefix.Length <= DataFrame.MaxTextBytes;
        bool flush;
        long pending;
        lock (queue.Gate)
        {
            if (queue.IsClosed)
            {
                return false;
            }

            if (!fits || !MayWait(kind, queue.PendingBytes + length))
            {
                CountDrop(kind, length);
                return false;
            }

            if (!DataFrame.TryAppend(queue, message, replyPrefix, flags, tenant, extension))
            {
                // A part may be there: behind it nothing can come. The link begins anew.
                queue.Close();
                CountDrop(kind, length);
                _transport.Close("memory is exhausted");
                return false;
            }

            _sentMessages++;
            flush = queue.MarkAppended();
            pending = queue.PendingBytes;
        }

        batch.TakenBy?.Add(Link);
        if (flush)
        {
            batch.Touch(_transport);
        }

        // Within a region publishers slow down to what the link carries, as long as it carries anything; between regions they never do.
        if (pending > _limits.PausePendingBytes && !_isWan && Volatile.Read(ref _moving))
        {
            batch.Lagging = queue;
        }

        return true;
    }

    /// <inheritdoc/>
    public int Receive(ReadOnlySpan<byte> data, DeliveryBatch batch)
    {
        int done = 0;
        while (true)
        {
            FrameStatus status = DataFrame.TryRead(data[done..], _maxFrameBytes, out DataFrameView frame);
            if (status != FrameStatus.Complete)
            {
                NeededBytes = frame.Length;
                if (status == FrameStatus.Malformed)
                {
                    _transport.Close("a frame of the data lane can't be read");
                    done = data.Length;
                }

                break;
            }

            done += frame.Length;
            _receivedMessages++;
            _receiver.OnMessage(Link, frame, batch);
        }

        Volatile.Write(ref _receivedBytes, _receivedBytes + done);
        Link.EndIfLeft();
        return done;
    }

    /// <inheritdoc/>
    public int NeededBytes { get; private set; }

    /// <inheritdoc/>
    public int Fill(Span<byte> room, long now) => 0;

    /// <inheritdoc/>
    public void Check(long now)
    {
        long sent = _transport.SentBytes;
        if (sent != _sentWhenChecked || PendingBytes == 0)
        {
            (_sentWhenChecked, _movedAt) = (sent, now);
        }

        long still = now - _movedAt;
        Volatile.Write(ref _moving, still < MovingMilliseconds);
        if (still >= StallsOfControl * Link.Meter.StallMilliseconds)
        {
            // The control lane is well, or the link would have ended by itself: it is this connection that is stuck.
            Link.Close($"no byte of its data lane moved for {still} ms");
        }
    }

    /// <summary>Ends the lane.</summary>
    public void Close(string reason)
    {
        _transport.Queue.Close();
        _transport.Close(reason);
    }

    /// <inheritdoc/>
    public void OnClosed(string reason, ReadOnlySpan<byte> rest) => Link.OnDataLaneClosed(this, reason);

    private bool MayWait(MessageClass kind, long bytes)
    {
        if (kind == MessageClass.Bulk)
        {
            return bytes <= _limits.MaxBulkPendingBytes && !(_isWan && _governor.DropsWanBulk);
        }

        return bytes <= _limits.MaxPendingBytes && !(_isWan && _governor.DropsWanData);
    }

    private void CountDrop(MessageClass kind, int bytes)
    {
        Interlocked.Increment(ref _dropped[(int)kind]);
        Interlocked.Add(ref _droppedBytes[(int)kind], bytes);
    }
}
