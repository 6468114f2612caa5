namespace Causeway.Client.Rpc.Streams;

/// <summary>What all streams of a caller or server together did. Safe for any thread.</summary>
internal sealed class StreamCounters
{
    private long _opened;
    private long _failed;
    private long _valuesOut;
    private long _valuesIn;
    private long _credits;
    private long _duplicates;
    private long _arrivedMessagesPeak;
    private long _arrivedBytesPeak;

    public RpcStreamStatistics Snapshot => new()
    {
        Opened = Volatile.Read(ref _opened),
        Failed = Volatile.Read(ref _failed),
        ValuesOut = Volatile.Read(ref _valuesOut),
        ValuesIn = Volatile.Read(ref _valuesIn),
        CreditsOut = Volatile.Read(ref _credits),
        Duplicates = Volatile.Read(ref _duplicates),
        ArrivedMessagesPeak = Volatile.Read(ref _arrivedMessagesPeak),
        ArrivedBytesPeak = Volatile.Read(ref _arrivedBytesPeak),
    };

    public void Opened() => Interlocked.Increment(ref _opened);

    public void Over(StreamState state)
    {
        Interlocked.Add(ref _failed, state.Failure is null ? 0 : 1);
        Interlocked.Add(ref _duplicates, state.Duplicates);
    }

    public void ValueOut() => Interlocked.Increment(ref _valuesOut);

    public void CreditOut() => Interlocked.Increment(ref _credits);

    public void ValueIn(StreamState state)
    {
        Interlocked.Increment(ref _valuesIn);
        Raise(ref _arrivedMessagesPeak, state.ArrivedMessages);
        Raise(ref _arrivedBytesPeak, state.ArrivedBytes);
    }

    private static void Raise(ref long peak, long value)
    {
        long seen = Volatile.Read(ref peak);
        while (value > seen)
        {
            long found = Interlocked.CompareExchange(ref peak, value, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }
}
