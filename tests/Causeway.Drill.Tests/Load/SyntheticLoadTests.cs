using Causeway.Drill.Deployments;
using Causeway.Drill.Load;
using Causeway.Drill.Tests.Deployments;
using Causeway.Shaper;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Drill.Tests.Load;

/// <summary>The load against real deployments: what it says must be what happened.</summary>
public sealed class SyntheticLoadTests
{
    /// <summary>Clients are owed what others publish only when every node knows of them, even one that stood still for a moment.</summary>
    private static readonly LoadSettings Careful = new() { SettleAfter = TimeSpan.FromSeconds(4), RoomMembers = 4, CallTimeout = Eventually.Deadline };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clients_chat_call_and_hold_subscriptions_and_all_of_it_arrives()
    {
        await using CausewayDeployment deployment = await StartAsync();
        await using SyntheticLoad load = SyntheticLoad.Start(deployment, Careful);
        foreach (string region in deployment.Regions)
        {
            await load.SetAsync(region, new LoadLevel { Clients = 12, LocalMessagesPerSecond = 100, GlobalMessagesPerSecond = 20, CallsPerSecond = 10, HeldSubscriptions = 5000, ChurnPerSecond = 100 }, Token);
        }

        await Eventually.TrueAsync(() => load.Sample().All(sample => sample is { Settled: 12, RemoteReceived: > 20, LocalReceived: > 200, CallsAnswered: > 10, HeldSubscriptions: 5000 }));
        foreach (string region in deployment.Regions)
        {
            await load.SetAsync(region, new LoadLevel { Clients = 12, HeldSubscriptions = 5000 }, Token);
        }

        await load.SettleAsync(Eventually.Deadline, Token);
        Assert.All(load.Sample(), sample =>
        {
            Assert.Equal((0, 0, 0), (sample.LocalLost, sample.RemoteLost, sample.Disordered));
            Assert.Equal((12, 0, 0), (sample.Connected, sample.Reconnects, sample.RefusedSubscriptions));
            Assert.Equal(12, sample.ConnectedTo[sample.Region]);
        });
        await Eventually.EqualAsync(true, async () => (await deployment.SampleAsync(Token)).Sum(sample => sample.Subscriptions) is >= 10_000 and <= 10_200);
    }

