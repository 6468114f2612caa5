namespace Causeway.Client.Rpc.Serving;

/// <summary>
/// The calls of one method: those at work and those that wait, each bounded, so that a slow method holds up no other. Refuses at once
/// what would not begin in time. Not safe for several threads.
/// </summary>
internal sealed class MethodQueue(string name, int concurrencyMax, int queuedMax, long queuedBytesMax)
{
    // How much of the mean each new time makes: the last eight or so count.
    private const double NewShare = 1.0 / 8;

    private readonly LinkedList<ServerCall> _waiting = [];

    public string Name => name;

    public int ConcurrencyMax => concurrencyMax;

    /// <summary>What runs its calls.</summary>
    public RpcHandler? Handler { get; init; }

    public int Running { get; private set; }

    public int Waiting => _waiting.Count;

    public long WaitingBytes { get; private set; }

    /// <summary>Mean time of a handler, in milliseconds; zero while none has ended.</summary>
    public double MeanMilliseconds { get; private set; }

    /// <summary>Takes a call in: it may run (null), waits (null, with a state of waiting), or is refused with the reason.</summary>
    public string? Offer(ServerCall call, long now)
    {
        if (Running < concurrencyMax)
        {
            Begin(call, now);
            return null;
        }

        if (_waiting.Count >= queuedMax || (_waiting.Count > 0 && WaitingBytes + call.Payload.Length > queuedBytesMax))
        {
            return $"the queue of '{name}' is full: {_waiting.Count} calls with {WaitingBytes} bytes wait";
        }

        double wait = (_waiting.Count + 1) * MeanMilliseconds / concurrencyMax;
        if (now + wait > call.StartBy)
        {
            return $"the call would wait about {wait:0} ms for '{name}' and has {call.StartBy - now} ms";
        }

        call.Node = _waiting.AddLast(call);
        WaitingBytes += call.Payload.Length;
        return null;
    }

    /// <summary>Takes a waiting call out.</summary>
    public void Withdraw(ServerCall call)
    {
        if (call.Node is not null)
        {
            _waiting.Remove(call.Node);
            WaitingBytes -= call.Payload.Length;
            call.Node = null;
        }
    }

    /// <summary>A handler ended: the next call, to be begun, if one waits.</summary>
    public ServerCall? Ended(ServerCall call, long now)
    {
        Running--;
        MeanMilliseconds += (now - call.StartedAt - MeanMilliseconds) * NewShare;
        return _waiting.First?.Value;
    }

    /// <summary>A call leaves the queue, if it is there, and runs.</summary>
    public void Begin(ServerCall call, long now)
    {
        Withdraw(call);
        Running++;
        call.State = ServerCallState.Running;
        call.StartedAt = now;
    }
}
