namespace Causeway.Client.Rpc.Calls;

/// <summary>What a <see cref="CallTable"/> counts; <see cref="RpcClientStatistics"/> says what each means.</summary>
internal record struct CallCounts
{
    public long Calls;
    public long Sent;
    public long Claims;
    public long Retries;
    public long Failed;
    public long TimedOut;
    public long Cancelled;
    public long Refused;
    public long UnansweredClaims;
    public long DuplicateServers;
    public long Strays;
    public long UnsentMessages;
    public long EvictedKeys;
    public long PendingBytes;
    public int Pending;
    public int Streams;
    public int KnownKeys;
}
