using System.Diagnostics.CodeAnalysis;
using Causeway.Client.Rpc.Wire;

namespace Causeway.Client.Rpc.Streams;

/// <summary>
/// One side of a stream: what it may send, what arrived, and how it ends. Both sides are alike but that only the server closes. Not
/// safe for several threads; has no clock and sends nothing itself.
/// </summary>
/// <remarks>
/// Every frame has the next number of its side. The bus keeps order and delivers at most once, so a number that is missing was lost:
/// the stream fails, it does not go on with a hole. What is to be said is computed when it can be sent, never queued.
/// </remarks>
internal sealed class StreamState(RpcLimits limits, long now)
{
    private readonly Queue<byte[]> _arrived = [];
    private long _sentSequence;
    private long _sentMessages;
    private long _sentBytes;
    private long _allowedMessages;
    private long _allowedBytes;
    private long _heardSequence;
    private long _receivedMessages;
    private long _receivedBytes;
    private long _grantedMessages = limits.StreamWindowMessages;
    private long _grantedBytes = limits.StreamWindowBytes;
    private long _heardAt = now;
    private long _sentAt = now;
    private long _dataAt = now;
    private bool _endWanted;
    private bool _endSent;
    private bool _closeWanted;
    private bool _closeSent;
    private bool _abortWanted;
    private bool _abortSent;

    /// <summary>Why it failed; null while it hasn't.</summary>
    public RpcException? Failure { get; private set; }

    /// <summary>The other side sends no more values.</summary>
    public bool RemoteEnded { get; private set; }

    /// <summary>The server is through.</summary>
    public bool RemoteClosed { get; private set; }

    public int ArrivedMessages => _arrived.Count;

    public long ArrivedBytes { get; private set; }

    /// <summary>Frames that came twice.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Whether a value may be sent. The last one allowed may be larger than what is left, so that no size gets stuck.</summary>
    public bool HasCredit => _sentMessages < _allowedMessages && _sentBytes < _allowedBytes;

    /// <summary>Whether nothing will be sent or taken any more.</summary>
    public bool IsOver => RemoteClosed || _closeSent || (Failure is not null && (_abortSent || !_abortWanted));

    /// <summary>What the other side grants from the beginning.</summary>
    public void Begin(long messages, long bytes)
    {
        _allowedMessages = messages;
        _allowedBytes = bytes;
    }

    /// <summary>Why no value can be written; null where one can, or could with credit.</summary>
    public Exception? WriteProblem =>
        Failure ?? (RemoteClosed || _closeWanted ? new RpcException(RpcCode.Cancelled, "the server is through with the stream", true)
            : _endWanted ? new InvalidOperationException("the stream was completed: nothing can be written to it any more")
            : (Exception?)null);

    /// <summary>The header of the next value to send; <see cref="Sent"/> counts it once it is.</summary>
    public RpcHeader NextData => new(RpcKind.Data) { Sequence = _sentSequence + 1 };

    /// <summary>A frame was handed to the wire.</summary>
    public void Sent(in RpcHeader header, int bytes, long now)
    {
        _sentSequence++;
        _sentAt = now;
        switch (header.Kind)
        {
            case RpcKind.Data:
                _sentMessages++;
                _sentBytes += bytes;
                _dataAt = now;
                break;
            case RpcKind.Credit:
                _grantedMessages = header.Messages;
                _grantedBytes = header.Bytes;
                break;
            case RpcKind.End:
                _endSent = true;
                break;
            case RpcKind.Close:
                _closeSent = true;
                break;
            case RpcKind.Abort:
                _abortSent = true;
                break;
        }
    }

    /// <summary>What is to be said besides values, the most urgent first.</summary>
    public bool TryNextControl(long now, out RpcHeader header)
    {
        header = default;
        if (IsOver)
        {
            return false;
        }

        RpcKind? kind =
            Failure is not null ? RpcKind.Abort
            : CreditIsDue ? RpcKind.Credit
            : _closeWanted ? RpcKind.Close
            : _endWanted && !_endSent ? RpcKind.End
            : now - _sentAt >= limits.StreamKeepAlive.TotalMilliseconds ? RpcKind.Ping
            : null;
        if (kind is null)
        {
            return false;
        }

        header = new RpcHeader(kind.Value)
        {
            Sequence = _sentSequence + 1,
            Messages = ReadMessages + limits.StreamWindowMessages,
            Bytes = ReadBytes + limits.StreamWindowBytes,
            Code = Failure?.Code ?? default,
            Text = Failure?.Message ?? string.Empty,
        };
        return true;
    }

