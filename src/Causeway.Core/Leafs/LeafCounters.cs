namespace Causeway.Core.Leafs;

/// <summary>What one leaf-node connection has carried and refused. Any thread reads.</summary>
public sealed class LeafCounters
{
    private long _inMessages;
    private long _inBytes;
    private long _outMessages;
    private long _outBytes;
    private long _droppedBulk;
    private long _droppedRequests;
    private long _refusedSubscriptions;
    private long _refusedMessages;
    private long _toldLines;

    /// <summary>Messages that came from the other side.</summary>
    public long InMessages => Volatile.Read(ref _inMessages);

    /// <summary>Bytes of headers and payload that came.</summary>
    public long InBytes => Volatile.Read(ref _inBytes);

    /// <summary>Messages sent.</summary>
    public long OutMessages => Volatile.Read(ref _outMessages);

    /// <summary>Bytes of headers and payload sent.</summary>
    public long OutBytes => Volatile.Read(ref _outBytes);

    /// <summary>Messages without reply subject that were dropped, as too much waited.</summary>
    public long DroppedBulk => Volatile.Read(ref _droppedBulk);

    /// <summary>Requests and replies that were dropped, as too much waited.</summary>
    public long DroppedRequests => Volatile.Read(ref _droppedRequests);

    /// <summary>Subjects that the other side wanted beyond what it may.</summary>
    public long RefusedSubscriptions => Volatile.Read(ref _refusedSubscriptions);

    /// <summary>Messages that permissions kept from passing, either way.</summary>
    public long RefusedMessages => Volatile.Read(ref _refusedMessages);

    /// <summary>Lines about interest written.</summary>
    public long ToldLines => Volatile.Read(ref _toldLines);

    internal void CountIn(int bytes)
    {
        Volatile.Write(ref _inMessages, _inMessages + 1);
        Volatile.Write(ref _inBytes, _inBytes + bytes);
    }

    internal void CountOut(int bytes)
    {
        Interlocked.Increment(ref _outMessages);
        Interlocked.Add(ref _outBytes, bytes);
    }

    internal void CountDrop(bool isRequest) => Interlocked.Increment(ref isRequest ? ref _droppedRequests : ref _droppedBulk);

    internal void CountRefusedSubscription() => Interlocked.Increment(ref _refusedSubscriptions);

    internal void CountRefusedMessage() => Interlocked.Increment(ref _refusedMessages);

    /// <summary>Takes over what a connection that is gone had counted.</summary>
    internal void Add(LeafCounters other)
    {
        _inMessages += other.InMessages;
        _inBytes += other.InBytes;
        _outMessages += other.OutMessages;
        _outBytes += other.OutBytes;
        _droppedBulk += other.DroppedBulk;
        _droppedRequests += other.DroppedRequests;
        _refusedSubscriptions += other.RefusedSubscriptions;
        _refusedMessages += other.RefusedMessages;
        _toldLines += other.ToldLines;
    }

    internal void CountTold(int lines) => Volatile.Write(ref _toldLines, _toldLines + lines);
}
