using Causeway.Director.Status;
using Causeway.Director.Tests.Pages.Support;
using CsCheck;
using Xunit;

namespace Causeway.Director.Tests.Status;

public sealed class DayRecordTests
{
    private static readonly DateTimeOffset Morning = Views.Start;

    [Fact]
    public void Time_counts_for_the_state_that_it_was_spent_in()
    {
        DayRecord day = DayRecord.Begin(DayRecord.DayOf(Morning), Morning);
        day = day.Account([Of(ComponentState.Operational)], Morning.AddSeconds(30)).Account([Of(ComponentState.MajorOutage)], Morning.AddSeconds(40));
        Assert.Equal(new DayUptime(day.Day, 30_000, 0, 0, 10_000), day.Of("global"));
        Assert.Equal(ComponentState.MajorOutage, day.Of("global").Worst);
        Assert.Equal(0.75, DayUptime.Uptime([day.Of("global")]));
    }

    [Fact]
    public void Time_that_nobody_watched_counts_for_nothing()
    {
        DayRecord day = DayRecord.Begin(DayRecord.DayOf(Morning), Morning).Account([Of(ComponentState.Operational)], Morning.AddMinutes(10));
        Assert.Equal(0, day.Of("global").Watched);
        Assert.Equal(Morning.AddMinutes(10), day.AccountedUntil);
        Assert.Null(DayUptime.Uptime([day.Of("global")]));
    }

    [Fact]
    public void A_day_ends_at_midnight()
    {
        DateTimeOffset late = new(2026, 3, 8, 23, 59, 50, TimeSpan.Zero);
        DayRecord day = DayRecord.Begin(DayRecord.DayOf(late), late).Account([Of(ComponentState.DegradedPerformance)], late.AddSeconds(25));
        Assert.Equal(10_000, day.Of("global").Degraded);
        Assert.Equal(new DateTimeOffset(2026, 3, 9, 0, 0, 0, TimeSpan.Zero), day.AccountedUntil);
    }

    [Fact]
    public void No_moment_counts_twice_whatever_the_clock_does() => Gen.Int[-60, 60].Array[1, 200].Sample(steps =>
    {
        DayRecord day = DayRecord.Begin(DayRecord.DayOf(Morning), Morning);
        DateTimeOffset now = Morning;
        DateTimeOffset latest = Morning;
        foreach (int step in steps)
        {
            now = now.AddSeconds(step);
            latest = now > latest ? now : latest;
            day = day.Account([Of((ComponentState)(Math.Abs(step) % 4))], now);
        }

        Assert.True(day.Of("global").Watched <= (latest - Morning).TotalMilliseconds);
    });

    [Fact]
    public void Uptime_of_a_component_has_a_place_for_each_of_ninety_days()
    {
        DayRecord day = DayRecord.Begin(new DateOnly(2026, 3, 1), new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero)).Account([Of(ComponentState.Operational)], new DateTimeOffset(2026, 3, 1, 8, 0, 20, TimeSpan.Zero));
        StatusSnapshot snapshot = StatusSnapshot.Empty with { At = Morning, Days = [day] };
        IReadOnlyList<DayUptime> days = snapshot.UptimeOf("global");
        Assert.Equal(90, days.Count);
        Assert.Equal(new DateOnly(2026, 3, 8), days[89].Day);
        Assert.Equal(ComponentState.Operational, days[82].Worst);
        Assert.Equal(89, days.Count(each => each.Worst is null));
    }

    private static ComponentStatus Of(ComponentState state) => new() { Id = "global", Region = "", State = state, Since = Morning };
}
