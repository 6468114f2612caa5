using System.Collections.Immutable;
using Causeway.Core.Control;
using Causeway.Director.Registry;
using Causeway.Director.Status;
using Causeway.Director.Tests.Pages.Support;
using CsCheck;
using Xunit;

namespace Causeway.Director.Tests.Status;

public sealed class StatusTrackerTests
{
    private static readonly string[] Regions = ["a", "b", "c"];
    private readonly StatusTracker _tracker = new();
    private ImmutableArray<ComponentStatus> _components = [];
    private IncidentLog _log = IncidentLog.Empty;
    private DateTimeOffset _now = Views.Start;

    [Fact]
    public void An_incident_goes_from_detected_to_recovered_without_a_person()
    {
        Look(view => view, 30);
        Assert.Empty(_log.Incidents);
        Look(view => view.WithDown("b"), 20);
        Look(view => view.WithDown("b") with { Alarms = [Views.Alarm(_now, "region_down", "b")] }, 20);
        Look(view => view, 60);
        Incident incident = Assert.Single(_log.Incidents);
        Assert.Equal(
            [IncidentPhase.Detected, IncidentPhase.Update, IncidentPhase.Identified, IncidentPhase.Mitigated, IncidentPhase.Recovered],
            incident.Timeline.Select(entry => entry.Phase).ToList());
        Assert.Equal(Views.Start.AddSeconds(31), incident.DetectedAt);
        Assert.Equal(Views.Start.AddSeconds(51), incident.Timeline[2].At);
        Assert.Equal(ComponentState.MajorOutage, incident.Impact);
        Assert.Equal(["regional/b", "global"], incident.Affected.Select(component => component.Id));
        Assert.Equal("region_down/b", Assert.Single(incident.Evidence).Key);
        Assert.Equal(_now, incident.RecoveredAt);
        Assert.All(_components, component => Assert.Equal(ComponentState.Operational, component.State));
    }

    /// <summary>A node dies: the nodes beside it miss their link to it, and elsewhere memory has been short for long.</summary>
    [Fact]
    public void An_alarm_about_something_else_is_not_the_cause()
    {
        Look(view => Ill(view) with { Alarms = [Views.Alarm(_now, "memory_level", "a-1", AlarmSeverity.Warning), Views.Alarm(_now, "link_stall", "b (inside)", AlarmSeverity.Warning), Views.Alarm(_now, "store_lost", "store")] }, 20);
        Assert.Equal(IncidentPhase.Detected, _log.Open!.Phase);
        Look(view => Ill(view) with { Alarms = [Views.Alarm(_now, "link_stall", "b (inside)", AlarmSeverity.Warning), Views.Alarm(_now, "node_lost", "b/b-2", AlarmSeverity.Warning)] }, 1);
        Assert.Equal((IncidentPhase.Identified, "The cause is identified: servers are lost or not ready."), (_log.Open!.Phase, _log.Open.Timeline[^1].Text));
        Assert.Equal(4, _log.Open.Evidence.Length);

        static DeploymentView Ill(DeploymentView view) => view.WithRegion("b", region => region with { Health = RegionHealth.Degraded, ReadyNodes = 1 });
    }

    [Fact]
    public void What_comes_back_after_it_was_mitigated_stays_in_its_incident()
    {
        Look(view => view.WithDown("b"), 20);
        Look(view => view, 30);
        Look(view => view.WithDown("b").WithDown("c"), 5);
        Look(view => view, 70);
        Incident incident = Assert.Single(_log.Incidents);
        Assert.Contains(incident.Timeline, entry => entry.Phase == IncidentPhase.Update && entry.Text.StartsWith("The problem is back", StringComparison.Ordinal));
        Assert.Equal(IncidentPhase.Recovered, incident.Phase);
    }

