using Causeway.Bus.Transport;
using Causeway.Core.Clients;
using Causeway.Core.Memory;
using Microsoft.Extensions.Logging;

namespace Causeway.Bus.Nodes;

/// <summary>
/// The governor at work: looks at the budget ten times a second, climbs the ladder, closes the slowest consumers when that is due,
/// keeps the growth meters, and gives idle buffers back.
/// </summary>
internal sealed class MemoryWatch : IDisposable
{
    /// <summary>Only a client that holds at least this much is worth closing for memory.</summary>
    public const long LeastShedBytes = 64 * 1024;

    /// <summary>Looks in a row, one second of them, through which a client has to hold that much if closing it is not enough anyway.</summary>
    public const int ShedAfterLooks = TicksPerSecond;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private const int TicksPerSecond = 10;
    private const int TicksPerTrim = 100;
    private const long CollectAfterTrimBytes = 8 * 1024 * 1024;

    private readonly NodeContext _node;
    private readonly ConnectionRegistry _connections;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _processLimitBytes;
    private readonly long _started;
    private readonly FallowRule _fallow = new();
    private readonly Lock _lock = new();
    private Dictionary<ClientConnection, Lag> _lags = [];
    private double _processShare;
    private long _ticks;
    private bool _stopped;

    public MemoryWatch(NodeContext node, ConnectionRegistry connections, TimeProvider time, ILogger log)
    {
        _node = node;
        _connections = connections;
        Shares = new TenantShares(node, connections);
        _time = time;
        _log = log;
        _processLimitBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        _started = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Tick(), null, Period, Period);
    }

    /// <summary>Growth of all accounts together.</summary>
    public GrowthMeter Total { get; } = new();

    /// <summary>The shares of tenants.</summary>
    public TenantShares Shares { get; }

    /// <summary>Growth by use.</summary>
    public IReadOnlyList<GrowthMeter> ByUse { get; } = [.. Enum.GetValues<MemoryUse>().Select(_ => new GrowthMeter())];

    /// <summary>The process's resident memory in bytes.</summary>
    public static long ProcessBytes => Environment.WorkingSet;

    /// <summary>What the machine or container allows the process, in bytes.</summary>
    public long ProcessLimitBytes => _processLimitBytes;

    private double HeldShare => (double)_node.Budget.Held / _processLimitBytes;

    /// <summary>Changes the budget while the node runs.</summary>
    public void SetBudget(long bytes)
    {
        NodeLog.BudgetChanged(_log, _node.Budget.LimitBytes, bytes);
        _node.Budget.LimitBytes = bytes;
        Tick();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _stopped = true;
        }

        _timer.Dispose();
    }

    /// <summary>One look. The timer calls it; calls that overlap do nothing.</summary>
    public void Tick()
    {
        if (!_lock.TryEnter())
        {
            return;
        }

        try
        {
            if (!_stopped)
            {
                Look();
            }
        }
        finally
        {
            _lock.Exit();
        }
    }

    private void Look()
    {
        if (_ticks++ % TicksPerSecond == 0)
        {
            _processShare = (double)ProcessBytes / _processLimitBytes;
            double seconds = _time.GetElapsedTime(_started).TotalSeconds;
            Total.Observe(seconds, _node.Budget.Total);
            foreach (MemoryUse use in Enum.GetValues<MemoryUse>())
            {
                ByUse[(int)use].Observe(seconds, _node.Budget.TotalOf(use));
            }
        }

        GiveBackFallow();
        Shares.Look();
        GovernorStep before = _node.Governor.Step;
        if (_node.Governor.Evaluate(_processShare))
        {
            Report(before, _node.Governor.Step);
        }

        if (_node.Governor.Step >= GovernorStep.CloseSlowest)
        {
            FreeMemory(_node.Pool.Trim() + Shed(_node.Governor.BytesToShed()));
        }
        else if (_ticks % TicksPerTrim == 0 || _node.Budget.Total > _node.Budget.LimitBytes)
        {
            FreeMemory(_node.Pool.Trim());
        }
    }

    /// <summary>Has the collector give memory back to the system where that is due; stops the process for as long as it takes.</summary>
    private void GiveBackFallow()
    {
        if (!_fallow.IsDue(_ticks, _processShare, HeldShare))
        {
            return;
        }

        _ = _node.Pool.Trim() + _node.Pool.Trim();
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _processShare = (double)ProcessBytes / _processLimitBytes;
        _fallow.Collected(_ticks, _processShare, HeldShare);
    }

    private void Report(GovernorStep before, GovernorStep now)
    {
        if (now < before)
        {
            NodeLog.GovernorDown(_log, now.ToString(), _node.Budget.Held, _node.Budget.LimitBytes);
            return;
        }

        ClientSession? holder = _connections.Open.Select(connection => connection.Session).MaxBy(session => session.Account.Bytes);
        NodeLog.GovernorUp(
            _log, now.ToString(), _node.Budget.Held, _node.Budget.LimitBytes, (long)Total.BytesPerSecond,
            holder?.Account.Name ?? "none", holder?.Account.Bytes ?? 0);
    }

    /// <summary>
    /// Closes the clients that hold most, in bytes waiting for them and in parts of messages of theirs, until <paramref name="bytes"/>
    /// are won; returns what is. If all of them together do not hold as much, something else fills the budget, and only those go
    /// that have not moved on for <see cref="ShedAfterLooks"/>: a message may be on its way just now.
    /// </summary>
    private long Shed(long bytes)
    {
        if (bytes <= 0)
        {
            _lags = [];
            return 0;
        }

        // What those held who are being closed already is as good as won, though their loops may not have come to it yet.
        long won = _connections.Open
            .Where(connection => connection.CloseReason != CloseReason.None && !connection.CloseReason.SendsWhatWaits())
            .Sum(connection => connection.Session.Account.Bytes);
        Holder[] largest = [.. _connections.Open
            .Where(connection => connection.CloseReason == CloseReason.None)
            .Select(connection => new Holder(connection, Sheddable(connection.Session)))
            .Where(holder => holder.Bytes >= LeastShedBytes)
            .OrderByDescending(holder => holder.Bytes)];
        RememberLags(largest);
        bool helps = won + largest.Sum(holder => holder.Bytes) >= bytes;
        foreach (Holder holder in largest)
        {
            if (won >= bytes)
            {
                break;
            }

            if (helps || _lags[holder.Connection].Looks >= ShedAfterLooks)
            {
                holder.Connection.Close(WaitsToRead(holder.Connection.Session) ? CloseReason.SlowConsumerMemory : CloseReason.MemoryExhausted);
                _node.Governor.CountShed(holder.Bytes);
                won += holder.Bytes;
            }
        }

        return won;
    }

    /// <summary>Counts, for each of those who hold much, the looks in a row through which they have; a message ended begins anew.</summary>
    private void RememberLags(Holder[] holders)
    {
        Dictionary<ClientConnection, Lag> now = new(holders.Length);
        foreach (ClientConnection connection in holders.Select(holder => holder.Connection))
        {
            long messages = connection.Session.InMessages;
            bool goesOn = _lags.TryGetValue(connection, out Lag before) && (WaitsToRead(connection.Session) || before.InMessages == messages);
            now[connection] = new Lag(goesOn ? before.Looks + 1 : 1, messages);
        }

        _lags = now;
    }

    /// <summary>True if most of what the client holds waits for it to read; false if it is part of a message that it sends.</summary>
    private static bool WaitsToRead(ClientSession session) => session.Account.BytesOf(MemoryUse.Pending) >= LeastShedBytes;

    /// <summary>
    /// What is won by closing the client. Bytes that wait while its socket takes all it is given are on their way already: they do
    /// not make a client slow.
    /// </summary>
    private static long Sheddable(ClientSession session) =>
        (session.Outbound.IsBlocked ? session.Account.BytesOf(MemoryUse.Pending) : 0) + session.Account.BytesOf(MemoryUse.Receive);

    /// <summary>Lets the runtime give freed buffers back to the system.</summary>
    private static void FreeMemory(long freedBytes)
    {
        if (freedBytes >= CollectAfterTrimBytes)
        {
            GC.Collect(2, GCCollectionMode.Optimized, blocking: false);
        }
    }

    private readonly record struct Holder(ClientConnection Connection, long Bytes);

    private readonly record struct Lag(int Looks, long InMessages);
}
