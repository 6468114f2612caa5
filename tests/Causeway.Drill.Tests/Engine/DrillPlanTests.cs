using Causeway.Drill.Engine;
using Causeway.Drill.Load;
using Causeway.Drill.Scripts;
using Causeway.Drill.Tests.Scripts;
using Xunit;

namespace Causeway.Drill.Tests.Engine;

public sealed class DrillPlanTests
{
    private static readonly DrillScript Script = ScriptReader.Read("s.yaml", ScriptSamples.Whole);

    [Fact]
    public void The_same_seed_gives_the_same_plan() => Assert.Equal(Actions(new DrillSettings { Seed = 5 }), Actions(new DrillSettings { Seed = 5 }));

    [Fact]
    public void Another_seed_gives_other_moments_and_other_nodes()
    {
        Assert.NotEqual(Flaps(new DrillSettings { Seed = 5 }), Flaps(new DrillSettings { Seed = 6 }));
        int[] killed = [.. Enumerable.Range(0, 40).Select(seed => Actions(new DrillSettings { Seed = seed }).Select(action => action.Action).OfType<KillNode>().Single().Node.Number!.Value)];
        Assert.Equal([1, 2], killed.Distinct().Order());
    }

    [Fact]
    public void Times_are_scaled()
    {
        Assert.Equal(TimeSpan.FromSeconds(10), Plan(new DrillSettings()).Lasts);
        Assert.Equal(TimeSpan.FromSeconds(5), Plan(new DrillSettings { TimeScale = 120 }).Lasts);
        Assert.Equal(TimeSpan.FromSeconds(9), Plan(new DrillSettings()).Actions[^1].At);
    }

    [Fact]
    public void A_scale_at_which_it_takes_hours_is_refused() => Assert.Contains(
        "--scale: '1' is too small for this drill, which lasts 600 min",
        Assert.Throws<ArgumentException>(() => new DrillSettings { TimeScale = 1 }.Apply(Script with { Lasts = TimeSpan.FromHours(10) })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_ramp_goes_there_in_a_part_each_second()
    {
        PlannedAction[] ramp = [.. Plan(new DrillSettings()).Actions.Where(action => action.Key == "load")];
        Assert.Equal([15_000, 20_000], ramp.Select(action => ((SetLoad)action.Action!).Level.HeldSubscriptions));
        Assert.Equal([2, 4], ramp.Select(action => action.At.TotalSeconds));
        Assert.Equal("load of east: 20,000 subscriptions held over 120 min", StepWords.Say(new ChangeLoad("east", new LoadChange { HeldSubscriptions = 20_000 }, TimeSpan.FromHours(2))));
        Assert.Single(ramp, action => action.Text is not null);
    }

    [Fact]
    public void A_change_in_the_midst_of_a_ramp_begins_where_that_one_is()
    {
        DrillScript script = Script with
        {
            TimeScale = 1,
            Load = new Dictionary<string, LoadLevel> { ["east"] = new() { Clients = 0 } },
            Steps =
            [
                new(TimeSpan.Zero, null, new ChangeLoad("east", new LoadChange { Clients = 100 }, TimeSpan.FromSeconds(10))),
                new(TimeSpan.FromSeconds(5), null, new ChangeLoad("east", new LoadChange { Clients = 0 }, TimeSpan.FromSeconds(5))),
            ],
        };
        DrillPlan plan = DrillPlan.Of(script);
        Assert.Equal([10, 20, 30, 40, 50, 40, 30, 20, 10, 0], plan.Actions.Where(action => action.At >= TimeSpan.Zero).Select(action => ((SetLoad)action.Action!).Level.Clients));
        Assert.Equal(0, plan.LevelAt("east", TimeSpan.FromSeconds(60)).Clients);
    }

    [Fact]
    public void Flaps_that_stall_end_before_the_next_begins()
    {
        PlannedAction[] flaps = [.. Plan(new DrillSettings()).Actions.Where(action => action.Key == "flap")];
        Assert.Equal(6, flaps.Length);
        Assert.Equal([true, false, true, false, true, false], flaps.Select(action => action.Action is StallLink));
    }

    [Fact]
    public void Size_changes_loads_and_leaves_one_of_what_there_is_some_of()
    {
        DrillScript script = new DrillSettings { Size = 0.01 }.Apply(Script);
        Assert.Equal(1, script.Load["east"].Clients);
        Assert.Equal(1, script.Load["east"].StuckClients);
        Assert.Equal(100, script.Load["east"].HeldSubscriptions);
        Assert.Equal(1, script.Load["east"].LocalMessagesPerSecond);
        Assert.Equal(300, script.Load["east"].PayloadBytes);
        Assert.Equal(0, script.Load["west"].StuckClients);
        Assert.Equal(200, script.Steps.Select(step => step.Action).OfType<ChangeLoad>().Single().Change.HeldSubscriptions);
    }

    [Fact]
    public void Another_limit_changes_later_limits_in_proportion()
    {
        DrillScript script = new DrillSettings { MemoryLimitBytes = 128 << 20 }.Apply(Script);
        Assert.Equal(128L << 20, script.MemoryLimitBytes);
        Assert.Equal(256L << 20, script.Steps.Select(step => step.Action).OfType<SetMemoryLimit>().Single().Bytes);
    }

    private static DrillPlan Plan(DrillSettings settings) => DrillPlan.Of(settings.Apply(Script));

    private static IReadOnlyList<PlannedAction> Actions(DrillSettings settings) => Plan(settings).Actions;

    private static IEnumerable<TimeSpan> Flaps(DrillSettings settings) => Actions(settings).Where(action => action.Key == "flap").Select(action => action.At);
}
