using System.Text;
using Causeway.Core.Control;
using Causeway.Core.Links;
using Causeway.Director.Registry;
using Causeway.Director.Store;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Causeway.Director.Tests.Registry;

public sealed class DeploymentRegistryTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(Reports.Start);
    private readonly MemoryStore _store;
    private readonly DeploymentRegistry _registry;

    public DeploymentRegistryTests()
    {
        _store = new MemoryStore(_time);
        _registry = new DeploymentRegistry("d1", () => "http://d1", Reports.Key, _store, _time, NullLogger.Instance);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task The_newest_report_of_each_node_is_kept()
    {
        Assert.Equal(ReportResult.Taken, Hear(Reports.Of("east", "e1", 2, clients: 7)));
        Assert.Equal(ReportResult.Stale, Hear(Reports.Of("east", "e1", 1, clients: 3)));
        Assert.Equal(ReportResult.Stale, Hear(Reports.Of("east", "e1", 9) with { Id = "before", StartedAt = Reports.Start - TimeSpan.FromHours(1) }));
        Assert.Equal(ReportResult.Taken, Hear(Reports.Of("east", "e1", 1, clients: 5) with { Id = "after", StartedAt = Reports.Start + TimeSpan.FromHours(1) }));
        await LookAsync();

        Assert.Equal(5, Assert.Single(_registry.Current.Nodes).Report.Clients);
        Assert.Equal(RegionHealth.Healthy, Assert.Single(_registry.Current.Regions).Health);
    }

    [Fact]
    public void Forged_and_malformed_reports_are_refused_and_counted()
    {
        NodeReport report = Reports.Of("east", "e1");
        string subject = ControlSubjects.Report("east", "e1");
        byte[] good = Reports.Seal(report, _time.GetUtcNow());
        byte[] bent = [.. good];
        bent[^2] ^= 1;
        Assert.Equal(ReportResult.Forged, _registry.Receive(subject, bent));
        Assert.Equal(ReportResult.Forged, _registry.Receive(ControlSubjects.Report("east", "e2"), good));
        Assert.Equal(ReportResult.Forged, _registry.Receive(subject, Reports.Seal(report, _time.GetUtcNow(), new DeploymentKey("test", "another secret than ours"u8))));
        Assert.Equal(ReportResult.Forged, _registry.Receive(subject, Reports.Seal(report, _time.GetUtcNow() - TimeSpan.FromHours(1))));
        Assert.Equal(ReportResult.Forged, _registry.Receive(subject, []));
        Assert.Equal(ReportResult.TooLarge, _registry.Receive(subject, new byte[ReportLimits.MaxMessageBytes + 1]));
        foreach (string body in (string[])["", "null", "{}", "[1]", "{\"region\":null}", "{\"region\":\"east\",\"node\":\"e1\"}", new string('[', 5000)])
        {
            Assert.Equal(ReportResult.Malformed, _registry.Receive(subject, SealedMessage.Seal(Reports.Key, subject, _time.GetUtcNow(), Encoding.UTF8.GetBytes(body))));
        }

        string other = ControlSubjects.Report("west", "e1");
        byte[] misplaced = SealedMessage.Seal(Reports.Key, other, _time.GetUtcNow(), System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(report, ControlJson.Default.NodeReport));
        Assert.Equal(ReportResult.Misplaced, _registry.Receive(other, misplaced));
        Assert.Equal(5, _registry.Count(ReportResult.Forged));
        Assert.Equal(0, _registry.Count(ReportResult.Taken));
        Assert.Equal(ReportResult.Taken, _registry.Receive(subject, good));
    }

    [Fact]
    public void No_bytes_at_all_make_the_registry_throw() =>
        Gen.Byte.Array[0, 400].Sample(bytes =>
        {
            string subject = ControlSubjects.Report("east", "e1");
            _registry.Receive(subject, bytes);
            _registry.Receive(subject, SealedMessage.Seal(Reports.Key, subject, _time.GetUtcNow(), bytes));
        });

    [Fact]
    public async Task A_silent_node_is_lost_while_others_are_heard_and_forgotten_later()
    {
        Hear(Reports.Of("east", "e1"));
        Hear(Reports.Of("west", "w1"));
        for (int second = 2; second < 10; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Hear(Reports.Of("west", "w1", second));
            await LookAsync();
        }

        RegionView east = _registry.Snapshot.Region("east")!;
        Assert.Equal((RegionHealth.Down, 0, 1), (east.Health, east.ReadyNodes, east.Nodes));
        Assert.Equal(["node_lost", "region_down"], _registry.Current.Alarms.Select(alarm => alarm.Rule).Order());
        _time.Advance(RegistryLimits.NodeForgottenAfter);
        Hear(Reports.Of("west", "w1", 100));
        await LookAsync();
        Assert.Equal("west", Assert.Single(_registry.Current.Regions).Name);
    }

    [Fact]
    public async Task A_node_that_leaves_as_it_was_told_is_no_trouble_and_soon_forgotten()
    {
        Hear(Reports.Of("east", "e1") with { State = NodeState.Draining, IsReady = false });
        for (int second = 1; second < 10; second++)
        {
            Hear(Reports.Of("east", "e2", second));
            await LookAsync();
            Assert.Empty(_registry.Current.Alarms);
            Assert.Equal(RegionHealth.Healthy, _registry.Snapshot.Region("east")!.Health);
            Assert.All(_registry.Current.Nodes, node => Assert.False(node.IsLost));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal("e2", Assert.Single(_registry.Current.Nodes).Report.Node);
    }

    [Fact]
    public async Task A_region_whose_last_node_has_left_is_down_and_says_why()
    {
        Hear(Reports.Of("east", "e1") with { State = NodeState.Draining, IsReady = false });
        for (int second = 1; second < 10; second++)
        {
            Hear(Reports.Of("west", "w1", second));
            await LookAsync();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        RegionView east = _registry.Snapshot.Region("east")!;
        Assert.Equal((RegionHealth.Down, "all 1 nodes have left"), (east.Health, Assert.Single(east.Reasons)));
        Assert.True(Assert.Single(_registry.Current.Nodes, node => node.IsLost).HasLeft);
        Assert.Equal("region_down", Assert.Single(_registry.Current.Alarms).Rule);
    }

    [Fact]
    public async Task A_director_that_hears_nobody_is_in_doubt_and_takes_no_region_down()
    {
        Hear(Reports.Of("east", "e1"));
        Hear(Reports.Of("west", "w1"));
        _time.Advance(TimeSpan.FromHours(1));
        await LookAsync();

        Assert.True(_registry.Snapshot.IsInDoubt);
        Assert.Equal([RegionHealth.Degraded, RegionHealth.Degraded], _registry.Current.Regions.Select(region => region.Health));
        Assert.Equal([1, 1], _registry.Current.Regions.Select(region => region.ReadyNodes));
        Assert.All(_registry.Current.Nodes, node => Assert.False(node.IsLost));
        Hear(Reports.Of("west", "w1", 2));
        await LookAsync();
        Assert.False(_registry.Snapshot.IsInDoubt);
        Assert.Equal(RegionHealth.Healthy, _registry.Snapshot.Region("east")!.Health);
        _time.Advance(ReportLimits.NodeLostAfter + TimeSpan.FromSeconds(1));
        Hear(Reports.Of("west", "w1", 3));
        Hear(Reports.Of("west", "w1", 4));
        await LookAsync();
        Assert.Equal(RegionHealth.Healthy, _registry.Snapshot.Region("east")!.Health);
        for (int second = 5; second < 12; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Hear(Reports.Of("west", "w1", second));
        }

        await LookAsync();
        Assert.Equal(RegionHealth.Down, _registry.Snapshot.Region("east")!.Health);
    }

    [Fact]
    public async Task A_region_that_others_see_is_not_down()
    {
        Hear(Reports.Of("syd", "s1"));
        _time.Advance(TimeSpan.FromSeconds(4));
        Hear(Reports.Of("west", "w0"));
        _time.Advance(TimeSpan.FromSeconds(4));
        Hear(Reports.Of("west", "w1") with { Links = [Reports.Link("syd", "up")] });
        await LookAsync();
        Assert.Equal(RegionHealth.Degraded, _registry.Snapshot.Region("syd")!.Health);
        Assert.Contains("node w1 of west", string.Join(' ', _registry.Snapshot.Region("syd")!.Reasons), StringComparison.Ordinal);

        Hear(Reports.Of("west", "w1", 2) with { Links = [Reports.Link("syd", "wanted")] });
        await _store.BeatAsync(new DirectorPresence("d2", "http://d2", _time.GetUtcNow(), ["syd"]), CancellationToken.None);
        await LookAsync();
        Assert.Equal(RegionHealth.Degraded, _registry.Snapshot.Region("syd")!.Health);

        _time.Advance(TimeSpan.FromSeconds(3));
        Hear(Reports.Of("west", "w0", 2));
        _time.Advance(TimeSpan.FromSeconds(3));
        Hear(Reports.Of("west", "w1", 3) with { Links = [Reports.Link("syd", "wanted")] });
        await LookAsync();
        Assert.Equal(RegionHealth.Down, _registry.Snapshot.Region("syd")!.Health);
    }

    [Fact]
    public async Task Drains_and_deadlines_show()
    {
        Hear(Reports.Of("east", "e1", clients: 3));
        await _registry.Drains.SetAsync("east", new DrainMark { Since = Reports.Start, Deadline = Reports.Start + TimeSpan.FromMinutes(1) }, CancellationToken.None);
        await LookAsync();
        Assert.Equal((true, 0), (_registry.Snapshot.Region("east")!.IsDraining, _registry.Snapshot.Region("east")!.Room));
        Assert.Empty(_registry.Snapshot.Region("east")!.Reasons);

        _time.Advance(TimeSpan.FromMinutes(1));
        Hear(Reports.Of("east", "e1", 2, clients: 3));
        await LookAsync();
        Assert.Contains("3 clients are still there", Assert.Single(_registry.Snapshot.Region("east")!.Reasons), StringComparison.Ordinal);
        await _registry.Drains.SetAsync("east", null, CancellationToken.None);
        await LookAsync();
        Assert.False(_registry.Snapshot.Region("east")!.IsDraining);
    }

    private ReportResult Hear(NodeReport report) => _registry.Hear(report, _time.GetUtcNow());

    private Task LookAsync() => _registry.LookAsync(TestContext.Current.CancellationToken);
}
