using Causeway.Drill.Engine;
using Causeway.Drill.Scripts;
using Causeway.Drill.Tests.Fakes;
using Causeway.Drill.Tests.Scripts;
using Xunit;

namespace Causeway.Drill.Tests.Engine;

public sealed class DrillRunnerTests : IAsyncDisposable
{
    private readonly FakeDeployment _deployment = new(["east", "west"], 2);
    private readonly FakeLoad _load = new(["east", "west"]);
    private readonly FakeClock _clock = new();
    private readonly Watcher _watcher = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _deployment.DisposeAsync();

    [Fact]
    public async Task All_that_a_script_asks_for_is_done_in_its_order()
    {
        await RunAsync(Whole() with { Seed = 1 });
        string[] links = [.. _deployment.Log.Where(line => line.StartsWith("shape", StringComparison.Ordinal))];
        Assert.Equal(["shape east west 30", "shape west east 30", "shape east west 200"], links);
        string[] rest = [.. _deployment.Log.Where(line => line.Split(' ')[0] is "kill" or "restart" or "add" or "drain" or "limit")];
        string killed = rest[0];
        Assert.Matches("^kill east-[12]$", killed);
        Assert.Equal(killed == "kill east-1" ? ["restart east-1"] : [], rest.Skip(1).TakeWhile(line => line.StartsWith("restart", StringComparison.Ordinal)));
        Assert.Contains("add west", rest);
        Assert.Contains("drain west-2", rest);
        Assert.Contains("drain region west", rest);
        Assert.Equal("limit east 536870912", rest[^1]);
        Assert.All(_deployment.Fakes.Where(node => node.Region == "east"), node => Assert.NotEqual(0, node.ProcessId));
    }

