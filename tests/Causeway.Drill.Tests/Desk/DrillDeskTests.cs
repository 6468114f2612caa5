using Causeway.Drill.Deployments;
using Causeway.Drill.Desk;
using Causeway.Drill.Engine;
using Causeway.Drill.Load;
using Causeway.Drill.Results;
using Causeway.Drill.Scripts;
using Causeway.Drill.Tests.Fakes;
using Causeway.Shaper;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Drill.Tests.Desk;

public sealed class DrillDeskTests : IAsyncDisposable
{
    private const long Limit = 512 << 20;

    private static readonly LoadLevel Usual = new() { Clients = 7 };

    private readonly FakeDeployment _deployment = new(["east", "west"], 2);
    private readonly List<FakeLoad> _loads = [];
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return _deployment.DisposeAsync();
    }

    [Fact]
    public async Task A_drill_has_the_deployment_for_itself_and_leaves_it_as_it_was()
    {
        await using DrillDesk desk = await DeskAsync(new FakeClock());
        Assert.Equal(7, _loads[0].Levels["west"].Clients);
        await _deployment.KillAsync("west-2");
        Assert.Equal("", desk.Start("node-kill"));
        await desk.Idle.InTimeAsync();

        DeskState state = desk.State!;
        Assert.False(state.IsRunning);
        string report = Path.Combine(_folder.Path, "drill-node-kill.html");
        Assert.Equal($"all expectations are met. Report: {report}", state.Step);
        Assert.Equal(report, state.Report);
        Assert.Contains("<h1>node-kill</h1>", await File.ReadAllTextAsync(report, Token), StringComparison.Ordinal);
        Assert.Equal((1.0, 0), (state.Progress, state.Failed));
        Assert.Equal(6, state.Met);
        Assert.Equal(["kill west-2", "kill west-2", "restart west-2", "kill east-1", "restart east-1"], _deployment.Log.Where(line => line.Split(' ')[0] is "kill" or "restart"));
        Assert.Equal(3, _loads.Count);
        Assert.Equal([true, true, false], _loads.Select(load => load.IsEnded));
        Assert.Equal(7, _loads[2].Levels["east"].Clients);
    }

    [Fact]
    public async Task One_that_runs_shows_how_far_it_is_and_can_be_stopped()
    {
        StandingClock clock = new(TimeSpan.FromSeconds(10));
        await using DrillDesk desk = await DeskAsync(clock);
        Assert.Equal("no drill runs", desk.Stop());
        Assert.Equal("", desk.Start("link-stall"));
        await Eventually.TrueAsync(() => desk.State!.Progress == 0.25);
        Assert.True(desk.State!.IsRunning);
        Assert.Equal("link of east and west stalls", desk.State.Step);
        Assert.Equal("drill link-stall runs; stop it first, or wait for its end", desk.Start("node-kill"));
        Assert.Equal("", desk.Stop());
        await desk.Idle.InTimeAsync();
        Assert.Equal((false, "stopped before its end", 0.25), (desk.State.IsRunning, desk.State.Step, desk.State.Progress));
        Assert.Equal("unstall west east", _deployment.Log.Last(line => line.Contains("stall", StringComparison.Ordinal)));
        Assert.Equal("no drill runs", desk.Stop());
    }

    [Fact]
    public async Task What_can_not_be_put_back_is_said_and_the_next_drill_tries_again()
    {
        await using DrillDesk desk = await DeskAsync(new FakeClock());
        await _deployment.KillAsync("west-2");
        _deployment.RestartFault = new Causeway.Drill.Processes.ProcessException("west-2 does not start");
        Assert.Equal("", desk.Start("link-stall"));
        await desk.Idle.InTimeAsync();
        Assert.Equal("it could not be run to its end: west-2 does not start; not all could be put back: west-2 does not start", desk.State!.Step);
        _deployment.RestartFault = null;
        Assert.Equal("", desk.Start("link-stall"));
        await desk.Idle.InTimeAsync();
        Assert.StartsWith("all expectations are met", desk.State.Step, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_deployment_ends_a_drill_ends_and_puts_nothing_back()
    {
        DrillDesk desk = await DeskAsync(new StandingClock(TimeSpan.FromSeconds(10)));
        Assert.Equal("", desk.Start("node-kill"));
        await Eventually.TrueAsync(() => _deployment.Find("east-1").ProcessId == 0);
        await desk.DisposeAsync().AsTask().InTimeAsync();
        Assert.Equal(0, _deployment.Find("east-1").ProcessId);
        Assert.Equal(2, _loads.Count);
        Assert.All(_loads, load => Assert.True(load.IsEnded));
    }

    [Fact]
    public async Task Only_drills_that_fit_are_offered()
    {
        await using DrillDesk desk = await DeskAsync(new FakeClock());
        Assert.Equal(["node-kill", "link-stall"], desk.Scripts.Select(script => script.Name));
        Assert.Equal("there is no drill 'sydney-cut' here; accepted is node-kill, link-stall", desk.Start("sydney-cut"));
    }

    [Fact]
    public void Shipped_drills_are_fitted_to_a_larger_deployment()
    {
        FakeDeployment deployment = new(["us-east-1", "us-west-1", "ap-southeast-2"], 2);
        IReadOnlyList<DrillScript> scripts = DeskScripts.For(deployment, ShippedDrills.Names.Select(ShippedDrills.Find), Limit, Usual);
        Assert.Equal(["node-kill", "link-stall", .. ShippedDrills.Names], scripts.Select(script => script.Name));
        Assert.All(scripts, script => Assert.Equal((3, Limit), (script.Regions.Count, script.MemoryLimitBytes)));
        Assert.Equal(30, scripts.Single(script => script.Name == "march-8").TimeScale);
        Assert.Equal(1, scripts.Single(script => script.Name == "rolling-upgrade").TimeScale);
        Assert.Equal("it needs 2 nodes in each region; there are 1", DeskScripts.Misfit(scripts[^1] with { NodesPerRegion = 2 }, deployment.Regions, 1));
    }

    private async Task<DrillDesk> DeskAsync(IDrillClock clock)
    {
        DrillDesk desk = new(new DeskSettings
        {
            Deployment = _deployment,
            Baseline = new DeploymentBaseline(_deployment, (_, _) => new LinkConditions(), Limit),
            Scripts = DeskScripts.For(_deployment, ShippedDrills.Names.Select(ShippedDrills.Find), Limit, Usual),
            UsualLoad = Usual,
            StartLoad = _ =>
            {
                _loads.Add(new FakeLoad(_deployment.Regions));
                return _loads[^1];
            },
            ReportFolder = _folder.Path,
            Facts = new RunFacts { Version = "causeway 0", StartedAt = default, Command = "causeway up", Machine = [], Size = 1 },
            Clock = clock,
        });
        await desk.BeginAsync(Token);
        return desk;
    }

    /// <summary>A clock that goes to a moment of the script and stands there.</summary>
    private sealed class StandingClock(TimeSpan most) : IDrillClock
    {
        public TimeSpan Now { get; private set; }

        public Task UntilAsync(TimeSpan moment, CancellationToken cancellationToken)
        {
            Now = moment < most ? moment : most;
            return moment <= most ? Task.CompletedTask : new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }
    }
}
