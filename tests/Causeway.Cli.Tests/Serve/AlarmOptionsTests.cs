using System.CommandLine;
using Causeway.Cli.Serve;
using Causeway.Core.Alarms;
using Xunit;

namespace Causeway.Cli.Tests.Serve;

/// <summary>Each option of an alarm sets its threshold, and those for closing and for being critical in proportion.</summary>
public sealed class AlarmOptionsTests
{
    private static readonly AlarmLimits Usual = new();

    public static TheoryData<string, AlarmLimits> Settings => new()
    {
        { "", Usual },
        { "--alarm-warm-up 90s", Usual with { WarmUp = TimeSpan.FromSeconds(90) } },
        { "--alarm-warm-up 0", Usual with { WarmUp = TimeSpan.Zero } },
        { "--alarm-link-stall 10s", Usual with { StallHold = TimeSpan.FromSeconds(10) } },
        { "--alarm-link-rtt 500", Usual with { RoundTripTimes = 5, RoundTripCloseTimes = 3 } },
        { "--alarm-link-rtt 110", Usual with { RoundTripTimes = 1.1, RoundTripCloseTimes = 1.05 } },
        { "--alarm-link-rtt-rise 5ms", Usual with { RoundTripLeastRiseMilliseconds = 5 } },
        { "--alarm-unconverged 2m", Usual with { UnconvergedHold = TimeSpan.FromMinutes(2) } },
        { "--alarm-loop-delay 1s", Usual with { LoopDelayOpenTime = TimeSpan.FromSeconds(1), LoopDelayCloseTime = TimeSpan.FromSeconds(0.2), LoopDelayCriticalTime = TimeSpan.FromSeconds(4) } },
        { "--alarm-link-lag 20s", Usual with { LagOpenTime = TimeSpan.FromSeconds(20), LagCloseTime = TimeSpan.FromSeconds(4), LagCriticalTime = TimeSpan.FromMinutes(2) } },
    };

    public static TheoryData<string, string> Wrong => new()
    {
        { "--alarm-warm-up 2h", "alarm-warm-up is 7200 s; accepted is 0 s to 3600 s" },
        { "--alarm-link-stall 0", "alarm-link-stall is 0 s; accepted is more than 0 s to 3600 s" },
        { "--alarm-unconverged 2h", "alarm-unconverged is 7200 s; accepted is more than 0 s to 3600 s" },
        { "--alarm-link-rtt-rise 2m", "alarm-link-rtt-rise is 120000 ms; accepted is 0 ms to 60000 ms" },
        { "--alarm-loop-delay 0", "alarm-loop-delay is 0 ms" },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void An_option_sets_its_threshold_and_what_follows_from_it(string line, AlarmLimits expected)
    {
        (AlarmLimits limits, List<string> faults) = Read(line);
        Assert.Empty(faults);
        Assert.Equal(expected, limits);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_can_not_be_is_named_with_what_is_accepted(string line, string fault) =>
        Assert.StartsWith(fault, Assert.Single(Read(line).Faults), StringComparison.Ordinal);

    [Theory]
    [InlineData("--alarm-link-rtt 100", "too small")]
    [InlineData("--alarm-link-stall soon", "can't be read")]
    public void What_can_not_be_read_is_refused_by_its_option(string line, string part)
    {
        Command command = new("serve");
        new AlarmOptions().AddTo(command);
        Assert.Contains(part, Assert.Single(command.Parse(line).Errors).Message, StringComparison.Ordinal);
    }

    private static (AlarmLimits Limits, List<string> Faults) Read(string line)
    {
        Command command = new("serve");
        AlarmOptions options = new();
        options.AddTo(command);
        ParseResult result = command.Parse(line);
        Assert.Empty(result.Errors);
        List<string> faults = [];
        return (options.Read(result, faults), faults);
    }
}
