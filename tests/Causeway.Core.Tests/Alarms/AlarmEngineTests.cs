using Causeway.Core.Alarms;
using Causeway.Core.Control;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Alarms;

public sealed class AlarmEngineTests
{
    private readonly AlarmTimeline _time = new();

    [Fact]
    public void An_alarm_opens_once_its_condition_held_for_a_time_and_closes_once_it_was_calm_for_a_time()
    {
        AlarmCondition raised = _time.Condition(AlarmLevel.Raised);
        _time.Look(3, raised);
        Assert.Empty(_time.Engine.Open);
        AlarmChange opened = Assert.Single(_time.Look(raised));
        Assert.Equal((AlarmChangeKind.Opened, "a", AlarmTimeline.Start.AddSeconds(3)), (opened.Kind, opened.Alarm.Key, opened.Alarm.OpenedAt));
        Assert.Equal([opened.Alarm], _time.Engine.Open);

        _time.Look(5);
        Assert.Single(_time.Engine.Open);
        AlarmChange closed = Assert.Single(_time.Look());
        Assert.Equal((AlarmChangeKind.Closed, AlarmTimeline.Start.AddSeconds(9)), (closed.Kind, closed.Alarm.ClosedAt!.Value));
        Assert.Empty(_time.Engine.Open);
        Assert.Equal([AlarmChangeKind.Closed, AlarmChangeKind.Opened], _time.Engine.Log.Recent(10).Select(change => change.Kind));
    }

    [Fact]
    public void What_ends_before_its_time_opens_nothing_and_costs_no_attribution()
    {
        for (int round = 0; round < 50; round++)
        {
            _time.Look(3, _time.Condition(AlarmLevel.Raised));
            _time.Look(1);
        }

        Assert.Empty(_time.Changes);
        Assert.Equal(0, _time.Attributions);
    }

    [Fact]
    public void Between_the_thresholds_what_is_open_stays_open_and_what_is_closed_closed()
    {
        _time.Look(100, _time.Condition(AlarmLevel.Between));
        Assert.Empty(_time.Changes);
        _time.Look(4, _time.Condition(AlarmLevel.Raised));
        _time.Look(100, _time.Condition(AlarmLevel.Between));
        Assert.Single(_time.Changes);
        Assert.Single(_time.Engine.Open);
    }

    [Fact]
    public void The_cause_is_asked_once_and_kept_while_the_numbers_are_renewed()
    {
        _time.Look(4, _time.Condition(AlarmLevel.Raised, summary: "10"));
        _time.Look(60, _time.Condition(AlarmLevel.Raised, summary: "70"));
        AlarmReport open = Assert.Single(_time.Engine.Open);
        Assert.Equal(("70", "cause 1", 1), (open.Summary, open.Cause, _time.Attributions));
        Assert.Equal("pending", open.Details["account"]);
    }

