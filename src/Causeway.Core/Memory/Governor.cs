namespace Causeway.Core.Memory;

/// <summary>The rungs of the ladder, from calm to the last sacrifice. A rung implies those before it.</summary>
public enum GovernorStep
{
    /// <summary>Memory is not short.</summary>
    Calm,

    /// <summary>Memory gets short: say so.</summary>
    Warn,

    /// <summary>Close the slowest consumers, those with most bytes waiting first.</summary>
    CloseSlowest,

    /// <summary>Widen interest: export patterns in place of the fullest subject prefixes.</summary>
    WidenInterest,

    /// <summary>Drop messages to other regions that nobody waits for.</summary>
    DropWanBulk,

    /// <summary>Drop requests and replies to other regions too.</summary>
    DropWanData,

    /// <summary>Refuse new clients and subscriptions with the protocol's error.</summary>
    RefuseNew,
}

/// <summary>
/// Decides, from how full the budget is, which sacrifice is due. Each rung is entered at its share of the budget and left only
/// <see cref="Hysteresis"/> below it. Holds no clock and acts on nothing itself; call <see cref="Evaluate"/> from one thread.
/// </summary>
public sealed class Governor
{
    /// <summary>Share of the budget between entering and leaving a rung.</summary>
    public const double Hysteresis = 0.05;

    private static readonly double[] EnterAt = [0, 0.70, 0.80, 0.83, 0.86, 0.88, 0.90];

    private readonly MemoryBudget _budget;
    private readonly long[] _entered = new long[EnterAt.Length];
    private int _step;
    private long _shedClients;
    private long _shedBytes;
    private long _refusedConnections;
    private long _refusedSubscriptions;

    /// <summary>Creates a governor over <paramref name="budget"/>.</summary>
    public Governor(MemoryBudget budget) => _budget = budget;

    /// <summary>The rung that is in force.</summary>
    public GovernorStep Step => (GovernorStep)Volatile.Read(ref _step);

    /// <summary>True while new clients and subscriptions are to be refused.</summary>
    public bool RefusesNew => Step >= GovernorStep.RefuseNew;

    /// <summary>True while messages to other regions that nobody waits for are to be dropped.</summary>
    public bool DropsWanBulk => Step >= GovernorStep.DropWanBulk;

    /// <summary>True while all messages to other regions are to be dropped.</summary>
    public bool DropsWanData => Step >= GovernorStep.DropWanData;

    /// <summary>Clients closed to win memory.</summary>
    public long ShedClients => Volatile.Read(ref _shedClients);

    /// <summary>Bytes that had waited for the clients closed to win memory.</summary>
    public long ShedBytes => Volatile.Read(ref _shedBytes);

    /// <summary>Connections refused to save memory.</summary>
    public long RefusedConnections => Volatile.Read(ref _refusedConnections);

    /// <summary>Subscriptions refused to save memory.</summary>
    public long RefusedSubscriptions => Volatile.Read(ref _refusedSubscriptions);

    /// <summary>The share of the budget, 0 to 1, at which <paramref name="step"/> is entered.</summary>
    public static double Threshold(GovernorStep step) => EnterAt[(int)step];

    /// <summary>How often <paramref name="step"/> was entered.</summary>
    public long TimesEntered(GovernorStep step) => Volatile.Read(ref _entered[(int)step]);

    /// <summary>
    /// Sets the rung for the present fullness. <paramref name="processShare"/> is the process's resident memory as a share of what the
    /// machine or container allows it: memory outside the accounts counts too. Returns true if the rung changed.
    /// </summary>
    public bool Evaluate(double processShare)
    {
        double full = Math.Max((double)_budget.Held / _budget.LimitBytes, processShare);
        int before = _step;
        int step = before;
        while (step + 1 < EnterAt.Length && full >= EnterAt[step + 1])
        {
            step++;
            _entered[step]++;
        }

        while (step > 0 && full < EnterAt[step] - Hysteresis)
        {
            step--;
        }

        Volatile.Write(ref _step, step);
        return step != before;
    }

    /// <summary>Bytes to win by closing slow consumers: enough to leave that rung; 0 when it is not in force.</summary>
    public long BytesToShed()
    {
        if (Step < GovernorStep.CloseSlowest)
        {
            return 0;
        }

        double leaveAt = EnterAt[(int)GovernorStep.CloseSlowest] - Hysteresis;
        return Math.Max(0, _budget.Held - (long)(leaveAt * _budget.LimitBytes));
    }

    /// <summary>Counts a client closed to win <paramref name="bytes"/>.</summary>
    public void CountShed(long bytes)
    {
        Interlocked.Increment(ref _shedClients);
        Interlocked.Add(ref _shedBytes, bytes);
    }

    /// <summary>Counts a connection refused.</summary>
    public void CountRefusedConnection() => Interlocked.Increment(ref _refusedConnections);

    /// <summary>Counts a subscription refused.</summary>
    public void CountRefusedSubscription() => Interlocked.Increment(ref _refusedSubscriptions);
}
