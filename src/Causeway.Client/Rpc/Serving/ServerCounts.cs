namespace Causeway.Client.Rpc.Serving;

/// <summary>What a <see cref="Dispatcher"/> counts; <see cref="RpcServerStatistics"/> says what each means.</summary>
internal record struct ServerCounts
{
    public long Begun;
    public long Ended;
    public long Forwarded;
    public long NotHere;
    public long NotMine;
    public long Overloaded;
    public long Shed;
    public long TimedOut;
    public long Cancelled;
    public long Duplicates;
    public long Strays;
    public long ClaimNotices;
    public long Announcements;
    public long KeysTaken;
    public long UnsentAnswers;
    public long RefusedMembers;
    public long AffinityErrors;
    public int Running;
    public int Waiting;
    public long WaitingBytes;
    public int Keys;
    public int Members;
}
