using Causeway.Core.Alarms;
using Causeway.Core.Alarms.Nodes;
using Causeway.Core.Control;
using Causeway.Core.Memory;
using Xunit;

namespace Causeway.Core.Tests.Alarms.Nodes;

/// <summary>Each rule: when it opens, what it says and whom it names, when it closes.</summary>
public sealed class NodeRulesTests
{
    private const double Mi = ModelNode.Mi;

    private readonly ModelNode _node = new();

    [Fact]
    public void A_quiet_node_has_no_alarms_and_is_not_asked_who_holds_memory()
    {
        _node.Links.Add(ModelNode.Link("us-west-1", "w1"));
        _node.Look(3600);
        Assert.Empty(_node.Changes);
        Assert.Equal(0, _node.Samples);
    }

    [Fact]
    public void Level_opens_at_its_share_becomes_critical_and_closes_below_another()
    {
        Fill(0.69);
        _node.Look(60);
        Assert.DoesNotContain(_node.Open, alarm => alarm.Rule == "memory_level");
        Fill(0.71);
        _node.Look(5);
        AlarmReport alarm = Only("memory_level");
        Assert.Equal(AlarmSeverity.Warning, alarm.Severity);
        Assert.Equal("memory is at 71 % of its budget: 1.4 GiB of 2.0 GiB", alarm.Summary);
        Assert.Equal(("interest", "e1"), (alarm.Details["account"], alarm.Subject));
        Fill(0.85);
        _node.Look(5);
        Assert.Equal(AlarmSeverity.Critical, Only("memory_level").Severity);
        Fill(0.66);
        _node.Look(100);
        Only("memory_level");
        Fill(0.6);
        _node.Look(17);
        Assert.DoesNotContain(_node.Open, open => open.Rule == "memory_level");
    }

    [Fact]
    public void The_process_counts_as_the_accounts_do()
    {
        _node.ProcessBytes = 4 * _node.LimitBytes * 0.9;
        _node.Look(5);
        Assert.Equal("the process holds 7.2 GiB, 90 % of what it may", Only("memory_level").Summary);
    }

    [Fact]
    public void A_use_at_three_times_its_baseline_opens_and_names_its_cause()
    {
        _node.Subscriptions[("user", 1)] = 500_000;
        _node.Look(1800);
        _node.Subscriptions[("game.7", 9)] = 1_100_000;
        _node.Look(10);
        AlarmReport alarm = Only("memory_baseline");
        Assert.StartsWith("memory for subscriptions is 3.", alarm.Summary, StringComparison.Ordinal);
        Assert.Equal(("memory_baseline/subscriptions", "client 9 'app9' from 10.0.0.9"), (alarm.Key, alarm.Details["top_client"]));
        Assert.Equal("game.7.>", alarm.Details["top_prefix"]);
        _node.Subscriptions[("game.7", 9)] = 100_000;
        _node.Look(20);
        Assert.Empty(_node.Open);
    }

    [Fact]
    public void A_multiple_of_next_to_nothing_is_no_alarm_and_neither_is_one_of_a_node_that_just_began()
    {
        _node.Others[MemoryUse.Receive] = Mi;
        _node.Look(600);
        _node.Others[MemoryUse.Receive] = 50 * Mi;
        _node.Look(60);
        Assert.Empty(_node.Changes);

        ModelNode fresh = new();
        fresh.Look(5);
        fresh.Others[MemoryUse.Receive] = 300 * Mi;
        fresh.Look(60);
        Assert.Empty(fresh.Changes);
    }

    [Fact]
    public void Growth_closes_once_it_has_ended()
    {
        _node.Look(700);
        for (int second = 0; second < 300; second++)
        {
            _node.Subscriptions[("room", 17)] = second * 20_000;
            _node.Look();
        }

        AlarmReport alarm = Only("memory_growth");
        Assert.Matches(@"^memory of all accounts grows by 3\.1 MiB a second and is used up in [0-9.]+ min: ", alarm.Summary);
        _node.Look(120);
        Assert.DoesNotContain(_node.Open, open => open.Rule == "memory_growth");
        Assert.InRange(_node.Samples, 2, 20);
    }