    public void OnFrame(in RpcHeader header, ReadOnlySpan<byte> payload, long now)
    {
        if (IsOver || Failure is not null)
        {
            return;
        }

        _heardAt = now;
        if (header.Kind == RpcKind.Abort)
        {
            Failure = new RpcException(header.Code, header.Text, true);
        }
        else if (header.Sequence <= _heardSequence)
        {
            Duplicates++;
        }
        else if (header.Sequence > _heardSequence + 1)
        {
            Fail(new RpcException(
                RpcCode.DataLoss, $"{header.Sequence - _heardSequence - 1} messages of the stream were lost behind number {_heardSequence}", true));
        }
        else
        {
            _heardSequence = header.Sequence;
            Take(header, payload, now);
        }
    }

    /// <summary>Takes the oldest value that arrived.</summary>
    public bool TryRead([NotNullWhen(true)] out byte[]? value)
    {
        if (!_arrived.TryDequeue(out value))
        {
            return false;
        }

        ArrivedBytes -= value.Length;
        return true;
    }

    /// <summary>This side sends no more values.</summary>
    public void End() => _endWanted = true;

    /// <summary>The server is through.</summary>
    public void Close() => _closeWanted = true;

    /// <summary>The stream failed on this side; the other is told.</summary>
    public void Fail(RpcException reason)
    {
        if (Failure is null && !IsOver)
        {
            Failure = reason;
            _abortWanted = true;
        }
    }

    /// <summary>The stream failed, and there is nobody to tell.</summary>
    public void Break(RpcException reason)
    {
        if (!IsOver)
        {
            Failure ??= reason;
            _abortWanted = false;
        }
    }

    /// <summary>Looks whether the other side is still there and has anything to say.</summary>
    public void Tick(long now)
    {
        if (now - _heardAt >= limits.StreamGoneAfter.TotalMilliseconds)
        {
            Fail(new RpcException(RpcCode.Gone, $"nothing was heard of the other side for {limits.StreamGoneAfter.TotalSeconds:0.###} s", true));
        }
        else if (now - _dataAt >= limits.StreamIdleTimeout.TotalMilliseconds)
        {
            Fail(new RpcException(RpcCode.Idle, $"nothing went over the stream for {limits.StreamIdleTimeout.TotalSeconds:0.###} s", true));
        }
    }

    private long ReadMessages => _receivedMessages - _arrived.Count;

    private long ReadBytes => _receivedBytes - ArrivedBytes;

    /// <summary>Half a window was read since the last grant: so grants are few, and the other side has the other half to go on with.</summary>
    private bool CreditIsDue =>
        !RemoteEnded
        && (ReadMessages + limits.StreamWindowMessages - _grantedMessages >= limits.StreamWindowMessages / 2
            || ReadBytes + limits.StreamWindowBytes - _grantedBytes >= Math.Max(1, limits.StreamWindowBytes / 2));

    private void Take(in RpcHeader header, ReadOnlySpan<byte> payload, long now)
    {
        switch (header.Kind)
        {
            case RpcKind.Data when RemoteEnded:
                Fail(new RpcException(RpcCode.FlowControl, "a value came behind the end of the stream", true));
                break;
            case RpcKind.Data when _receivedMessages >= _grantedMessages || _receivedBytes >= _grantedBytes:
                Fail(new RpcException(RpcCode.FlowControl, "the other side sent more than it was allowed to", true));
                break;
            case RpcKind.Data:
                _arrived.Enqueue(payload.ToArray());
                ArrivedBytes += payload.Length;
                _receivedMessages++;
                _receivedBytes += payload.Length;
                _dataAt = now;
                break;
            case RpcKind.Credit:
                _allowedMessages = Math.Max(_allowedMessages, header.Messages);
                _allowedBytes = Math.Max(_allowedBytes, header.Bytes);
                break;
            case RpcKind.End:
                RemoteEnded = true;
                break;
            case RpcKind.Close:
                RemoteEnded = true;
                RemoteClosed = true;
                break;
        }
    }
}
