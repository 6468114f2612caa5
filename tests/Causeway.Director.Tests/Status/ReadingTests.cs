using System.Collections.Immutable;
using Causeway.Core.Control;
using Causeway.Director.Registry;
using Causeway.Director.Status;
using Causeway.Director.Tests.Pages.Support;
using Xunit;

namespace Causeway.Director.Tests.Status;

public sealed class ReadingTests
{
    private static readonly DeploymentView Well = Views.Healthy(Views.Start, "a", "b", "c");

    [Fact]
    public void A_healthy_deployment_is_operational() => Assert.All(Reading.All(Well).Values, reading => Assert.Equal(new Reading(ComponentState.Operational, Trouble.None), reading));

    [Fact]
    public void Each_region_and_the_whole_are_components() => Assert.Equal(["global", "regional/a", "regional/b", "regional/c"], Reading.All(Well).Keys);

    [Fact]
    public void Of_no_region_nothing_is_said() => Assert.Empty(Reading.All(Well with { Regions = [], Nodes = [] }));

    [Fact]
    public void A_lost_region_is_a_major_outage_there_and_a_partial_one_of_the_whole()
    {
        ImmutableSortedDictionary<string, Reading> readings = Reading.All(Well.WithDown("b"));
        Assert.Equal(new Reading(ComponentState.MajorOutage, Trouble.Servers), readings["regional/b"]);
        Assert.Equal(new Reading(ComponentState.PartialOutage, Trouble.Servers), readings["global"]);
        Assert.Equal(ComponentState.Operational, readings["regional/a"].State);
    }

    [Fact]
    public void All_regions_lost_is_a_major_outage_of_everything() =>
        Assert.All(Reading.All(Well.WithDown("a").WithDown("b").WithDown("c")).Values, reading => Assert.Equal(ComponentState.MajorOutage, reading.State));

    [Fact]
    public void A_region_that_is_drained_on_purpose_is_no_outage_of_the_whole()
    {
        DeploymentView view = Well.WithDown("b").WithRegion("b", region => region with { IsDraining = true });
        Assert.Equal(new Reading(ComponentState.PartialOutage, Trouble.Maintenance), Reading.All(view)["regional/b"]);
        Assert.Equal(ComponentState.Operational, Reading.All(view)["global"].State);
    }

    [Theory]
    [InlineData(1, 2, 500, ComponentState.DegradedPerformance)]
    [InlineData(1, 3, 500, ComponentState.PartialOutage)]
    [InlineData(2, 2, 0, ComponentState.PartialOutage)]
    public void A_degraded_region_is_a_partial_outage_if_it_turns_clients_away(int ready, int nodes, int room, ComponentState expected)
    {
        DeploymentView view = Well.WithRegion("a", region => region with { Health = RegionHealth.Degraded, ReadyNodes = ready, Nodes = nodes, Room = room });
        Assert.Equal(expected, Reading.All(view)["regional/a"].State);
    }

    [Fact]
    public void A_pair_without_a_link_is_cut_even_if_nobody_reports_it()
    {
        DeploymentView view = Well.WithNodes(node => node.Report.Region is "a" or "c", node => node with
        {
            Report = node.Report with { Links = [.. node.Report.Links.Where(link => link.Region == "b")] },
        });
        Assert.Equal(new Reading(ComponentState.PartialOutage, Trouble.Links), Reading.All(view)["global"]);
    }

    [Fact]
    public void All_links_gone_is_a_major_outage_of_the_whole_only()
    {
        DeploymentView view = Well.WithNodes(_ => true, node => node with { Report = node.Report with { Links = [] } });
        Assert.Equal(new Reading(ComponentState.MajorOutage, Trouble.Links), Reading.All(view)["global"]);
        Assert.Equal(ComponentState.Operational, Reading.All(view)["regional/a"].State);
    }

    [Theory]
    [InlineData("quiet", 0)]
    [InlineData("no_data_lane", 0)]
    [InlineData("up", 31)]
    public void A_link_that_is_quiet_or_behind_degrades_the_whole(string state, double lag)
    {
        DeploymentView view = Well.WithLinks("a", "b", link => link with { State = state, LagSeconds = lag });
        Assert.Equal(new Reading(ComponentState.DegradedPerformance, Trouble.Links), Reading.All(view)["global"]);
    }

    [Fact]
    public void A_critical_alarm_degrades_the_region_of_its_node_and_one_about_links_the_whole()
    {
        ImmutableSortedDictionary<string, Reading> memory = Reading.All(Well with { Alarms = [Views.Alarm(Views.Start, "memory_growth", "b-2")] });
        Assert.Equal(new Reading(ComponentState.DegradedPerformance, Trouble.Capacity), memory["regional/b"]);
        Assert.Equal(ComponentState.Operational, memory["global"].State);
        ImmutableSortedDictionary<string, Reading> lag = Reading.All(Well with { Alarms = [Views.Alarm(Views.Start, "link_lag", "a > b")] });
        Assert.Equal(new Reading(ComponentState.DegradedPerformance, Trouble.Links), lag["global"]);
        Assert.Equal(ComponentState.Operational, lag["regional/a"].State);
        Assert.Equal(ComponentState.Operational, Reading.All(Well with { Alarms = [Views.Alarm(Views.Start, "memory_growth", "b-2", AlarmSeverity.Warning)] })["regional/b"].State);
    }

    [Fact]
    public void A_critical_alarm_about_links_inside_a_region_degrades_that_region_only()
    {
        ImmutableSortedDictionary<string, Reading> readings = Reading.All(Well with { Alarms = [Views.Alarm(Views.Start, "link_backlog", "b (inside)")] });
        Assert.Equal(new Reading(ComponentState.DegradedPerformance, Trouble.Inside), readings["regional/b"]);
        Assert.All(["regional/a", "regional/c", "global"], id => Assert.Equal(ComponentState.Operational, readings[id].State));
    }

    [Fact]
    public void A_region_alone_has_no_links_to_lose() => Assert.Equal(ComponentState.Operational, Reading.All(Views.Healthy(Views.Start, "a"))["global"].State);
}
