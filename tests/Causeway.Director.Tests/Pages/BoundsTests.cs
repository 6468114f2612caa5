using System.Text.Json;
using Causeway.Director.Pages;
using Causeway.Director.Pages.Access;
using Causeway.Director.Pages.Ops;
using Causeway.Director.Registry;
using Causeway.Director.Status;
using Causeway.Director.Tests.Pages.Support;
using Xunit;

namespace Causeway.Director.Tests.Pages;

/// <summary>What the pages keep stays within its bounds, however large the deployment is and however long it runs.</summary>
public sealed class BoundsTests
{
    [Fact]
    public void A_ring_keeps_the_newest_samples_in_order()
    {
        SampleRing ring = new(2);
        for (int i = 1; i <= PagesLimits.MaxSamples + 10; i++)
        {
            ring.Add(i, [i * 10, i * 100, i * 1000]);
        }

        Assert.Equal(PagesLimits.MaxSamples, ring.Count);
        Assert.Equal(11, ring.Times()[0]);
        Assert.Equal(910, ring.LastAt);
        Assert.Equal(110, ring.Values(0)[0]);
        Assert.Equal(91_000, ring.Values(1)[^1]);
    }

    [Fact]
    public void History_keeps_a_bounded_number_of_nodes_and_says_how_many_it_leaves_out()
    {
        ViewHistory history = new();
        history.Add(Large(Views.Start));
        Assert.Equal(300 - PagesLimits.MaxSampledNodes, history.Omitted);
    }

    [Fact]
    public void History_forgets_nodes_that_are_gone_for_as_long_as_it_goes_back()
    {
        ViewHistory history = new();
        history.Add(Views.Healthy(Views.Start, "a", "b"));
        history.Add(Views.Healthy(Views.Start.AddMinutes(31), "a"));
        Assert.Null(history.Accounts("b/b-1"));
        Assert.NotNull(history.Accounts("a/a-1"));
    }

    [Fact]
    public void History_takes_no_sample_before_its_time_and_survives_a_clock_set_back()
    {
        ViewHistory history = new();
        foreach (int second in new[] { 0, 1, 2, 3, 4, -3600, -3599, -3598 })
        {
            history.Add(Views.Healthy(Views.Start.AddSeconds(second), "a"));
        }

        JsonElement nodes = JsonSerializer.SerializeToElement(history.Overview(), OpsFrame.Format).GetProperty("nodes");
        Assert.Equal(2, nodes[0].GetProperty("at").GetArrayLength());
    }

    [Fact]
    public void A_frame_of_a_large_deployment_shows_the_fullest_nodes()
    {
        DeploymentView view = Large(Views.Start);
        view = view with { Alarms = [.. Enumerable.Range(0, 500).Select(i => Views.Alarm(Views.Start, "memory_level", $"n{i}"))] };
        JsonElement frame = JsonDocument.Parse(new OpsFrame().Write(view, StatusSnapshot.Empty, [], null)).RootElement;
        Assert.Equal(PagesLimits.MaxNodesShown, frame.GetProperty("nodes").GetArrayLength());
        Assert.Equal(100, frame.GetProperty("nodes_omitted").GetInt32());
        Assert.Equal(PagesLimits.MaxAlarmsShown, frame.GetProperty("alarms").GetArrayLength());
        Assert.Equal(400, frame.GetProperty("alarms_omitted").GetInt32());
    }

    [Fact]
    public void A_frame_escapes_what_html_would_read_as_markup()
    {
        DeploymentView view = Views.Healthy(Views.Start, "<script>alert(1)</script>");
        string frame = System.Text.Encoding.UTF8.GetString(new OpsFrame().Write(view, StatusSnapshot.Empty, [], null));
        Assert.DoesNotContain("<script>", frame, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', frame);
    }

    [Fact]
    public void Events_tell_what_changed_and_the_oldest_go_first()
    {
        EventLog events = new();
        DeploymentView well = Views.Healthy(Views.Start, "a", "b");
        events.Follow(well);
        events.Follow(well.WithDown("b").WithRegion("a", region => region with { IsDraining = true }) with { Alarms = [Views.Alarm(Views.Start, "memory_level", "a-1")] });
        events.Follow(well);
        Assert.Equal(
            [
                "Alarm closed: a-1: memory_level is too high", "Node b/b-2 is back", "Node b/b-1 is back", "Region b is healthy", "Region a takes clients again",
                "Alarm opened, critical: a-1: memory_level is too high", "Node b/b-2 is lost", "Node b/b-1 is lost", "Region b is down: all nodes are lost", "Region a is being drained",
            ],
            events.Newest(20).Select(entry => entry.Text));
        events.Follow(well with { Nodes = [.. well.Nodes.Where(node => node.Report.Node != "b-2")] });
        Assert.Equal("Node b/b-2 has left", events.Newest(1)[0].Text);
        for (int i = 0; i < 1000; i++)
        {
            events.Add(Views.Start, OpsEventKind.Operator, $"event {i}");
        }

        Assert.Equal(PagesLimits.MaxEvents, events.Newest(10_000).Count);
        Assert.Equal("event 999", events.Newest(1)[0].Text);
    }

    [Fact]
    public void Wrong_tokens_from_many_addresses_are_bounded_in_all()
    {
        LoginThrottle throttle = new();
        int tries = Enumerable.Range(0, 5000).Count(i => throttle.TryEnter($"10.0.{i / 250}.{i % 250}", Views.Start, out _));
        Assert.Equal(PagesLimits.MaxLogins, tries);
        Assert.Equal(5000 - PagesLimits.MaxLogins, throttle.Refused);
        Assert.True(throttle.TryEnter("10.0.0.1", Views.Start.AddHours(-5), out _));
    }

    [Fact]
    public void Incidents_and_their_timelines_are_bounded()
    {
        IncidentLog log = IncidentLog.Empty;
        ComponentStatus bad = new() { Id = "global", Region = "", State = ComponentState.MajorOutage, Since = Views.Start };
        for (int i = 0; i < 300; i++)
        {
            log = log.WithOpened([bad], Views.Start);
            log = log.With(log.Open!.WithEntry(IncidentPhase.Recovered, "well", Views.Start));
        }

        Assert.Equal(StatusLimits.MaxIncidents, log.Incidents.Length);
        Assert.Equal(StatusLimits.MaxIncidents, log.Incidents.Select(incident => incident.Id).Distinct().Count());
        Incident incident = log.Incidents[0];
        for (int i = 0; i < 500; i++)
        {
            incident = incident.WithEntry(IncidentPhase.Update, "again", Views.Start);
        }

        Assert.Equal(StatusLimits.MaxAutomaticEntries, incident.Timeline.Length);
        Assert.Equal(502 - StatusLimits.MaxAutomaticEntries, incident.Omitted);
        log = log.With(incident);
        for (int i = 0; i < StatusLimits.MaxAnnotations; i++)
        {
            log = log.Annotated(incident.Id, "words", Views.Start, out _)!;
        }

        Assert.Null(log.Annotated(incident.Id, "words", Views.Start, out string problem));
        Assert.Equal("the incident has 60 annotations already, which is the most that is kept", problem);
    }

    private static DeploymentView Large(DateTimeOffset at) => Views.Healthy(at, [.. Enumerable.Range(0, 150).Select(i => $"r{i:000}")]);
}
