using Causeway.Core.Alarms;
using Xunit;

namespace Causeway.Core.Tests.Alarms;

public sealed class AlarmLimitsTests
{
    public static TheoryData<string, AlarmLimits> Faults => new()
    {
        { "alarm-level is 0.65; accepted is more than 0.65", new AlarmLimits { LevelOpenShare = 0.65 } },
        { "alarm-level is 0.81", new AlarmLimits { LevelOpenShare = 0.81 } },
        { "alarm-baseline-times is 2; accepted is more than 2", new AlarmLimits { BaselineTimes = 2 } },
        { "alarm-least-share is 1", new AlarmLimits { LeastShare = 1 } },
        { "alarm-exhaustion-time is 3600 s", new AlarmLimits { ExhaustionTime = TimeSpan.FromHours(1) } },
        { "alarm-exhaustion-time is 300 s", new AlarmLimits { ExhaustionTime = TimeSpan.FromMinutes(5) } },
        { "alarm-growth-window is 60 s", new AlarmLimits { GrowthHold = TimeSpan.FromSeconds(14) } },
        { "alarm-link-lag is 2 s", new AlarmLimits { LagOpenTime = TimeSpan.FromSeconds(2) } },
        { "alarm-link-backlog is 4096", new AlarmLimits { BacklogOpenBytes = 4096 } },
        { "alarm-warm-up is 3601 s; accepted is 0 s to 3600 s", new AlarmLimits { WarmUp = TimeSpan.FromSeconds(3601) } },
        { "alarm-link-stall is 0 s", new AlarmLimits { StallHold = TimeSpan.Zero } },
        { "alarm-link-rtt is 150 %; accepted is more than 150 %", new AlarmLimits { RoundTripTimes = 1.5 } },
        { "alarm-link-rtt-rise is 60001 ms", new AlarmLimits { RoundTripLeastRiseMilliseconds = 60_001 } },
        { "alarm-unconverged is 0 s", new AlarmLimits { UnconvergedHold = TimeSpan.Zero } },
        { "alarm-slow-consumers is 0", new AlarmLimits { SlowConsumersOpen = 0 } },
        { "alarm-loop-delay is 100 ms", new AlarmLimits { LoopDelayOpenTime = TimeSpan.FromMilliseconds(100) } },
        { "bounds of alarms", new AlarmLimits { MaxOpenAlarms = 2000 } },
    };

    [Fact]
    public void The_defaults_fit_each_other() => Assert.Empty(new AlarmLimits().Validate());

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_limit_that_does_not_fit_is_named(string fault, AlarmLimits limits) =>
        Assert.StartsWith(fault, Assert.Single(limits.Validate()), StringComparison.Ordinal);
}
