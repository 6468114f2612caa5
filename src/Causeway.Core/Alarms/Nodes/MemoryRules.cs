using Causeway.Core.Control;
using Causeway.Core.Memory;

namespace Causeway.Core.Alarms.Nodes;

/// <summary>
/// The rules of memory: its level, a use at a multiple of its baseline, and growth with the time to exhaustion that follows. While memory is not
/// calm it samples from time to time who holds it; what has changed since the older sample when an alarm opens is the cause.
/// </summary>
internal sealed class MemoryRules(AlarmLimits limits)
{
    public const string Level = "memory_level";
    public const string Baseline = "memory_baseline";
    public const string Growth = "memory_growth";

    private readonly GrowthWindow _held = new(limits.GrowthWindow, limits.SwingTime);
    private readonly GrowthWindow _process = new(limits.GrowthWindow, limits.SwingTime);
    private readonly SmoothedUses _smoothed = new(limits.GrowthWindow / 4);
    private TimeSpan? _began;
    private MemoryPast? _older;
    private MemoryPast? _newer;

    public IReadOnlyList<AlarmCondition> Look(TimeSpan elapsed, NodeReading reading)
    {
        _began ??= elapsed;
        MemoryReading memory = reading.Memory;
        _held.Observe(elapsed, memory.HeldBytes);
        _process.Observe(elapsed, memory.ProcessBytes);
        _smoothed.Observe(elapsed, memory.Uses);
        TimeSpan age = elapsed - _began.Value;
        AlarmCondition[] conditions =
        [
            LevelOf(reading),
            .. age >= limits.WarmUp ? GrowthsOf(reading) : [],
            .. age >= limits.BaselineWarmUp ? memory.Uses.Where(use => use.Use != MemoryUse.Pool).Select(use => BaselineOf(reading, use)) : [],
        ];
        AlarmCondition[] found = [.. conditions.Where(condition => condition.Level != AlarmLevel.Calm)];
        RememberPast(elapsed, reading, found.Length > 0);
        return found;
    }

    private IEnumerable<AlarmCondition> GrowthsOf(NodeReading reading) =>
    [
        GrowthOf(reading, _held, "", "memory of all accounts", reading.Memory.HeldBytes, reading.Memory.LimitBytes),
        GrowthOf(reading, _process, "/process", "memory of the process", reading.Memory.ProcessBytes, reading.Memory.ProcessLimitBytes),
    ];

    /// <summary>
    /// Growth over minutes tells more than growth over seconds, in which noise may be the larger part; but what was long ago is no part of
    /// the cause. So there is one sample between half a swing time and a whole one old, and the next to take its place.
    /// </summary>
    private void RememberPast(TimeSpan elapsed, NodeReading reading, bool isUncalm)
    {
        TimeSpan age = elapsed - (_newer?.At ?? elapsed);
        if (isUncalm && (_newer is null || age >= limits.SwingTime / 2))
        {
            _older = age >= limits.SwingTime ? null : _newer;
            _newer = new MemoryPast(elapsed, reading.Holders(), _smoothed.Bytes);
        }
        else if (age >= limits.SwingTime)
        {
            (_older, _newer) = (null, null);
        }
    }

    private AlarmCondition LevelOf(NodeReading reading)
    {
        MemoryReading memory = reading.Memory;
        double held = (double)memory.HeldBytes / memory.LimitBytes;
        double process = (double)memory.ProcessBytes / memory.ProcessLimitBytes;
        bool byProcess = process > held;
        double share = Math.Max(held, process);
        string sacrifice = memory.Step >= GovernorStep.CloseSlowest ? $"; the governor is at {Name(memory.Step)}" : "";
        return new AlarmCondition
        {
            Key = Level,
            Rule = Level,
            Severity = share >= limits.LevelCriticalShare || memory.Step >= GovernorStep.CloseSlowest ? AlarmSeverity.Critical : AlarmSeverity.Warning,
            Subject = reading.Node,
            Summary = byProcess
                ? $"the process holds {AlarmText.Bytes(memory.ProcessBytes)}, {AlarmText.Percent(process)} of what it may{sacrifice}"
                : $"memory is at {AlarmText.Percent(held)} of its budget: {AlarmText.Bytes(memory.HeldBytes)} of {AlarmText.Bytes(memory.LimitBytes)}{sacrifice}",
            Level = Between(share >= limits.LevelOpenShare, share >= limits.LevelCloseShare),
            OpenAfter = limits.OpenHold,
            CloseAfter = limits.CloseHold,
            FindCause = () => Cause(reading, null),
        };
    }

    private AlarmCondition BaselineOf(NodeReading reading, UseReading use)
    {
        double times = use.Bytes / Math.Max(1.0, use.BaselineBytes);
        bool matters = use.Bytes >= limits.LeastShare * reading.Memory.LimitBytes;
        return new AlarmCondition
        {
            Key = $"{Baseline}/{Name(use.Use)}",
            Rule = Baseline,
            Severity = AlarmSeverity.Warning,
            Subject = reading.Node,
            Summary = FormattableString.Invariant($"memory for {Name(use.Use)} is {Math.Min(times, 1000):0.0} times what is usual: {AlarmText.Bytes(use.Bytes)}, usually {AlarmText.Bytes(use.BaselineBytes)}"),
            Level = Between(matters && times >= limits.BaselineTimes, matters && times >= limits.BaselineCloseTimes),
            OpenAfter = limits.OpenHold,
            CloseAfter = limits.CloseHold,
            FindCause = () => Cause(reading, use.Use),
        };
    }

    private AlarmCondition GrowthOf(NodeReading reading, GrowthWindow growth, string suffix, string what, long bytes, long limitBytes)
    {
        double seconds = growth.BytesPerSecond > 0 ? Math.Max(0, limitBytes - bytes) / growth.BytesPerSecond : double.PositiveInfinity;
        bool matters = bytes >= limits.LeastShare * limitBytes;
        bool raised = matters && growth.IsGrowing && seconds < limits.ExhaustionTime.TotalSeconds;
        return new AlarmCondition
        {
            Key = Growth + suffix,
            Rule = Growth,
            Severity = seconds < limits.ExhaustionCriticalTime.TotalSeconds ? AlarmSeverity.Critical : AlarmSeverity.Warning,
            Subject = reading.Node,
            Summary = raised
                ? $"{what} grows by {AlarmText.Bytes(growth.BytesPerSecond)} a second and is used up in {AlarmText.Time(TimeSpan.FromSeconds(seconds))}: {AlarmText.Bytes(bytes)} of {AlarmText.Bytes(limitBytes)}"
                : "",
            Level = Between(raised, matters && seconds < limits.ExhaustionCloseTime.TotalSeconds),
            OpenAfter = limits.GrowthHold,
            CloseAfter = limits.CloseHold,
            FindCause = () => Cause(reading, null),
        };
    }

    private AlarmCause Cause(NodeReading reading, MemoryUse? use) => MemoryCause.Find(reading, _older ?? _newer, _smoothed.Bytes, use);

    internal static AlarmLevel Between(bool raised, bool atLeastBetween) =>
        raised ? AlarmLevel.Raised : atLeastBetween ? AlarmLevel.Between : AlarmLevel.Calm;

    internal static string Name<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
