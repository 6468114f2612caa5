using System.Text;
using Causeway.Core.Clients;
using Causeway.Core.Delivery;
using Causeway.Core.Regions;
using Causeway.Core.Routing;

namespace Causeway.Core.Leafs;

/// <content>What goes out.</content>
public sealed partial class LeafSession
{
    // So many bytes of lines about interest in one turn of the loop.
    private const int ToldAtOnceBytes = 256 * 1024;

    private long _sentWhenChecked = -1;
    private long _movedAt;

    /// <summary>
    /// Sends a message to the other side, for what <paramref name="send"/> says; false if it was dropped or refused, which is counted, or
    /// the connection is closed. Any thread.
    /// </summary>
    internal bool TrySend(in Message message, LeafSend send, DeliveryBatch batch)
    {
        if (message.Subject.StartsWith("$CW."u8))
        {
            return false;
        }

        bool isTooLarge = Other.MaxPayloadBytes > 0 && message.Size > Other.MaxPayloadBytes;
        if (isTooLarge || (_permissions.SubscribeDeny is not null && !_permissions.MayReceive(message.Subject)))
        {
            Counters.CountRefusedMessage();
            return false;
        }

        bool headers = message.HasHeaders && Other.Headers;
        ReadOnlySpan<byte> tail = message.HasHeaders && !headers ? batch.Rewriter.WithoutHeaders(message) : message.Tail;
        // An inbox's subscription may be younger than what the other side was told last: its replies come by the way back.
        ReadOnlySpan<byte> prefix = NodeInterest.IsInbox(message.Reply) ? Tenant!.Tenant.Directory!.ReturnPath.Prefix : default;
        LeafMessage line = new(message, tail, headers, prefix, send.Queues);
        bool isRequest = message.ReplyLength > 0 || NodeInterest.IsInbox(message.Subject) || ReturnPath.IsOn(message.Subject) || message.Subject.StartsWith("_GR_."u8);
        OutboundQueue queue = _transport.Queue;
        bool flush;
        lock (queue.Gate)
        {
            if (queue.IsClosed)
            {
                return false;
            }

            if (!MayWait(isRequest, queue.PendingBytes + line.Length))
            {
                Counters.CountDrop(isRequest);
                return false;
            }

            if (!line.TryAppendTo(queue))
            {
                // A part may be there: behind it nothing can come.
                queue.Close();
                Counters.CountDrop(isRequest);
                _transport.Close("memory is exhausted");
                return false;
            }

            flush = queue.MarkAppended();
        }

        Counters.CountOut(message.Size);
        if (flush)
        {
            batch.Touch(_transport);
        }

        return true;
    }

    private bool MayWait(bool isRequest, long bytes) => isRequest
        ? bytes <= _table.Limits.MaxPendingBytes && !_table.Node.Governor.DropsWanData
        : bytes <= _table.Limits.MaxBulkPendingBytes && !_table.Node.Governor.DropsWanBulk;

    /// <summary>Tells what has changed, as long as the connection takes it.</summary>
    private void Tell()
    {
        if (_teller is not { } teller || _isEnding)
        {
            return;
        }

        if (teller.IsLost)
        {
            End("it lagged so far behind that it has to be told everything anew");
            return;
        }

        Span<byte> room = stackalloc byte[2 * LeafTeller.LeastRoomBytes];
        for (int told = 0; told < ToldAtOnceBytes && _transport.Queue.PendingBytes < LeafLimits.MaxToldPendingBytes && !_isEnding;)
        {
            int bytes = teller.Write(room, out int lines);
            if (bytes == 0)
            {
                ProveStep(teller);
                return;
            }

            told += bytes;
            Counters.CountTold(lines);
            Send(room[..bytes]);
            _transport.Flush();
        }

        if (_transport.Queue.PendingBytes < LeafLimits.MaxToldPendingBytes)
        {
            // There is more, and others of the loop have waited.
            _transport.Wake();
        }
    }

    /// <summary>The other side has been sent everything: its answer to a PING behind that says that it has it.</summary>
    private void ProveStep(LeafTeller teller)
    {
        if (_syncPing < 0 && teller.IsThrough)
        {
            Ping();
            _syncPing = _pingsOut;
            _transport.Flush();
        }
    }

    private void Ping()
    {
        _pingsOut++;
        Send("PING\r\n"u8);
    }

    private void SendError(string error) => Send(Encoding.UTF8.GetBytes($"-ERR '{error}'\r\n"));

    /// <summary>Queues lines of the protocol's own. One that has no room for them is too slow.</summary>
    private void Send(ReadOnlySpan<byte> lines)
    {
        OutboundQueue queue = _transport.Queue;
        bool fits;
        lock (queue.Gate)
        {
            if (queue.IsClosed)
            {
                return;
            }

            fits = queue.HasRoomFor(lines.Length, _table.Limits.MaxPendingBytes + LeafLimits.MaxToldPendingBytes) && queue.TryAppend(lines);
            if (!fits)
            {
                queue.Close();
            }
        }

        if (!fits)
        {
            IsSlow = true;
            End(CloseReason.SlowConsumerPendingBytes.Text());
        }
    }

    /// <summary>Ends a connection of which nothing has left for too long though something waits.</summary>
    private void CheckProgress(long now)
    {
        long sent = _transport.SentBytes;
        if (sent != _sentWhenChecked || _transport.Queue.PendingBytes == 0)
        {
            (_sentWhenChecked, _movedAt) = (sent, now);
        }
        else if (now - _movedAt >= _table.Node.Limits.WriteStallTimeout.TotalMilliseconds)
        {
            IsSlow = true;
            End(CloseReason.SlowConsumerWriteStall.Text());
        }
    }
}
