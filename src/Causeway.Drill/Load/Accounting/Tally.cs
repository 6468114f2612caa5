namespace Causeway.Drill.Load.Accounting;

/// <summary>What came to the clients of a region so far. Thread-safe.</summary>
internal sealed class Tally
{
    private long _localReceived;
    private long _localLost;
    private long _remoteReceived;
    private long _remoteLost;
    private long _disordered;

    public long LocalReceived => Volatile.Read(ref _localReceived);

    public long LocalLost => Volatile.Read(ref _localLost);

    public long RemoteReceived => Volatile.Read(ref _remoteReceived);

    public long RemoteLost => Volatile.Read(ref _remoteLost);

    public long Disordered => Volatile.Read(ref _disordered);

    /// <summary>Adds an arrival, <paramref name="local"/> if it was published in the region where the subscriber is connected.</summary>
    public void Add(Arrival arrival, bool local)
    {
        Interlocked.Add(ref local ? ref _localReceived : ref _remoteReceived, arrival.Received);
        Interlocked.Add(ref local ? ref _localLost : ref _remoteLost, arrival.Lost);
        Interlocked.Add(ref _disordered, arrival.Disordered);
    }
}
