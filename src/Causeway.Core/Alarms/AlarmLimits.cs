namespace Causeway.Core.Alarms;

/// <summary>
/// The thresholds of all alarm rules of a node, and the bounds of what is kept, with units in their names. Each rule opens at one
/// threshold and closes at another. Immutable; <see cref="Validate"/> checks the relations.
/// </summary>
public sealed record AlarmLimits
{
    private static readonly TimeSpan MostWait = TimeSpan.FromHours(1);

    /// <summary>Share of the budget, or of what the process may have, from which <c>memory_level</c> opens.</summary>
    public double LevelOpenShare { get; init; } = 0.70;

    /// <summary>Share below which <c>memory_level</c> closes.</summary>
    public double LevelCloseShare { get; init; } = 0.65;

    /// <summary>Share from which <c>memory_level</c> is critical: the governor closes clients from here on.</summary>
    public double LevelCriticalShare { get; init; } = 0.80;

    /// <summary>Time a node has to run until there is a baseline to compare with.</summary>
    public TimeSpan BaselineWarmUp { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many times its baseline a use of memory has to reach for <c>memory_baseline</c>.</summary>
    public double BaselineTimes { get; init; } = 3;

    /// <summary>How many times its baseline a use has to fall below for <c>memory_baseline</c> to close.</summary>
    public double BaselineCloseTimes { get; init; } = 2;

    /// <summary>
    /// Time from a node's start in which growth is no alarm: a node that fills its tables and takes its clients grows fast. Its level is told from
    /// the first look.
    /// </summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Share of the budget below which neither a multiple of the baseline nor growth is worth an alarm.</summary>
    public double LeastShare { get; init; } = 0.05;

    /// <summary>Time to exhaustion, at the present growth, below which <c>memory_growth</c> opens.</summary>
    public TimeSpan ExhaustionTime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Time to exhaustion above which <c>memory_growth</c> closes.</summary>
    public TimeSpan ExhaustionCloseTime { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>Time to exhaustion below which <c>memory_growth</c> is critical.</summary>
    public TimeSpan ExhaustionCriticalTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Time over which growth is measured; it has to go on through the last quarter of it.</summary>
    public TimeSpan GrowthWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Time for which growth has to be seen.</summary>
    public TimeSpan GrowthHold { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Time back from now within which memory must not have been as high before, for its rise to be growth and no swing.</summary>
    public TimeSpan SwingTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Time for which another node has not known of a change of interest, from which <c>link_lag</c> opens.</summary>
    public TimeSpan LagOpenTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Lag below which <c>link_lag</c> closes.</summary>
    public TimeSpan LagCloseTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Lag from which <c>link_lag</c> is critical.</summary>
    public TimeSpan LagCriticalTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Bytes of messages waiting for a link from which <c>link_backlog</c> opens; it opens at once where messages are dropped.</summary>
    public long BacklogOpenBytes { get; init; } = 16L * 1024 * 1024;

    /// <summary>Bytes below which <c>link_backlog</c> closes.</summary>
    public long BacklogCloseBytes { get; init; } = 4L * 1024 * 1024;

    /// <summary>Time for which a link has to be silent, or down, for <c>link_stall</c>.</summary>
    public TimeSpan StallHold { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How many times its own baseline the round trip of a link has to reach for <c>link_rtt</c>.</summary>
    public double RoundTripTimes { get; init; } = 2.5;

    /// <summary>How many times its baseline the round trip has to fall below for <c>link_rtt</c> to close.</summary>
    public double RoundTripCloseTimes { get; init; } = 1.5;

    /// <summary>Least rise of the round trip above its baseline that is worth an alarm, in milliseconds.</summary>
    public double RoundTripLeastRiseMilliseconds { get; init; } = 30;

    /// <summary>Time for which the round trip has to be degraded.</summary>
    public TimeSpan RoundTripHold { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time for which the interest of another node or region may be incomplete here before <c>interest_unconverged</c> opens.</summary>
    public TimeSpan UnconvergedHold { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Slow consumers closed within <see cref="SlowConsumerWindow"/> from which <c>slow_consumers</c> opens.</summary>
    public int SlowConsumersOpen { get; init; } = 3;

    /// <summary>Slow consumers closed within a window from which <c>slow_consumers</c> is critical.</summary>
    public int SlowConsumersCritical { get; init; } = 30;

    /// <summary>Time over which closed slow consumers are counted.</summary>
    public TimeSpan SlowConsumerWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Delay of an event loop from which <c>node_health</c> opens.</summary>
    public TimeSpan LoopDelayOpenTime { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Delay below which <c>node_health</c> closes.</summary>
    public TimeSpan LoopDelayCloseTime { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Delay from which <c>node_health</c> is critical.</summary>
    public TimeSpan LoopDelayCriticalTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time for which the other conditions have to be seen before their alarms open.</summary>
    public TimeSpan OpenHold { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Time for which a condition has to be calm before its alarm closes.</summary>
    public TimeSpan CloseHold { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Most time that counts between two looks: a machine that stood still has seen nothing meanwhile.</summary>
    public TimeSpan MaxLookGap { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Most alarms open at a time; those beyond are counted as suppressed.</summary>
    public int MaxOpenAlarms { get; init; } = 256;

    /// <summary>Most conditions followed at a time, open ones included.</summary>
    public int MaxWatchedConditions { get; init; } = 1024;

    /// <summary>Most changes kept in memory.</summary>
    public int MaxIncidentEntries { get; init; } = 1000;

    /// <summary>Most memory that they may take, in bytes.</summary>
    public long MaxIncidentBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>What is wrong with the limits, one line each; empty if nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> faults = [];
        void Check(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add(fault);
            }
        }

        Check(LevelCloseShare > 0 && LevelCloseShare < LevelOpenShare && LevelOpenShare <= LevelCriticalShare && LevelCriticalShare <= 1, FormattableString.Invariant($"alarm-level is {LevelOpenShare:0.##}; accepted is more than {LevelCloseShare:0.##}, below which it closes, to {LevelCriticalShare:0.##}"));
        Check(BaselineCloseTimes > 1 && BaselineCloseTimes < BaselineTimes && BaselineTimes <= 1000, FormattableString.Invariant($"alarm-baseline-times is {BaselineTimes:0.##}; accepted is more than {BaselineCloseTimes:0.##}, below which it closes, to 1000"));
        Check(LeastShare is >= 0 and < 1, FormattableString.Invariant($"alarm-least-share is {LeastShare:0.##}; accepted is 0 to 1"));
        Check(ExhaustionCriticalTime > TimeSpan.Zero && ExhaustionCriticalTime <= ExhaustionTime && ExhaustionTime < ExhaustionCloseTime, FormattableString.Invariant($"alarm-exhaustion-time is {ExhaustionTime.TotalSeconds:0.###} s; accepted is {ExhaustionCriticalTime.TotalSeconds:0.###} s, from which it is critical, to less than {ExhaustionCloseTime.TotalSeconds:0.###} s"));
        Check(GrowthWindow >= TimeSpan.FromSeconds(4) && GrowthWindow <= TimeSpan.FromMinutes(10) && GrowthHold >= GrowthWindow / 4 && SwingTime >= GrowthWindow, FormattableString.Invariant($"alarm-growth-window is {GrowthWindow.TotalSeconds:0.###} s; accepted is 4 s to 600 s, with a hold of a quarter of it at least"));
        Check(LagCloseTime > TimeSpan.Zero && LagCloseTime < LagOpenTime && LagOpenTime <= LagCriticalTime, FormattableString.Invariant($"alarm-link-lag is {LagOpenTime.TotalSeconds:0.###} s; accepted is more than {LagCloseTime.TotalSeconds:0.###} s, below which it closes, to {LagCriticalTime.TotalSeconds:0.###} s"));
        Check(BacklogCloseBytes > 0 && BacklogCloseBytes < BacklogOpenBytes, $"alarm-link-backlog is {BacklogOpenBytes}; accepted is more than {BacklogCloseBytes}, below which it closes");
        Check(WarmUp >= TimeSpan.Zero && WarmUp <= MostWait, FormattableString.Invariant($"alarm-warm-up is {WarmUp.TotalSeconds:0.###} s; accepted is 0 s to {MostWait.TotalSeconds:0} s"));
        Check(StallHold > TimeSpan.Zero && StallHold <= MostWait, FormattableString.Invariant($"alarm-link-stall is {StallHold.TotalSeconds:0.###} s; accepted is more than 0 s to {MostWait.TotalSeconds:0} s"));
        Check(RoundTripCloseTimes > 1 && RoundTripCloseTimes < RoundTripTimes && RoundTripTimes <= 1000, FormattableString.Invariant($"alarm-link-rtt is {RoundTripTimes * 100:0} %; accepted is more than {RoundTripCloseTimes * 100:0} %, below which it closes, to 100000 %"));
        Check(RoundTripLeastRiseMilliseconds is >= 0 and <= 60_000, FormattableString.Invariant($"alarm-link-rtt-rise is {RoundTripLeastRiseMilliseconds:0.###} ms; accepted is 0 ms to 60000 ms"));
        Check(UnconvergedHold > TimeSpan.Zero && UnconvergedHold <= MostWait, FormattableString.Invariant($"alarm-unconverged is {UnconvergedHold.TotalSeconds:0.###} s; accepted is more than 0 s to {MostWait.TotalSeconds:0} s"));
        Check(SlowConsumersOpen >= 1 && SlowConsumersOpen <= SlowConsumersCritical, $"alarm-slow-consumers is {SlowConsumersOpen}; accepted is 1 to {SlowConsumersCritical}, from which it is critical");
        Check(LoopDelayCloseTime > TimeSpan.Zero && LoopDelayCloseTime < LoopDelayOpenTime && LoopDelayOpenTime <= LoopDelayCriticalTime, FormattableString.Invariant($"alarm-loop-delay is {LoopDelayOpenTime.TotalMilliseconds:0} ms; accepted is more than {LoopDelayCloseTime.TotalMilliseconds:0} ms, below which it closes, to {LoopDelayCriticalTime.TotalMilliseconds:0} ms"));
        Check(MaxLookGap > TimeSpan.Zero && MaxOpenAlarms >= 1 && MaxWatchedConditions >= MaxOpenAlarms && MaxIncidentEntries >= 1 && MaxIncidentBytes >= 1, "bounds of alarms: at least one of each, and no more open alarms than conditions followed");
        return faults;
    }
}