    [Fact]
    public void Growth_is_told_by_clocks_that_leap_and_stand_without_an_alarm_of_its_own()
    {
        _node.Subscriptions[("user", 1)] = 3_000_000;
        for (int i = 0; i < 3000; i++)
        {
            _node.Time.Elapsed += TimeSpan.FromSeconds(i % 100 == 0 ? 1000 : i % 7 == 0 ? -1 : 0);
            _node.Subscriptions[("user", 1)] = 3_000_000 + (i % 5 * 100);
            _node.Look();
        }

        Assert.Empty(_node.Changes);
    }

    [Fact]
    public void A_link_that_lags_is_named_with_its_region_pair_and_closes_when_it_has_caught_up()
    {
        _node.Links.Add(ModelNode.Link("ap-southeast-2", "s1", direction: "in") with { LagEntries = 40_000, LagSeconds = 9 });
        _node.Look(30);
        Assert.Empty(_node.Open);
        _node.Links[0] = _node.Links[0] with { LagSeconds = 12 };
        _node.Look(4);
        AlarmReport alarm = Only("link_lag");
        Assert.Equal(("link_lag/ap-southeast-2/s1/in", "ap-southeast-2 -> us-east-1"), (alarm.Key, alarm.Subject));
        Assert.Equal("the WAN link from s1 is behind: 40,000 changes of interest are not known there, the oldest for 12 s", alarm.Summary);
        Assert.Equal("ap-southeast-2/s1/in", alarm.Details["link"]);
        _node.Links[0] = _node.Links[0] with { LagSeconds = 61 };
        _node.Look();
        Assert.Equal(AlarmSeverity.Critical, Only("link_lag").Severity);
        _node.Links[0] = _node.Links[0] with { LagEntries = 0, LagSeconds = 0 };
        _node.Look(17);
        Assert.Empty(_node.Open);
    }

    [Fact]
    public void Messages_that_wait_for_a_link_or_are_dropped_are_an_alarm()
    {
        _node.Links.Add(ModelNode.Link("us-west-1", "w1") with { PendingBytes = 20_000_000 });
        _node.Look(4);
        Assert.Equal(("link_backlog", AlarmSeverity.Warning), (Only("link_backlog").Rule, Only("link_backlog").Severity));
        _node.Links[0] = _node.Links[0] with { DroppedMessages = 12 };
        _node.Look();
        Assert.EndsWith("12 were dropped since the last look", Only("link_backlog").Summary, StringComparison.Ordinal);
        Assert.Equal(AlarmSeverity.Critical, Only("link_backlog").Severity);
        _node.Links[0] = _node.Links[0] with { PendingBytes = 0 };
        _node.Look(17);
        Assert.Empty(_node.Open);
        _node.Links[0] = _node.Links[0] with { DroppedMessages = 13 };
        _node.Look();
        Only("link_backlog");
    }

    [Fact]
    public void A_link_that_stalls_or_is_gone_is_an_alarm()
    {
        _node.Links.Add(ModelNode.Link("us-west-1", "w1") with { State = "quiet" });
        _node.Reading = _node.Reading with
        {
            Missing = [new MissingLink(false, "us-east-1", "e2", "connection refused"), new MissingLink(true, "eu", "10.0.0.1:6222", "")],
            Sources = [new SourceReading("eu", true, false, false, 0, 0)],
        };
        _node.Look(4);
        Assert.Equal(
            ["link_stall/eu/wanted", "link_stall/us-east-1/e2/wanted", "link_stall/us-west-1/w1/out", "region_unreachable/eu"],
            _node.Open.Select(alarm => alarm.Key).Order(StringComparer.Ordinal));
        Assert.Contains("connection refused", _node.Open.Single(alarm => alarm.Key.Contains("e2", StringComparison.Ordinal)).Cause, StringComparison.Ordinal);
        Assert.Equal("us-east-1 -> eu", _node.Open.Single(alarm => alarm.Rule == "region_unreachable").Subject);
        _node.Links[0] = _node.Links[0] with { State = "up" };
        _node.Reading = _node.Reading with { Missing = [], Sources = [new SourceReading("eu", true, true, true, 10, 1000)] };
        _node.Look(17);
        Assert.Empty(_node.Open);
    }

