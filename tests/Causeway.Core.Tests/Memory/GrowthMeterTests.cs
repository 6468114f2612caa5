using Causeway.Core.Memory;
using Xunit;

namespace Causeway.Core.Tests.Memory;

public sealed class GrowthMeterTests
{
    private const long Mi = 1024 * 1024;

    private readonly GrowthMeter _meter = new();

    [Fact]
    public void Nothing_is_said_of_the_future_before_anything_grew()
    {
        Assert.Null(_meter.SecondsUntil(100));
        _meter.Observe(0, 50);
        Assert.Equal(50, _meter.BaselineBytes);
        Assert.Null(_meter.SecondsUntil(100));
    }

    [Fact]
    public void Steady_growth_tells_the_time_until_a_limit()
    {
        for (int second = 0; second <= 120; second++)
        {
            _meter.Observe(second, second * Mi);
        }

        Assert.InRange(_meter.BytesPerSecond, 0.99 * Mi, 1.01 * Mi);
        Assert.InRange(_meter.SecondsUntil(220 * Mi)!.Value, 99, 102);
        Assert.Equal(0, _meter.SecondsUntil(10 * Mi));
    }

    [Fact]
    public void Growth_that_has_ended_is_forgotten_and_shrinking_is_no_growth()
    {
        for (int second = 0; second <= 60; second++)
        {
            _meter.Observe(second, second * Mi);
        }

        for (int second = 61; second <= 400; second++)
        {
            _meter.Observe(second, 60 * Mi);
        }

        Assert.InRange(_meter.BytesPerSecond, -1, 1);
        Assert.Null(_meter.SecondsUntil(100 * Mi));
        for (int second = 401; second <= 430; second++)
        {
            _meter.Observe(second, (460 - second) * Mi);
        }

        Assert.True(_meter.BytesPerSecond < 0);
        Assert.Null(_meter.SecondsUntil(100 * Mi));
    }

    /// <summary>An alarm on growth must not come only when it is over: a tenth of the time to the limit is enough to see it.</summary>
    [Fact]
    public void Sudden_growth_shows_within_seconds_while_the_baseline_stays()
    {
        for (int second = 0; second <= 3600; second++)
        {
            _meter.Observe(second, 100 * Mi);
        }

        for (int second = 1; second <= 20; second++)
        {
            _meter.Observe(3600 + second, (100 + (10 * second)) * Mi);
        }

        Assert.InRange(_meter.BytesPerSecond, 6 * Mi, 10 * Mi);
        Assert.InRange(_meter.BaselineBytes, 100 * Mi, 115 * Mi);
    }

    [Fact]
    public void The_pace_of_observation_does_not_matter()
    {
        GrowthMeter seldom = new();
        for (int tenth = 0; tenth <= 1200; tenth++)
        {
            _meter.Observe(tenth / 10.0, tenth * Mi);
            if (tenth % 50 == 0)
            {
                seldom.Observe(tenth / 10.0, tenth * Mi);
            }
        }

        Assert.InRange(seldom.BytesPerSecond / _meter.BytesPerSecond, 0.99, 1.01);
        Assert.InRange((double)seldom.BaselineBytes / _meter.BaselineBytes, 0.9, 1.1);
    }

    [Fact]
    public void A_clock_that_stands_or_goes_back_changes_nothing()
    {
        _meter.Observe(10, 100);
        _meter.Observe(11, 200);
        double rate = _meter.BytesPerSecond;
        _meter.Observe(11, 1_000_000);
        _meter.Observe(5, 1_000_000);
        Assert.Equal(rate, _meter.BytesPerSecond);
        Assert.True(double.IsFinite(_meter.BytesPerSecond));
    }
}