    [Fact]
    public async Task A_second_has_one_sample_and_the_end_has_one_more()
    {
        DrillRecord record = await RunAsync(Whole() with { Steps = [] });
        Assert.Equal(10, record.Samples.Count(sample => sample.At < record.QuietAt));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], record.Samples.Take(10).Select(sample => sample.At.TotalSeconds));
        Assert.Equal(record.Samples.Count, _watcher.Samples);
        Assert.Equal(TimeSpan.FromSeconds(10), record.QuietAt);
        Assert.Equal(TimeSpan.Zero, record.ConvergedAfter);
    }

    [Fact]
    public async Task At_the_end_clients_stay_and_say_nothing()
    {
        await RunAsync(Whole());
        Assert.True(_load.IsSettled);
        Assert.Equal(20, _load.Levels["east"].Clients);
        Assert.Equal(20_000, _load.Levels["east"].HeldSubscriptions);
        Assert.Equal(0, _load.Levels["east"].LocalMessagesPerSecond);
        Assert.Equal(0, _load.Levels["east"].ChurnPerSecond);
    }

    [Fact]
    public async Task Convergence_is_waited_for_and_timed()
    {
        _deployment.Find("west-2").LagEntries = 5;
        TimeSpan began = _clock.Now;
        _clock.Moved = now => _deployment.Find("west-2").LagEntries = now - began >= TimeSpan.FromSeconds(13) ? 0 : 5;
        DrillRecord record = await RunAsync(Whole() with { Steps = [] });
        Assert.Equal(TimeSpan.FromSeconds(3), record.ConvergedAfter);
    }

    [Fact]
    public async Task What_never_converges_is_given_up()
    {
        _deployment.Find("west-2").LagEntries = 5;
        DrillRecord record = await RunAsync(Whole() with { Steps = [] });
        Assert.Null(record.ConvergedAfter);
        Assert.InRange((record.Samples[^1].At - record.QuietAt).TotalSeconds, 20, 21);
    }

    [Fact]
    public async Task Clients_that_are_expected_back_are_waited_for()
    {
        TimeSpan began = _clock.Now;
        _clock.Moved = now => _load.Away = now - began >= TimeSpan.FromSeconds(14) ? 0 : 1;
        DrillRecord record = await RunAsync(Whole() with { Steps = [] });
        Assert.Equal(TimeSpan.Zero, record.ConvergedAfter);
        Assert.Equal(30, record.Samples[^1].Load.Sum(load => load.Connected));
        Assert.InRange(record.Samples[^1].At.TotalSeconds, 14, 15);
    }

    [Fact]
    public async Task Clients_that_stay_away_are_given_up()
    {
        _load.Away = 1;
        DrillRecord record = await RunAsync(Whole() with { Steps = [] });
        Assert.Equal(29, record.Samples[^1].Load.Sum(load => load.Connected));
        Assert.InRange((record.Samples[^1].At - record.QuietAt).TotalSeconds, 20, 21);
    }

    [Fact]
    public async Task A_bus_that_does_not_tell_is_not_waited_for()
    {
        Assert.All(_deployment.Fakes, node => node.LagEntries = -1);
        DrillRecord record = await RunAsync(Whole() with { Steps = [] });
        Assert.Null(record.ConvergedAfter);
        Assert.Equal(record.QuietAt, record.Samples[^1].At);
    }

    [Fact]
    public async Task A_step_that_fails_is_told_and_the_drill_goes_on()
    {
        _deployment.Fault = new InvalidOperationException("no room for\nanother");
        DrillRecord record = await RunAsync(Whole());
        DrillEvent problem = Assert.Single(record.Events, what => what.Kind == EventKind.Problem && what.Key == "add-node");
        Assert.Equal("a node is added to west: no room for another", problem.Text);
        Assert.Contains("limit east 536870912", _deployment.Log);
    }

    [Fact]
    public async Task What_a_bus_has_no_way_for_is_told_apart_from_a_failure()
    {
        _deployment.CanChangeLimits = false;
        DrillRecord record = await RunAsync(Whole());
        DrillEvent refused = Assert.Single(record.Events, what => what.Kind == EventKind.NotPossible);
        Assert.Equal("causeway can't change the memory limit of east without a restart", refused.Text);
    }

    [Fact]
    public async Task A_node_that_dies_is_started_again_by_its_supervisor()
    {
        TimeSpan began = _clock.Now;
        _clock.Moved = now =>
        {
            if (now - began == TimeSpan.FromSeconds(4))
            {
                _deployment.Find("west-1").ProcessId = 0;
                _deployment.Find("west-1").Death = "out of memory: 300 MiB";
            }
        };
        DrillRecord record = await RunAsync(Whole() with { Steps = [], RestartAfterDeath = TimeSpan.FromMinutes(2) });
        Assert.Equal("west-1 died: out of memory: 300 MiB", Assert.Single(record.Events, what => what.Kind == EventKind.Death).Text);
        DrillEvent restart = Assert.Single(record.Events, what => what.Kind == EventKind.Step);
        Assert.Equal("west-1 is started again by its supervisor", restart.Text);
        Assert.Equal(6, restart.At.TotalSeconds);
        Assert.Equal(["restart west-1"], _deployment.Log.Where(line => line.StartsWith("restart", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Cancelling_ends_it()
    {
        using CancellationTokenSource source = new();
        _clock.Moved = _ => source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new DrillRunner(Whole(), _deployment, _load, _clock, _watcher).RunAsync(source.Token));
    }

    [Fact]
    public void Events_are_bounded_and_what_is_left_out_is_counted()
    {
        EventLog log = new(_watcher);
        for (int i = 0; i < DrillLimits.EventsMax + 7; i++)
        {
            log.Add(new DrillEvent { At = TimeSpan.Zero, Kind = EventKind.Note, Text = "x" });
        }

        Assert.Equal(DrillLimits.EventsMax + 1, log.All().Count);
        Assert.Equal("7 more events were left out", log.All()[^1].Text);
    }

    private static DrillScript Whole() => ScriptReader.Read("s.yaml", ScriptSamples.Whole);

    private Task<DrillRecord> RunAsync(DrillScript script) => new DrillRunner(script, _deployment, _load, _clock, _watcher).RunAsync(Token);
}
