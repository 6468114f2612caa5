using Causeway.Core.Control;
using Causeway.Director.Admission;
using Causeway.Director.Regions;
using Causeway.Director.Registry;
using Causeway.Director.Store;
using Causeway.Director.Tests.Registry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Causeway.Director.Tests.Admission;

public sealed class AdmitterTests : IAsyncDisposable
{
    private static readonly ClientPosition InTheEast = new() { RoundTrips = new Dictionary<string, double> { ["east"] = 5, ["west"] = 70 } };

    private readonly FakeTimeProvider _time = new(Reports.Start);
    private readonly MemoryStore _store;
    private readonly DeploymentRegistry _registry;
    private long _sequence;

    public AdmitterTests()
    {
        _store = new MemoryStore(_time);
        _registry = new DeploymentRegistry("d1", () => "http://d1", Reports.Key, _store, _time, NullLogger.Instance);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_failover_never_fills_a_region_past_its_room_nor_faster_than_its_rate()
    {
        const int Clients = 3000;
        const int Max = 2000;
        Admitter first = new(_store, 50);
        Admitter second = new(_store, 50);
        HashSet<int> inTheWest = [];
        int perSecond = 0;
        int most = 0;
        for (int at = 0; at < 60; at++)
        {
            // East is gone; both directors are asked by all that have no region, each second.
            _registry.Hear(Reports.Of("west", "w1", ++_sequence, 1 - ((double)inTheWest.Count / Max), inTheWest.Count, Max), _time.GetUtcNow());
            await _registry.LookAsync(CancellationToken.None);
            perSecond = 0;
            for (int client = 0; client < Clients; client++)
            {
                if (!inTheWest.Contains(client) && (await AskAsync(client % 2 == 0 ? first : second, client, null)).Advice == Advice.Connect)
                {
                    inTheWest.Add(client);
                    perSecond++;
                }
            }

            most = Math.Max(most, perSecond);
            Assert.True(inTheWest.Count <= Max);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(most, 40, 51);
        Assert.InRange(inTheWest.Count, 1000, Max);
        int even = inTheWest.Count(client => client % 2 == 0);
        Assert.InRange((double)even / inTheWest.Count, 0.4, 0.6);
    }

    [Fact]
    public async Task The_nearest_open_region_is_given_and_the_next_where_it_is_full()
    {
        Admitter admitter = new(_store, null);
        await HearAsync(east: 0.9, west: 0.9);
        Assert.Equal((Advice.Connect, "east"), Short(await AskAsync(admitter, 1, null)));
        await HearAsync(east: 0, west: 0.9);
        Assert.Equal((Advice.Connect, "west"), Short(await AskAsync(admitter, 2, null)));
        await HearAsync(east: 0, west: 0);
        Decision full = await AskAsync(admitter, 3, null);
        Assert.Equal((Advice.Wait, "no region has room"), (full.Advice, full.Reason));
        Assert.True(full.AskAgainAfter > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_drained_region_is_left_at_the_rate_of_the_others()
    {
        Admitter admitter = new(_store, 10);
        await HearAsync(0.9, 0.9);
        await _registry.Drains.SetAsync("east", new DrainMark { Since = Reports.Start, Deadline = Reports.Start + TimeSpan.FromHours(1) }, CancellationToken.None);
        await HearAsync(0.9, 0.9);
        int moved = 0;
        for (int client = 0; client < 200; client++)
        {
            Decision decision = await AskAsync(admitter, client, "east");
            Assert.True(decision.Advice is Advice.Move or Advice.Stay);
            moved += decision.Advice == Advice.Move ? 1 : 0;
        }

        Assert.Equal(10, moved);
    }

    [Fact]
    public async Task Clients_return_to_a_nearer_region_once_it_has_been_well_for_a_while_and_slowly()
    {
        Admitter admitter = new(_store, 40);
        await HearAsync(0.9, 0.9);
        Assert.Equal((Advice.Stay, "west"), Short(await AskAsync(admitter, 1, "west")));
        _time.Advance(AdmissionLimits.ReturnAfter);
        await HearAsync(0.9, 0.9);
        await HearAsync(0.9, 0.9);
        int returned = 0;
        for (int client = 0; client < 200; client++)
        {
            returned += (await AskAsync(admitter, client, "west")).Advice == Advice.Move ? 1 : 0;
        }

        Assert.Equal(10, returned);
        Assert.Equal((Advice.Stay, "east"), Short(await AskAsync(admitter, 999, "east")));
    }

    [Fact]
    public async Task While_the_director_is_in_doubt_those_who_are_connected_stay()
    {
        Admitter admitter = new(_store, null);
        await HearAsync(0.9, 0.9);
        _time.Advance(TimeSpan.FromMinutes(5));
        await _registry.LookAsync(CancellationToken.None);
        Assert.Equal((Advice.Stay, "west"), Short(await AskAsync(admitter, 1, "west")));
        Assert.Equal((Advice.Connect, "east"), Short(await AskAsync(admitter, 2, null)));
    }

    [Fact]
    public void Room_is_the_smallest_of_connections_headroom_and_memory()
    {
        Assert.Equal(720, RegionRoom.Of(Reports.Of("r", "n", headroom: 0.8, maxClients: 1000)));
        Assert.Equal(90, RegionRoom.Of(Reports.Of("r", "n", headroom: 0.8, clients: 900, maxClients: 1000)));
        Assert.Equal(0, RegionRoom.Of(Reports.Of("r", "n", headroom: 0)));
        Assert.Equal(0, RegionRoom.Of(Reports.Of("r", "n") with { IsReady = false }));
        Core.Control.NodeReport heavy = Reports.Of("r", "n", headroom: 0.5, clients: 100, maxClients: 1_000_000);
        heavy = heavy with { Memory = heavy.Memory with { Uses = new Dictionary<string, long> { ["connections"] = 101 << 20 } } };
        Assert.Equal(460, RegionRoom.Of(heavy));
    }

    private static (Advice, string) Short(Decision decision) => (decision.Advice, decision.Region);

    private async Task HearAsync(double east, double west)
    {
        _sequence++;
        _registry.Hear(Reports.Of("east", "e1", _sequence, east), _time.GetUtcNow());
        _registry.Hear(Reports.Of("west", "w1", _sequence, west), _time.GetUtcNow());
        await _registry.LookAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_director_that_has_just_begun_to_hear_moves_nobody_and_places_nobody()
    {
        Admitter admitter = new(_store, null);
        await HearFarAsync();
        Assert.Equal((Advice.Stay, "east"), await BeginAsync("east"));
        Assert.Equal((Advice.Wait, ""), await BeginAsync(null));
        _time.Advance(RegistryLimits.FirstHearing);
        await HearFarAsync();
        Assert.Equal((Advice.Connect, "west"), await BeginAsync("east"));
        Assert.Equal((Advice.Connect, "west"), await BeginAsync(null));

        async Task HearFarAsync()
        {
            _registry.Hear(Reports.Of("west", "w1", ++_sequence), _time.GetUtcNow());
            await _registry.LookAsync(CancellationToken.None);
        }

        async Task<(Advice, string)> BeginAsync(string? current)
        {
            Decision decision = await AskAsync(admitter, 1, current, _registry.Snapshot);
            return (decision.Advice, decision.Region);
        }
    }

    [Fact]
    public void What_event_loops_hold_is_not_reckoned_as_that_of_the_first_clients()
    {
        NodeReport idle = Reports.Of("r", "n", maxClients: 1_000_000);
        NodeReport first = Held(idle, clients: 1, 128 << 10);
        NodeReport heavy = Held(idle, clients: 10, 11 << 20);
        Assert.Equal(RegionRoom.Of(idle), RegionRoom.Of(first));
        Assert.Equal(1 << 20, RegionRoom.BytesPerClient(heavy));

        static NodeReport Held(NodeReport node, int clients, long bytes) => node with { Clients = clients, Memory = node.Memory with { Uses = new Dictionary<string, long> { ["receive"] = bytes } } };
    }

    /// <summary>Asks a director that has heard nodes for long enough.</summary>
    private ValueTask<Decision> AskAsync(Admitter admitter, int client, string? current) => AskAsync(admitter, client, current, _registry.Snapshot with { IsBeginning = false });

    private static ValueTask<Decision> AskAsync(Admitter admitter, int client, string? current, DirectorSnapshot snapshot)
    {
        return admitter.DecideAsync(GrantBookTests.Name(client), current, RegionOrder.Sort(snapshot.View, Geography.None, InTheEast), snapshot, CancellationToken.None);
    }
}