    [Fact]
    public void An_attribution_that_fails_does_not_keep_the_alarm_from_opening()
    {
        _time.Look(4, _time.Condition(AlarmLevel.Raised) with { FindCause = () => throw new InvalidOperationException("no elements") });
        Assert.EndsWith("a defect in Causeway: no elements", Assert.Single(_time.Engine.Open).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_becomes_critical_says_so_once_and_stays_so()
    {
        _time.Look(4, _time.Condition(AlarmLevel.Raised));
        _time.Look(3, _time.Condition(AlarmLevel.Raised, severity: AlarmSeverity.Critical));
        _time.Look(3, _time.Condition(AlarmLevel.Raised));
        Assert.Equal([AlarmChangeKind.Opened, AlarmChangeKind.Worsened], _time.Changes.Select(change => change.Kind));
        Assert.Equal(AlarmSeverity.Critical, Assert.Single(_time.Engine.Open).Severity);
    }

    [Fact]
    public void Critical_ones_come_first_and_then_the_oldest()
    {
        AlarmCondition Now(string key, AlarmSeverity severity) => _time.Condition(AlarmLevel.Raised, key, severity, openAfter: 0);
        _time.Look(Now("b", AlarmSeverity.Warning));
        _time.Look(Now("b", AlarmSeverity.Warning), Now("a", AlarmSeverity.Warning));
        _time.Look(Now("b", AlarmSeverity.Warning), Now("a", AlarmSeverity.Warning), Now("c", AlarmSeverity.Critical));
        Assert.Equal(["c", "b", "a"], _time.Engine.Open.Select(alarm => alarm.Key));
    }

    [Fact]
    public void A_clock_that_leaps_stands_or_goes_back_neither_opens_nor_closes()
    {
        AlarmCondition raised = _time.Condition(AlarmLevel.Raised, openAfter: 20, closeAfter: 20);
        _time.Look(2, raised);
        _time.Elapsed += TimeSpan.FromHours(5);
        _time.Look(2, raised);
        _time.Elapsed -= TimeSpan.FromHours(7);
        _time.Look(2, raised);
        Assert.Empty(_time.Changes);
        _time.Look(20, raised);
        Assert.Single(_time.Changes);
        _time.Look(2);
        _time.Elapsed += TimeSpan.FromHours(5);
        _time.Look(2);
        Assert.Single(_time.Engine.Open);
    }

    [Fact]
    public void A_wall_clock_that_is_set_back_closes_no_alarm_before_it_opened()
    {
        _time.Look(4, _time.Condition(AlarmLevel.Raised));
        _time.Wall -= TimeSpan.FromDays(1);
        _time.Look(10);
        AlarmReport closed = _time.Changes[^1].Alarm;
        Assert.Equal(closed.OpenedAt, closed.ClosedAt);
    }

    [Fact]
    public void Of_two_conditions_with_one_key_the_worse_counts()
    {
        _time.Look(4, _time.Condition(AlarmLevel.Between), _time.Condition(AlarmLevel.Raised, severity: AlarmSeverity.Critical), _time.Condition(AlarmLevel.Raised));
        Assert.Equal(AlarmSeverity.Critical, Assert.Single(_time.Engine.Open).Severity);
    }

    [Fact]
    public void There_are_never_more_alarms_than_allowed_and_those_left_out_are_counted_the_worst_come_first()
    {
        AlarmTimeline time = new(new AlarmLimits { MaxOpenAlarms = 10, MaxWatchedConditions = 20 });
        AlarmCondition[] conditions = [.. Enumerable.Range(0, 1000).Select(i => time.Condition(AlarmLevel.Raised, $"k{i}", i >= 990 ? AlarmSeverity.Critical : AlarmSeverity.Warning, openAfter: 0))];
        time.Look(conditions);
        Assert.Equal(Enumerable.Range(990, 10).Select(i => $"k{i}").Order(StringComparer.Ordinal), time.Engine.Open.Select(alarm => alarm.Key).Order(StringComparer.Ordinal));
        Assert.Equal(990, time.Engine.Suppressed);
        time.Look(10);
        Assert.Empty(time.Engine.Open);
    }

    [Fact]
    public void Names_that_others_chose_can_break_neither_lines_nor_bounds()
    {
        string evil = "evil\r\n2024-03-08 fake line\u2028" + new string('x', 5000) + "\ud83d";
        _time.Look(4, _time.Condition(AlarmLevel.Raised, summary: evil) with { FindCause = () => new AlarmCause(evil, Enumerable.Range(0, 100).ToDictionary(i => $"d{i}", _ => evil)) });
        AlarmReport alarm = Assert.Single(_time.Engine.Open);
        Assert.All([alarm.Summary, alarm.Cause, .. alarm.Details.Values], text => Assert.DoesNotContain(text, c => char.IsControl(c) || c == '\u2028'));
        Assert.Equal((AlarmText.MaxCharacters, AlarmText.MaxCharacters, AlarmText.MaxDetails), (alarm.Summary.Length, alarm.Cause.Length, alarm.Details.Count));
        Assert.StartsWith("evil??2024-03-08 fake line?xxx", alarm.Cause, StringComparison.Ordinal);
        Assert.Equal("\U0001F600 \ufffd", AlarmText.Clean("\U0001F600 \ud83d"));
    }

    /// <summary>Noise that does not reach from one threshold to the other changes nothing, however it goes; and the rest can't flap faster than the holds allow.</summary>
    [Fact]
    public void Noise_does_not_flap() => Gen.Int[0, 2].Array[10, 400].Sample(levels =>
    {
        AlarmTimeline upper = new();
        AlarmTimeline lower = new();
        AlarmTimeline any = new();
        lower.Look(4, lower.Condition(AlarmLevel.Raised));
        foreach (int level in levels)
        {
            upper.Look(upper.Condition(level == 2 ? AlarmLevel.Raised : AlarmLevel.Between));
            lower.Look(lower.Condition(level == 2 ? AlarmLevel.Calm : AlarmLevel.Between, closeAfter: 1000));
            any.Look(any.Condition((AlarmLevel)level));
        }

        Assert.InRange(upper.Changes.Count, 0, 1);
        Assert.Single(lower.Changes);
        Assert.InRange(any.Changes.Count, 0, 1 + (2 * levels.Length / (3 + 5)));
        Assert.All(any.Changes.Zip(any.Changes.Skip(1)), pair => Assert.True(pair.First.Kind != pair.Second.Kind));
    });

    [Fact]
    public void The_incident_log_is_bounded_in_count_and_in_bytes()
    {
        IncidentLog log = new(100, 40_000);
        AlarmChange Change(int number, int length) => new(AlarmChangeKind.Opened, AlarmTimeline.Start, new AlarmReport
        {
            Key = $"k{number}",
            Rule = "r",
            Severity = AlarmSeverity.Warning,
            Subject = "s",
            Summary = new string('x', length),
            Cause = "c",
            OpenedAt = AlarmTimeline.Start,
        });
        for (int i = 0; i < 150; i++)
        {
            log.Add(Change(i, 0));
        }

        Assert.InRange(log.Bytes, 1, 40_000);
        Assert.Equal("k149", log.Recent(1)[0].Alarm.Key);
        int kept = log.Recent(1000).Count;
        Assert.InRange(kept, 80, 100);
        Assert.Equal(150 - kept, log.Forgotten);
        log.Add(Change(150, 19_000));
        Assert.InRange(log.Bytes, 38_000, 40_000);
        log.Add(Change(151, 30_000));
        Assert.Empty(log.Recent(1000));
        Assert.Equal((0, 152), (log.Bytes, log.Forgotten));
    }
}
