using Causeway.Drill.Engine;
using Causeway.Drill.Tests.Fakes;
using Xunit;

namespace Causeway.Drill.Tests.Engine;

public sealed class DrillWatchTests : IAsyncDisposable
{
    private readonly FakeDeployment _deployment = new(["east"], 2);
    private readonly DrillWatch _watch = new();
    private int _seconds;

    public ValueTask DisposeAsync() => _deployment.DisposeAsync();

    [Fact]
    public void An_alarm_opens_once_and_closes_once_whatever_its_cause_comes_to_say()
    {
        FakeNode node = _deployment.Find("east-1");
        Assert.Empty(Look());
        node.Alarms = ["memory_growth: prefix room. grows by 1 MiB/s"];
        Assert.Equal((EventKind.AlarmOpened, "memory_growth", "memory_growth on east-1: prefix room. grows by 1 MiB/s"), Only(Look()));
        node.Alarms = ["memory_growth: prefix room. grows by 2 MiB/s"];
        Assert.Empty(Look());
        node.Alarms = ["link_lag: x"];
        Assert.Equal([EventKind.AlarmOpened, EventKind.AlarmClosed], Look().Select(what => what.Kind));
    }

    [Fact]
    public void A_death_is_told_once_for_each_process()
    {
        FakeNode node = _deployment.Find("east-2");
        node.Alarms = ["memory_level: full"];
        Look();
        (node.ProcessId, node.Death) = (0, "out of memory");
        Assert.Equal([EventKind.Death, EventKind.AlarmClosed], Look().Select(what => what.Kind));
        Assert.Empty(Look());
        (node.ProcessId, node.Death, node.Alarms) = (500, null, []);
        Assert.Empty(Look());
        (node.ProcessId, node.Death) = (0, "out of memory");
        Assert.Equal(EventKind.Death, Only(Look()).Kind);
    }

    [Fact]
    public void A_kill_is_no_death()
    {
        _deployment.Find("east-2").ProcessId = 0;
        Assert.Empty(Look());
    }

    [Fact]
    public void Silence_is_told_when_it_begins_and_when_it_ends()
    {
        FakeNode node = _deployment.Find("east-1");
        node.IsSilent = true;
        Assert.Equal("east-1 does not answer", Only(Look()).Text);
        Assert.Empty(Look());
        node.IsSilent = false;
        Assert.Equal("east-1 answers again", Only(Look()).Text);
    }

    [Fact]
    public void A_limit_that_is_passed_is_told_each_time()
    {
        FakeNode node = _deployment.Find("east-1");
        node.ResidentBytes = node.MemoryLimitBytes + 1;
        Assert.Equal("east-1 is over its memory limit: 256 MiB of 256 MiB", Only(Look()).Text);
        Assert.Empty(Look());
        node.ResidentBytes = 1;
        Assert.Empty(Look());
        node.ResidentBytes = node.MemoryLimitBytes + 1;
        Assert.Single(Look());
    }

    private static (EventKind Kind, string Key, string Text) Only(IReadOnlyList<DrillEvent> events)
    {
        DrillEvent what = Assert.Single(events);
        return (what.Kind, what.Key, what.Text);
    }

    private IReadOnlyList<DrillEvent> Look() => _watch.Take(new DrillSample
    {
        At = TimeSpan.FromSeconds(_seconds++),
        Nodes = _deployment.SampleAsync(CancellationToken.None).Result,
        Processes = [.. _deployment.Fakes.Select(node => new NodeProcess(node.Name, node.Region, node.ProcessId, node.Death))],
        Load = [],
    });
}
