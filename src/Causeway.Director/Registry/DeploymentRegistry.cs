using Causeway.Core.Alarms;
using Causeway.Core.Control;
using Causeway.Core.Links;
using Causeway.Director.Store;
using Microsoft.Extensions.Logging;

namespace Causeway.Director.Registry;

/// <summary>Keeps the deployment as this director sees it: takes reports, looks at the whole once a second, and tells who wants to know. Thread-safe.</summary>
public sealed partial class DeploymentRegistry : IDeploymentSource
{
    private readonly string _name;
    private readonly Func<string> _url;
    private readonly IDirectorStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ReportReader _reader;
    private readonly NodeTable _table = new();
    private readonly DirectorAlarms _alarms = new();
    private readonly Dictionary<string, TimeSpan> _wellSince = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (DateTimeOffset Told, DirectorPresence Presence)> _presences = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly long[] _results = new long[Enum.GetValues<ReportResult>().Length];
    private readonly long _began;
    private DirectorSnapshot _snapshot;
    private long _failedListeners;

    /// <summary>Creates an empty registry.</summary>
    /// <param name="name">The director's name.</param>
    /// <param name="url">Where the director serves, asked when it is told to others.</param>
    /// <param name="key">The deployment's key.</param>
    /// <param name="store">What directors share.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where changes are logged.</param>
    public DeploymentRegistry(string name, Func<string> url, DeploymentKey key, IDirectorStore store, TimeProvider time, ILogger log)
    {
        _name = name;
        _url = url;
        _store = store;
        _time = time;
        _log = log;
        _reader = new ReportReader(key);
        _began = time.GetTimestamp();
        Drains = new DrainMarks(store);
        _snapshot = new DirectorSnapshot
        {
            View = new DeploymentView { At = time.GetUtcNow(), Regions = [], Nodes = [], Directors = [], Alarms = [] },
            Drains = new Dictionary<string, DrainMark>(),
            WellFor = new Dictionary<string, TimeSpan>(),
            LiveDirectors = 1,
            IsInDoubt = true,
            IsBeginning = true,
        };
    }

    /// <inheritdoc/>
    public event Action<DeploymentView>? Changed;

    /// <summary>Raised with the alarms that this director opened or closed itself.</summary>
    public event Action<IReadOnlyList<AlarmChange>>? AlarmsChanged;

    /// <inheritdoc/>
    public DeploymentView Current => Snapshot.View;

    /// <summary>What to decide from at this moment.</summary>
    public DirectorSnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <summary>Listeners that have thrown.</summary>
    public long FailedListeners => Volatile.Read(ref _failedListeners);

    internal DrainMarks Drains { get; }

    /// <summary>Open alarms that only a view of the whole can raise.</summary>
    internal IReadOnlyList<AlarmReport> OwnAlarms => _alarms.Open;

    /// <summary>Looks at which one of them was not followed or opened for want of room.</summary>
    internal long SuppressedAlarms => _alarms.Suppressed;

    private TimeSpan Now => _time.GetElapsedTime(_began);

    /// <summary>Messages that came to <paramref name="result"/>.</summary>
    public long Count(ReportResult result) => Volatile.Read(ref _results[(int)result]);

    /// <summary>Takes what came on a report subject.</summary>
    public ReportResult Receive(string subject, ReadOnlySpan<byte> message)
    {
        DateTimeOffset at = _time.GetUtcNow();
        ReportResult result = _reader.Read(subject, at, message, out NodeReport? report);
        if (report is not null)
        {
            lock (_gate)
            {
                result = _table.Add(report, Now, at);
            }
        }

        Interlocked.Increment(ref _results[(int)result]);
        return result;
    }

    /// <summary>Looks at the whole and tells listeners. One call at a time.</summary>
    public async Task LookAsync(CancellationToken cancel)
    {
        string[] hears;
        lock (_gate)
        {
            _table.Forget(Now);
            hears = [.. _table.Nodes.Where(node => Now - node.HeardAt <= ReportLimits.NodeLostAfter).Select(node => node.Report.Region).Distinct()];
        }

        DateTimeOffset at = _time.GetUtcNow();
        IReadOnlyList<DirectorPresence> directors = await _store.BeatAsync(new DirectorPresence(_name, _url(), at, hears), cancel).ConfigureAwait(false);
        IReadOnlyDictionary<string, DrainMark> drains = await Drains.ReadAsync(cancel).ConfigureAwait(false);
        DirectorSnapshot next = Judge(at, Remember(directors, at), drains);
        IReadOnlyList<AlarmChange> changes = _alarms.Look(Now, next.View, _store.State);
        next = next with { View = next.View with { Alarms = _alarms.Union(next.View.Nodes) } };
        LogChanges(Snapshot.View, next.View);
        Volatile.Write(ref _snapshot, next);
        Tell(() => Changed?.Invoke(next.View));
        if (changes.Count > 0)
        {
            Tell(() => AlarmsChanged?.Invoke(changes));
        }
    }