    [Fact]
    public void A_round_trip_is_compared_with_the_links_own_baseline_which_a_bad_hour_does_not_move()
    {
        _node.Links.Add(ModelNode.Link("us-west-1", "w1") with { RoundTripMilliseconds = 60 });
        _node.Links.Add(ModelNode.Link("us-east-1", "e2", "lan") with { RoundTripMilliseconds = 0.4 });
        _node.Look(900);
        _node.Links[1] = _node.Links[1] with { RoundTripMilliseconds = 8 };
        _node.Links[0] = _node.Links[0] with { RoundTripMilliseconds = 130 };
        _node.Look(60);
        Assert.Empty(_node.Changes);
        _node.Links[0] = _node.Links[0] with { RoundTripMilliseconds = 310 };
        _node.Look(12);
        AlarmReport alarm = Only("link_rtt");
        Assert.Matches("^the round trip of the WAN link to w1 is 310 ms, usually 6[0-9] ms$", alarm.Summary);
        _node.Look(900);
        Only("link_rtt");
        _node.Links[0] = _node.Links[0] with { RoundTripMilliseconds = 65 };
        _node.Look(17);
        Assert.Empty(_node.Open);
    }

    [Fact]
    public void Interest_that_does_not_become_complete_is_an_alarm_unless_another_way_has_it()
    {
        _node.Links.Add(ModelNode.Link("us-west-1", "w1"));
        _node.Reading = _node.Reading with
        {
            Sources = [new SourceReading("us-west-1", true, true, false, 500, 9000), new SourceReading("eu", true, true, false, 1, 1), new SourceReading("eu", true, true, true, 1, 1)],
        };
        _node.Look(30);
        Assert.Empty(_node.Open);
        _node.Look(2);
        AlarmReport alarm = Only("interest_unconverged");
        Assert.Equal("interest_unconverged/region/us-west-1", alarm.Key);
        Assert.StartsWith("its first telling over the WAN link to w1 is not over", alarm.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Slow_consumers_are_counted_over_a_minute_and_the_last_are_named()
    {
        _node.Reading = _node.Reading with { SlowConsumers = 1000 };
        _node.Look(100);
        _node.Reading = _node.Reading with { SlowConsumers = 1002 };
        _node.Look(100);
        Assert.Empty(_node.Changes);
        _node.Reading = _node.Reading with { SlowConsumers = 1005, LastSlowConsumers = () => ["client 7 'dash' from 10.1.1.1", "client 5 from 10.1.1.2"] };
        _node.Look();
        AlarmReport alarm = Only("slow_consumers");
        Assert.Equal(("3 clients were closed as slow consumers within 60 s", "last of them client 7 'dash' from 10.1.1.1"), (alarm.Summary, alarm.Cause));
        _node.Look(80);
        Assert.Empty(_node.Open);
    }

    [Fact]
    public void A_loop_that_answers_late_and_a_defect_are_ill_health()
    {
        _node.Reading = _node.Reading with { LoopDelay = TimeSpan.FromMilliseconds(600) };
        _node.Look(4);
        Assert.Equal("node_health/loop_delay", Only("node_health").Key);
        _node.Reading = _node.Reading with { LoopDelay = TimeSpan.Zero };
        _node.Look(17);
        _node.Reading = _node.Reading with { InternalErrors = 1 };
        _node.Look();
        Assert.Equal("node_health/defect", Only("node_health").Key);
        _node.Look(320);
        Assert.Empty(_node.Open);
    }

    [Fact]
    public void All_at_once_under_noise_opens_each_once()
    {
        Random random = new(5);
        for (int second = 0; second < 600; second++)
        {
            double noise = random.NextDouble();
            Fill(0.67 + (0.05 * noise));
            _node.Links.Clear();
            _node.Links.Add(ModelNode.Link("us-west-1", "w1") with { LagEntries = 5, LagSeconds = 4 + (20 * noise), PendingBytes = (long)((5 + (20 * noise)) * Mi) });
            _node.Look();
        }

        Assert.Equal(
            _node.Changes.Count, _node.Changes.Select(change => (change.Kind, change.Alarm.Key)).Distinct().Count());
        Assert.DoesNotContain(_node.Changes, change => change.Kind == AlarmChangeKind.Closed);
    }

    private void Fill(double share) => _node.Others[MemoryUse.Interest] = (share * _node.LimitBytes) - (18 * Mi);

    private AlarmReport Only(string rule) => Assert.Single(_node.Open, alarm => alarm.Rule == rule);
}
