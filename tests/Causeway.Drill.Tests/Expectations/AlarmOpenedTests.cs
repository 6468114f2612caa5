using Causeway.Drill.Engine;
using Causeway.Drill.Expectations;
using Xunit;
using static Causeway.Drill.Tests.Expectations.Records;

namespace Causeway.Drill.Tests.Expectations;

public sealed class AlarmOpenedTests
{
    private static readonly AlarmOpened Growth = new("memory_growth") { CauseContains = "room." };

    private static DrillEvent Alarm => Event(3, EventKind.AlarmOpened, "memory_growth on east-1: prefix Room. grows", "memory_growth", "east", "east-1");

    [Fact]
    public void An_alarm_with_the_rule_and_the_cause_is_found()
    {
        Assert.Equal(Verdict.Met, Growth.Judge(Good().With(Alarm)).Verdict);
        Assert.Equal(Verdict.Met, (Growth with { Region = "east" }).Judge(Good().With(Alarm)).Verdict);
    }

    [Fact]
    public void Another_rule_cause_or_region_does_not_do()
    {
        Finding finding = (Growth with { CauseContains = "orders." }).Judge(Good().With(Alarm));
        Assert.Equal((Verdict.Failed, "none such; the nearest at 04:53:00: memory_growth on east-1: prefix Room. grows"), (finding.Verdict, finding.Found));
        Assert.Equal(Verdict.Failed, new AlarmOpened("link_lag").Judge(Good().With(Alarm)).Verdict);
        Assert.Equal(Verdict.Failed, (Growth with { Region = "west" }).Judge(Good().With(Alarm)).Verdict);
        Assert.Equal("no alarm opened", Growth.Judge(Good()).Found);
    }

    [Fact]
    public void A_bus_without_alarms_is_not_judged_by_them() =>
        Assert.Equal(Verdict.NotTold, Growth.Judge(Good() with { Bus = "nats-server" }).Verdict);

    [Fact]
    public void Too_late_is_too_late()
    {
        Assert.Equal(Verdict.Met, (Growth with { By = TimeSpan.FromMinutes(3) }).Judge(Good().With(Alarm)).Verdict);
        Assert.Equal(Verdict.Failed, (Growth with { By = TimeSpan.FromMinutes(2) }).Judge(Good().With(Alarm)).Verdict);
    }

    [Fact]
    public void Exhaustion_is_where_the_line_through_memory_leads()
    {
        // 10 MiB a second from 100 MiB: 256 MiB are reached after 15.6 s, 12.6 minutes of the script's clock after the alarm.
        DrillRecord record = Good().Each(sample => sample with { Nodes = [Node("east-1", (100 + (10 * (long)sample.At.TotalSeconds)) << 20), Node("west-1")] }).With(Alarm);
        Assert.Equal(15.6, Exhaustion.Of(record, TimeSpan.FromSeconds(3))!.Value.TotalSeconds, 3);
        Assert.Equal(Verdict.Met, (Growth with { BeforeExhaustion = TimeSpan.FromMinutes(12) }).Judge(record).Verdict);
        Finding finding = (Growth with { BeforeExhaustion = TimeSpan.FromMinutes(13) }).Judge(record);
        Assert.Equal(Verdict.Failed, finding.Verdict);
        Assert.EndsWith("12.6 min before memory would have been exhausted at 05:05:36", finding.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_death_or_a_limit_that_is_reached_is_exhaustion()
    {
        DrillRecord died = Good().With(Alarm, Event(5, EventKind.Death, "out of memory", region: "east", node: "east-1"));
        Assert.Equal(5, Exhaustion.Of(died, TimeSpan.FromSeconds(3))!.Value.TotalSeconds);
        DrillRecord full = Good().Each(sample => sample.At.TotalSeconds < 8 ? sample : sample with { Nodes = [Node("east-1", Limit)] });
        Assert.Equal(8, Exhaustion.Of(full, TimeSpan.FromSeconds(3))!.Value.TotalSeconds);
    }

    [Fact]
    public void Relief_ends_the_growth_that_is_looked_at()
    {
        DrillRecord record = Good().Each(sample => sample with { Nodes = [Node("east-1", (sample.At.TotalSeconds < 8 ? 100 + (long)sample.At.TotalSeconds : 900) << 20, 999L << 20)] })
            .With(Event(8, EventKind.Step, key: "memory-limit", region: "east"));
        Assert.Equal(899, Exhaustion.Of(record, TimeSpan.Zero)!.Value.TotalSeconds, 1);
    }

    [Fact]
    public void Memory_that_does_not_grow_lasts()
    {
        Assert.Null(Exhaustion.Of(Good(), TimeSpan.Zero));
        Assert.Contains("memory would have lasted", (Growth with { BeforeExhaustion = TimeSpan.FromMinutes(10) }).Judge(Good().With(Alarm)).Found, StringComparison.Ordinal);
    }
}