    /// <summary>
    /// When a director was last seen goes by this one's clock: clocks of machines differ. One that the store has forgotten, as a store
    /// does that was away, is kept from before for a while.
    /// </summary>
    private List<DirectorPresence> Remember(IReadOnlyList<DirectorPresence> told, DateTimeOffset at)
    {
        foreach (DirectorPresence presence in told.Take(StoreLimits.MaxDirectors))
        {
            if (!_presences.TryGetValue(presence.Name, out (DateTimeOffset Told, DirectorPresence Presence) known) || known.Told != presence.SeenAt)
            {
                _presences[presence.Name] = (presence.SeenAt, presence with { SeenAt = at });
            }
        }

        foreach ((string name, (_, DirectorPresence presence)) in _presences)
        {
            if (at - presence.SeenAt > StoreLimits.DirectorForgottenAfter)
            {
                _presences.Remove(name);
            }
        }

        return [.. _presences.Values.Select(known => known.Presence).OrderBy(presence => presence.Name, StringComparer.Ordinal)];
    }

    private DirectorSnapshot Judge(DateTimeOffset at, List<DirectorPresence> directors, IReadOnlyDictionary<string, DrainMark> drains)
    {
        lock (_gate)
        {
            TimeSpan now = Now;
            bool isInDoubt = _table.IsInDoubt(now);
            NodeView[] nodes = [.. _table.Nodes.Select(node => new NodeView { Report = node.Report, ReportedAt = node.At, IsLost = _table.IsLost(node, now) })];
            DirectorPresence[] live = [.. directors.Where(director => at - director.SeenAt <= StoreLimits.DirectorLostAfter)];
            RegionView[] regions =
            [
                .. nodes.Select(node => node.Report.Region).Distinct().Select(region => Overdue(
                    RegionJudge.Judge(region, nodes, isInDoubt, drains.ContainsKey(region), [.. live.Where(director => director.Name != _name && director.Hears.Contains(region)).Select(director => director.Name)]),
                    drains.GetValueOrDefault(region),
                    at)),
            ];
            return new DirectorSnapshot
            {
                View = new DeploymentView
                {
                    At = at,
                    Regions = regions,
                    Nodes = nodes,
                    Directors = [.. directors.Select(director => new DirectorView { Name = director.Name, Url = director.Url, IsSelf = director.Name == _name, SeenAt = director.SeenAt })],
                    Alarms = [],
                },
                Drains = drains,
                WellFor = Since(regions, now),
                LiveDirectors = Math.Max(1, live.Length),
                IsInDoubt = isInDoubt,
                IsBeginning = _table.IsBeginning(now),
            };
        }
    }

    private static RegionView Overdue(RegionView region, DrainMark? mark, DateTimeOffset at) =>
        mark is null || at < mark.Deadline || region.Clients == 0 ? region
        : region with { Reasons = [$"its drain should have ended at {mark.Deadline:HH:mm:ss} UTC, and {region.Clients} clients are still there", .. region.Reasons] };

    private Dictionary<string, TimeSpan> Since(RegionView[] regions, TimeSpan now)
    {
        foreach (RegionView region in regions)
        {
            if (region.Health == RegionHealth.Down || region.IsDraining || region.ReadyNodes == 0)
            {
                _wellSince.Remove(region.Name);
            }
            else
            {
                _wellSince.TryAdd(region.Name, now);
            }
        }

        foreach (string gone in _wellSince.Keys.Except(regions.Select(region => region.Name)).ToArray())
        {
            _wellSince.Remove(gone);
        }

        return _wellSince.ToDictionary(pair => pair.Key, pair => now - pair.Value);
    }

    private void Tell(Action listeners)
    {
        try
        {
            listeners();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Whoever listens must not stop the registry.
            Interlocked.Increment(ref _failedListeners);
            LogListenerFailed(_log, failure);
        }
    }

    private void LogChanges(DeploymentView before, DeploymentView after)
    {
        foreach (RegionView region in after.Regions)
        {
            RegionView? was = before.Regions.FirstOrDefault(other => other.Name == region.Name);
            if (was?.Health != region.Health || was.IsDraining != region.IsDraining)
            {
                string health = region.Health.ToString().ToLowerInvariant() + (region.IsDraining ? " and being drained" : "");
                LogRegion(_log, region.Name, health, region.ReadyNodes, region.Nodes, region.Reasons.Count == 0 ? "" : "; " + region.Reasons[0]);
            }
        }
    }

    [LoggerMessage(205, LogLevel.Information, "Region {Region} is {Health}: {ReadyNodes} of {Nodes} nodes are ready{Reason}")]
    private static partial void LogRegion(ILogger logger, string region, string health, int readyNodes, int nodes, string reason);

    [LoggerMessage(206, LogLevel.Error, "Who follows the deployment failed")]
    private static partial void LogListenerFailed(ILogger logger, Exception failure);
}
