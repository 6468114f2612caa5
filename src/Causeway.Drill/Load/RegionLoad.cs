using Causeway.Drill.Load.Accounting;
using Causeway.Drill.Load.Clients;
using Causeway.Drill.Load.Held;

namespace Causeway.Drill.Load;

/// <summary>The load of one region. Its heartbeat belongs to one thread; what it says of itself may be read by any.</summary>
internal sealed class RegionLoad : IAsyncDisposable
{
    /// <summary>Clients of a region that answer calls.</summary>
    private const int Callees = 4;

    private readonly LoadContext _context;
    private readonly string _region;
    private readonly string[] _others;
    private readonly Func<string, Room> _room;
    private readonly Tally _tally = new();
    private readonly HeldSubscriptions _held;
    private readonly List<StuckClient> _stuck = [];
    private readonly Pacing _local = new();
    private readonly Pacing _global = new();
    private readonly Pacing _calls = new();
    private LoadClient[] _clients = [];
    private LoadLevel _level = new();
    private int _turn;
    private long _localSent;
    private long _callsAnswered;
    private long _callsFailed;
    private int _callsPending;
    private long _reconnectsOfGone;

    /// <param name="context">What all clients share.</param>
    /// <param name="region">The region.</param>
    /// <param name="regions">All regions.</param>
    /// <param name="room">Gives the room of a subject.</param>
    /// <param name="nodes">Nodes of the region: at least as many connections hold subscriptions.</param>
    public RegionLoad(LoadContext context, string region, IReadOnlyList<string> regions, Func<string, Room> room, int nodes)
    {
        _context = context;
        _region = region;
        _others = [.. regions.Where(other => other != region)];
        _room = room;
        _held = new HeldSubscriptions(context, region, nodes);
    }

    /// <summary>What is wanted.</summary>
    public LoadLevel Level
    {
        get => Volatile.Read(ref _level);
        set => Volatile.Write(ref _level, value);
    }

    /// <summary>Does what is due after <paramref name="elapsed"/>.</summary>
    public async Task BeatAsync(TimeSpan elapsed)
    {
        LoadLevel level = Level;
        await AdjustClientsAsync(level.Clients).ConfigureAwait(false);
        await AdjustStuckAsync(level.StuckClients).ConfigureAwait(false);
        _held.Beat(level.HeldSubscriptions, level.ChurnPerSecond, elapsed);
        byte[] payload = new byte[Math.Max(Numbering.Bytes, level.PayloadBytes)];
        for (int due = _local.Due(level.LocalMessagesPerSecond, elapsed); due > 0; due--)
        {
            _localSent += Publish(LoadClient.LocalRoom, payload) ? 1 : 0;
        }

        for (int due = _global.Due(level.GlobalMessagesPerSecond, elapsed); due > 0; due--)
        {
            Publish(LoadClient.GlobalRoom, payload);
        }

        for (int due = _calls.Due(level.CallsPerSecond, elapsed); due > 0; due--)
        {
            foreach (string other in _others)
            {
                _ = CallAsync(other);
            }
        }
    }

    /// <summary>What came of it so far.</summary>
    public LoadSample Sample()
    {
        LoadClient[] clients = Volatile.Read(ref _clients);
        string[] connected = [.. clients.Select(client => client.ConnectedTo).OfType<string>()];
        return new LoadSample
        {
            Region = _region,
            Connected = connected.Length,
            ConnectedTo = connected.Where(region => region.Length > 0).GroupBy(region => region).ToDictionary(group => group.Key, group => group.Count()),
            LocalSent = Volatile.Read(ref _localSent),
            LocalReceived = _tally.LocalReceived,
            LocalLost = _tally.LocalLost,
            RemoteReceived = _tally.RemoteReceived,
            RemoteLost = _tally.RemoteLost,
            Disordered = _tally.Disordered,
            CallsAnswered = Volatile.Read(ref _callsAnswered),
            CallsFailed = Volatile.Read(ref _callsFailed),
            Reconnects = Volatile.Read(ref _reconnectsOfGone) + clients.Sum(client => client.Reconnects),
            HeldSubscriptions = _held.Held,
            RefusedSubscriptions = _held.Refused,
            Settled = clients.Count(client => client.IsSettled),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_clients.Select(client => client.DisposeAsync().AsTask())).ConfigureAwait(false);
        await Task.WhenAll(_stuck.Select(client => client.DisposeAsync().AsTask())).ConfigureAwait(false);
        await _held.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AdjustClientsAsync(int wanted)
    {
        LoadClient[] clients = _clients;
        if (clients.Length > wanted)
        {
            LoadClient[] gone = clients[wanted..];
            Volatile.Write(ref _clients, clients[..wanted]);
            _reconnectsOfGone += gone.Sum(client => client.Reconnects);
            await Task.WhenAll(gone.Select(client => client.DisposeAsync().AsTask())).ConfigureAwait(false);
            return;
        }

        int more = Math.Min(wanted - clients.Length, LoadLimits.MaxConnecting - clients.Count(client => client.IsConnecting));
        if (more > 0)
        {
            Volatile.Write(ref _clients, [.. clients, .. Enumerable.Range(clients.Length, more).Select(Create)]);
        }
    }

    private LoadClient Create(int number)
    {
        int room = number / _context.Settings.RoomMembers;
        return new LoadClient(
            _context, _region, $"{_region}-client-{number + 1}", [_room($"load.room.{_region}.{room}.chat"), _room($"load.everyone.{room}.chat")], _tally,
            number < Callees ? CallSubject(_region) : null);
    }

    private async Task AdjustStuckAsync(int wanted)
    {
        while (_stuck.Count > wanted)
        {
            StuckClient gone = _stuck[^1];
            _stuck.Remove(gone);
            await gone.DisposeAsync().ConfigureAwait(false);
        }

        while (_stuck.Count < wanted)
        {
            _stuck.Add(new StuckClient(_context, _region, $"{_region}-stuck-{_stuck.Count + 1}", [$"load.room.{_region}.>", "load.everyone.>"]));
        }
    }

    /// <summary>Publishes by the next client that can.</summary>
    private bool Publish(int room, Span<byte> payload)
    {
        LoadClient[] clients = _clients;
        for (int attempt = 0; attempt < clients.Length; attempt++)
        {
            if (clients[_turn++ % clients.Length].TryPublish(room, payload))
            {
                return true;
            }
        }

        return false;
    }

    private async Task CallAsync(string other)
    {
        LoadClient[] callers = [.. _clients.Where(client => client.ConnectedTo is not null)];
        if (callers.Length == 0 || Interlocked.Increment(ref _callsPending) > LoadLimits.MaxPendingCalls)
        {
            // Nobody is there to call, or too many wait already.
            Interlocked.Add(ref _callsPending, callers.Length == 0 ? 0 : -1);
            Interlocked.Increment(ref _callsFailed);
            return;
        }

        bool answered = await callers[_turn++ % callers.Length].CallAsync(CallSubject(other), new byte[Numbering.Bytes]).ConfigureAwait(false);
        Interlocked.Decrement(ref _callsPending);
        Interlocked.Increment(ref answered ? ref _callsAnswered : ref _callsFailed);
    }

    private static string CallSubject(string region) => $"load.call.{region}";
}
