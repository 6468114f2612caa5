using System.Diagnostics;
using Causeway.Cli.Bench;
using Xunit;

namespace Causeway.Cli.Tests.Bench;

public sealed class RequestScheduleTests
{
    private static readonly long Millisecond = Stopwatch.Frequency / 1000;

    [Fact]
    public void Without_a_rate_a_request_is_always_due_until_the_number_is_reached()
    {
        RequestSchedule schedule = new(rate: null);
        schedule.Begin(now: 100, messages: 2, duration: null);
        Assert.True(schedule.TryTake(100, out long first));
        Assert.True(schedule.TryTake(150, out long second));
        Assert.False(schedule.TryTake(200, out _));
        Assert.Equal((100, 150), (first, second));
        Assert.False(schedule.Done(200));
        schedule.Complete(50, 200);
        schedule.Complete(60, 210);
        Assert.True(schedule.Done(210));
        Assert.Equal(210, schedule.LastTimestamp);
    }

    [Fact]
    public void The_time_ends_the_issuing_but_not_the_waiting_for_replies()
    {
        RequestSchedule schedule = new(rate: null);
        schedule.Begin(0, messages: null, TimeSpan.FromMilliseconds(10));
        Assert.True(schedule.TryTake(9 * Millisecond, out _));
        Assert.False(schedule.TryTake(10 * Millisecond, out _));
        Assert.False(schedule.Done(20 * Millisecond));
        schedule.Complete(Millisecond, 21 * Millisecond);
        Assert.True(schedule.Done(21 * Millisecond));
    }

    [Fact]
    public void With_a_rate_latency_counts_from_when_a_request_was_due()
    {
        RequestSchedule schedule = new(rate: 1000);
        schedule.Begin(0, messages: null, TimeSpan.FromMilliseconds(100));
        Assert.True(schedule.TryTake(0, out _));
        Assert.False(schedule.TryTake(Millisecond / 2, out _));

        // The slot was busy for 5 ms: five requests are overdue, and their wait is part of their latency.
        List<long> due = [];
        while (schedule.TryTake(5 * Millisecond, out long startedAt))
        {
            due.Add(startedAt / Millisecond);
        }

        Assert.Equal([1, 2, 3, 4, 5], due);
        Assert.Equal(6, schedule.Issued);
    }

    [Fact]
    public void What_was_due_before_the_end_is_still_made_after_it()
    {
        RequestSchedule schedule = new(rate: 1000);
        schedule.Begin(0, messages: null, TimeSpan.FromMilliseconds(10));
        for (long at = 0; at < 8; at++)
        {
            Assert.True(schedule.TryTake(at * Millisecond, out _));
            schedule.Complete(1, at * Millisecond);
        }

        // Nobody looked for a while: two requests are overdue.
        Assert.False(schedule.Done(15 * Millisecond));
        Assert.True(schedule.TryTake(15 * Millisecond, out _));
        Assert.True(schedule.TryTake(15 * Millisecond, out _));
        Assert.False(schedule.TryTake(15 * Millisecond, out _));
        schedule.Complete(1, 16 * Millisecond);
        schedule.Complete(1, 16 * Millisecond);
        Assert.True(schedule.Done(16 * Millisecond));
        Assert.Equal(10, schedule.Issued);
    }

    [Fact]
    public void Percentiles_are_those_of_what_was_recorded_in_the_phase()
    {
        RequestSchedule schedule = new(rate: null);
        schedule.Begin(0, null, null);
        schedule.Complete(1_000_000 * Millisecond, 1);
        schedule.Begin(0, null, null);
        for (int i = 1; i <= 1000; i++)
        {
            schedule.Complete(i * Millisecond, i);
        }

        LatencySummary summary = schedule.Summary();
        Assert.Equal(1000, summary.Samples);
        Assert.Equal(500_000, summary.P50Us, 500_000 * 0.002);
        Assert.Equal(900_000, summary.P90Us, 900_000 * 0.002);
        Assert.Equal(990_000, summary.P99Us, 990_000 * 0.002);
        Assert.Equal(999_000, summary.P999Us, 999_000 * 0.002);
        Assert.Equal(1_000_000, summary.MaxUs, 1_000_000 * 0.002);
        Assert.Equal(1_000, summary.MinUs, 1_000 * 0.002);
    }
}
