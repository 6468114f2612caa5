using System.Collections.Concurrent;
using System.Diagnostics;
using Causeway.Drill.Deployments;
using Causeway.Drill.Load.Accounting;
using Causeway.Drill.Load.Clients;

namespace Causeway.Drill.Load;

/// <summary>
/// The load on a deployment, from this process. Deliveries are counted for each subscriber: as local where publisher and subscriber
/// are connected to the same region, whatever room it is, else as remote. <see cref="Room"/> says what counts as lost.
/// </summary>
public sealed class SyntheticLoad : ILoad
{
    private const int BeatsPerSweep = 500;

    private readonly ConcurrentDictionary<string, Room> _rooms = [];
    private readonly ConcurrentDictionary<Room, List<MessageStream>> _ended = [];
    private readonly Dictionary<string, RegionLoad> _regions;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _beating;

    private SyntheticLoad(IDeployment deployment, LoadSettings settings)
    {
        LoadContext context = new(settings, new ClientHomes(deployment));
        _regions = deployment.Regions.ToDictionary(
            region => region,
            region => new RegionLoad(context, region, deployment.Regions, subject => _rooms.GetOrAdd(subject, name => new Room(name)), deployment.Nodes.Count(node => node.Region == region)));
        _beating = Task.Run(BeatAsync);
    }

    /// <summary>Begins a load on <paramref name="deployment"/>, with nothing to do at first.</summary>
    public static SyntheticLoad Start(IDeployment deployment, LoadSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return new SyntheticLoad(deployment, settings ?? new LoadSettings());
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no such region, or the level is beyond <see cref="LoadLimits"/>.</exception>
    public Task SetAsync(string region, LoadLevel level, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(level);
        if (!_regions.TryGetValue(region, out RegionLoad? load))
        {
            throw new ArgumentException($"there is no region '{region}'; regions are {string.Join(", ", _regions.Keys)}");
        }

        level.Check();
        load.Level = level;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public IReadOnlyList<LoadSample> Sample() => [.. _regions.Values.Select(region => region.Sample())];

    /// <inheritdoc/>
    public async Task SettleAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        List<(Room Room, Debt Debt)> debts = [.. _rooms.Values.SelectMany(room => room.Debts().Select(debt => (room, debt)))];
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            debts.RemoveAll(due => due.Room.IsPaid(due.Debt));
            if (debts.Count == 0)
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(began) >= most)
            {
                debts.ForEach(due => due.Debt.Receiver.GiveUp(due.Debt.Stream.Id, due.Debt.Number));
                return;
            }

            await Task.Delay(LoadLimits.Beat, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _beating.ConfigureAwait(false);
        await Task.WhenAll(_regions.Values.Select(region => region.DisposeAsync().AsTask())).ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task BeatAsync()
    {
        using PeriodicTimer timer = new(LoadLimits.Beat);
        long last = Stopwatch.GetTimestamp();
        long beats = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token).ConfigureAwait(false))
            {
                TimeSpan elapsed = Stopwatch.GetElapsedTime(last);
                last = Stopwatch.GetTimestamp();
                foreach (RegionLoad region in _regions.Values)
                {
                    await region.BeatAsync(elapsed).ConfigureAwait(false);
                }

                if (++beats % BeatsPerSweep == 0)
                {
                    Sweep();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The load ends.
        }
    }

    private void Sweep()
    {
        foreach (Room room in _rooms.Values)
        {
            room.Sweep(_ended.GetOrAdd(room, _ => []));
        }
    }
}