    /// <summary>
    /// Who was on the killed node comes back on the other; nobody who lives misses anything of anybody who lives. The publishers of the
    /// other node go on all the while.
    /// </summary>
    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_killed_node_loses_nothing_between_those_that_live(string bus)
    {
        await using LocalDeployment deployment = await BothBuses.StartAsync(bus, settings => settings with { Regions = ["east"] });
        await using SyntheticLoad load = SyntheticLoad.Start(deployment, Careful);
        LoadLevel level = new() { Clients = 16, LocalMessagesPerSecond = 200, HeldSubscriptions = 200 };
        await load.SetAsync("east", level, Token);
        await Eventually.TrueAsync(() => load.Sample()[0] is { Settled: 16, HeldSubscriptions: 200 });
        long before = load.Sample()[0].LocalReceived;
        await Eventually.TrueAsync(() => load.Sample()[0].LocalReceived > before + 100);
        await deployment.KillAsync("east-1");

        // That some are away for a moment might be over before anybody looks.
        await Eventually.TrueAsync(() => load.Sample()[0].Reconnects > 0);
        await Eventually.TrueAsync(() => load.Sample()[0] is { Settled: 16, HeldSubscriptions: 200 });
        await load.SetAsync("east", level with { LocalMessagesPerSecond = 0 }, Token);
        await load.SettleAsync(Eventually.Deadline, Token);
        LoadSample sample = load.Sample()[0];
        Assert.Equal((0, 0), (sample.LocalLost, sample.Disordered));
        Assert.InRange(sample.Reconnects, 1, 16);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task What_a_cut_link_loses_is_counted_as_remote(string bus)
    {
        await using LocalDeployment deployment = await BothBuses.StartAsync(bus, settings => settings with { NodesPerRegion = 1 });
        await using SyntheticLoad load = SyntheticLoad.Start(deployment, Careful);
        foreach (string region in deployment.Regions)
        {
            await load.SetAsync(region, new LoadLevel { Clients = 4, GlobalMessagesPerSecond = 100 }, Token);
        }

        await Eventually.TrueAsync(() => load.Sample().All(sample => sample is { Settled: 4, RemoteReceived: > 50 }));
        Assert.All(load.Sample(), sample => Assert.Equal(0, sample.RemoteLost));
        deployment.Stall("east", "west");
        deployment.Cut("east", "west");
        long sent = load.Sample().Sum(sample => sample.LocalReceived);
        await Eventually.TrueAsync(() => load.Sample().Sum(sample => sample.LocalReceived) > sent + 600);
        deployment.Unstall("east", "west");
        await Eventually.TrueAsync(() => load.Sample().Any(sample => sample.RemoteLost > 0));
        Assert.All(load.Sample(), sample => Assert.Equal(0, sample.LocalLost));
    }

    [Fact]
    public async Task Clients_follow_the_director_out_of_a_region_that_drains()
    {
        await using LocalDeployment deployment = await BothBuses.StartAsync(ServerKinds.Causeway, settings => settings with { NodesPerRegion = 1, HasDirector = true });
        await using SyntheticLoad load = SyntheticLoad.Start(deployment, Careful);
        foreach (string region in deployment.Regions)
        {
            await load.SetAsync(region, new LoadLevel { Clients = 6, LocalMessagesPerSecond = 20 }, Token);
        }

        await Eventually.TrueAsync(() => load.Sample().All(sample => sample.ConnectedTo.GetValueOrDefault(sample.Region) == 6 && sample.Settled == 6));
        await deployment.DrainRegionAsync("west", Token).WaitAsync(TimeSpan.FromSeconds(60), Token);
        Assert.Equal(0, deployment.Nodes.Single(node => node.Region == "west").ProcessId);
        Assert.All(deployment.Nodes, node => Assert.Null(node.Death));
        await Eventually.TrueAsync(() => load.Sample().All(sample => sample.ConnectedTo.GetValueOrDefault("east") == 6));
        Assert.All(load.Sample(), sample => Assert.Equal((0, 0), (sample.LocalLost, sample.Disordered)));
    }

    [Fact]
    public async Task Clients_that_do_not_read_are_there_and_hold_up_nobody()
    {
        await using CausewayDeployment deployment = await StartAsync();
        await using SyntheticLoad load = SyntheticLoad.Start(deployment, Careful);
        await load.SetAsync("east", new LoadLevel { Clients = 4, StuckClients = 6, LocalMessagesPerSecond = 50, PayloadBytes = 10_000 }, Token);
        await Eventually.TrueAsync(() => deployment.SampleAsync(Token).GetAwaiter().GetResult().Sum(sample => sample.Clients) == 10);
        await Eventually.TrueAsync(() => load.Sample()[0] is { Settled: 4, LocalReceived: > 200 });
        Assert.Equal(0, load.Sample()[0].LocalLost);
        await load.SetAsync("east", new LoadLevel(), Token);
        await Eventually.TrueAsync(() => load.Sample()[0].Connected == 0);
    }

    [Fact]
    public async Task Levels_beyond_the_limits_and_unknown_regions_are_refused()
    {
        await using LocalDeployment deployment = await BothBuses.StartAsync(ServerKinds.Nats, settings => settings with { Regions = ["east"], NodesPerRegion = 1 });
        await using SyntheticLoad load = SyntheticLoad.Start(deployment, Careful);
        ArgumentException level = await Assert.ThrowsAsync<ArgumentException>(() => load.SetAsync("east", new LoadLevel { Clients = 100_000 }, Token));
        Assert.Equal("Clients of a load can't be 100000; accepted is 0 to 5000", level.Message);
        await Assert.ThrowsAsync<ArgumentException>(() => load.SetAsync("east", new LoadLevel { ChurnPerSecond = double.NaN }, Token));
        ArgumentException region = await Assert.ThrowsAsync<ArgumentException>(() => load.SetAsync("north", new LoadLevel(), Token));
        Assert.Equal("there is no region 'north'; regions are east", region.Message);
    }

    private static Task<CausewayDeployment> StartAsync() => CausewayDeployment.StartAsync(
        new DeploymentSettings
        {
            Regions = ["east", "west"],
            Program = TestServer.CausewayProgram,
            Links = (_, _) => new LinkConditions { Latency = TimeSpan.FromMilliseconds(20) },
        },
        Token);
}