    [Fact]
    public void The_public_timeline_names_nothing_that_is_inside()
    {
        Look(view => view.WithDown("b") with { Alarms = [Views.Alarm(_now, "memory_growth", "a-1"), Views.Alarm(_now, "link_lag", "a-1 > b-1")] }, 30);
        Look(view => view, 200);
        string text = string.Join('\n', _log.Incidents.SelectMany(incident => incident.Timeline).Select(entry => entry.Text));
        Assert.All(["a-1", "b-1", "10.1.2.3", "room.", "secret", "customer"], inside => Assert.DoesNotContain(inside, text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_region_that_is_forgotten_is_down_until_it_is_taken_off()
    {
        Look(view => view, 5);
        Look(_ => Views.Healthy(_now, "a", "b"), 29);
        Assert.Equal(ComponentState.Operational, State("regional/c"));
        Look(_ => Views.Healthy(_now, "a", "b"), 5);
        Assert.Equal(ComponentState.MajorOutage, State("regional/c"));
        _components = _components.RemoveAll(component => component.Id == "regional/c");
        Look(_ => Views.Healthy(_now, "a", "b"), 1);
        Assert.Equal(3, _components.Length);
        Assert.False(Assert.Single(_log.Incidents).IsOpen);
    }

    [Fact]
    public void A_view_of_nothing_changes_nothing()
    {
        Look(view => view, 5);
        ImmutableArray<ComponentStatus> before = _components;
        Look(view => view with { Regions = [], Nodes = [] }, 300);
        Assert.Equal(before, _components);
    }

    [Fact]
    public void More_regions_than_fit_are_counted()
    {
        Look(_ => Views.Healthy(_now, [.. Enumerable.Range(0, 130).Select(i => $"r{i:000}")]), 1);
        Assert.Equal(StatusLimits.MaxComponents, _components.Length);
        Assert.Equal(31, _tracker.Omitted);
        Assert.Equal("global", _components[0].Id);
    }

    [Fact]
    public void Whatever_happens_the_page_is_honest_and_the_timeline_in_order() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 3], Gen.Int[1, 80]).Array[1, 40].Sample(spans =>
        {
            StatusTracker tracker = new();
            ImmutableArray<ComponentStatus> components = [];
            IncidentLog log = IncidentLog.Empty;
            DateTimeOffset now = Views.Start;
            foreach ((int down, int alarms, int seconds) in spans)
            {
                for (int i = 0; i < seconds; i++)
                {
                    now = now.AddSeconds(1);
                    DeploymentView view = Views.Healthy(now, Regions);
                    view = Regions.Where((_, region) => (down >> region & 1) != 0).Aggregate(view, (old, region) => old.WithDown(region));
                    view = view with { Alarms = [.. Enumerable.Range(0, alarms).Select(alarm => Views.Alarm(now, alarm == 0 ? "memory_level" : "link_lag", Regions[alarm] + "-1"))] };
                    (components, log) = tracker.Look(components, log, view, now);
                    AssertHonest(view, components, log);
                }
            }
        }, iter: 60);

    private static void AssertHonest(DeploymentView view, ImmutableArray<ComponentStatus> components, IncidentLog log)
    {
        foreach (RegionView region in view.Regions.Where(region => region.Health == RegionHealth.Down))
        {
            Assert.Equal(ComponentState.MajorOutage, components.Single(component => component.Region == region.Name).State);
        }

        Assert.True(log.Incidents.Count(incident => incident.IsOpen) <= 1);
        Assert.Equal(components.Any(component => component.State != ComponentState.Operational), log.Open is not null);
        foreach (Incident incident in log.Incidents)
        {
            Assert.Equal(incident.Timeline.OrderBy(entry => entry.At), incident.Timeline);
            IncidentPhase[] phases = [.. incident.Timeline.Select(entry => entry.Phase).Where(phase => phase != IncidentPhase.Update)];
            Assert.Equal(phases.Distinct().Order(), phases);
            Assert.Equal(IncidentPhase.Detected, phases[0]);
            Assert.True(incident.Timeline.Length <= StatusLimits.MaxAutomaticEntries + 4);
        }
    }

    private ComponentState State(string id) => _components.Single(component => component.Id == id).State;

    private void Look(Func<DeploymentView, DeploymentView> change, int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            _now = _now.AddSeconds(1);
            (_components, _log) = _tracker.Look(_components, _log, change(Views.Healthy(_now, Regions)), _now);
        }
    }
}
