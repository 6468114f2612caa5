using System.Globalization;
using Causeway.Core.Control;

namespace Causeway.Core.Alarms.Nodes;

/// <summary>The rules of a node's own health: slow consumers, the delay of its event loops, and defects that it met in itself.</summary>
internal sealed class HealthRules(AlarmLimits limits)
{
    public const string SlowConsumers = "slow_consumers";
    public const string Health = "node_health";

    /// <summary>Time for which a defect is told of after it was met.</summary>
    private static readonly TimeSpan DefectTime = TimeSpan.FromMinutes(5);

    private const int Named = 5;

    private readonly Queue<(TimeSpan At, long Total)> _slow = new();
    private long? _defects;
    private TimeSpan? _defectAt;

    public IReadOnlyList<AlarmCondition> Look(TimeSpan elapsed, NodeReading reading)
    {
        AlarmCondition[] conditions = [SlowConsumersOf(elapsed, reading), LoopsOf(reading), DefectsOf(elapsed, reading)];
        return [.. conditions.Where(condition => condition.Level != AlarmLevel.Calm)];
    }

    private AlarmCondition SlowConsumersOf(TimeSpan elapsed, NodeReading reading)
    {
        // A look that is not later than the last one says nothing new of the time; the queue is bounded by its looks.
        if (_slow.Count == 0 || elapsed > _slow.Last().At)
        {
            _slow.Enqueue((elapsed, reading.SlowConsumers));
        }

        while (_slow.Count > 1 && elapsed - _slow.Peek().At > limits.SlowConsumerWindow)
        {
            _slow.Dequeue();
        }

        long closed = reading.SlowConsumers - _slow.Peek().Total;
        return new AlarmCondition
        {
            Key = SlowConsumers,
            Rule = SlowConsumers,
            Severity = closed >= limits.SlowConsumersCritical ? AlarmSeverity.Critical : AlarmSeverity.Warning,
            Subject = reading.Node,
            Summary = $"{AlarmText.Count(closed)} clients were closed as slow consumers within {AlarmText.Time(limits.SlowConsumerWindow)}",
            Level = MemoryRules.Between(closed >= limits.SlowConsumersOpen, closed > 0),
            CloseAfter = limits.CloseHold,
            FindCause = () =>
            {
                string[] last = [.. reading.LastSlowConsumers().Take(Named)];
                return new AlarmCause(
                    last.Length == 0 ? "clients that do not read what they asked for" : $"last of them {last[0]}",
                    new Dictionary<string, string> { ["closed"] = closed.ToString(CultureInfo.InvariantCulture), ["top_client"] = last.FirstOrDefault(""), ["top_clients"] = string.Join(", ", last) });
            },
        };
    }

    private AlarmCondition LoopsOf(NodeReading reading)
    {
        TimeSpan delay = reading.LoopDelay;
        return new AlarmCondition
        {
            Key = $"{Health}/loop_delay",
            Rule = Health,
            Severity = delay >= limits.LoopDelayCriticalTime ? AlarmSeverity.Critical : AlarmSeverity.Warning,
            Subject = reading.Node,
            Summary = FormattableString.Invariant($"an event loop takes {delay.TotalMilliseconds:0} ms to take a task: clients wait so long"),
            Level = MemoryRules.Between(delay >= limits.LoopDelayOpenTime, delay >= limits.LoopDelayCloseTime),
            OpenAfter = limits.OpenHold,
            CloseAfter = limits.CloseHold,
            FindCause = () => new AlarmCause(
                "the processors are busy with something else, or the node with more than it can do",
                new Dictionary<string, string> { ["loop_delay_ms"] = delay.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) }),
        };
    }

    private AlarmCondition DefectsOf(TimeSpan elapsed, NodeReading reading)
    {
        long defects = reading.InternalErrors + reading.LeakedBytes;
        if (defects > (_defects ?? 0))
        {
            _defectAt = elapsed;
        }

        _defects = defects;
        return new AlarmCondition
        {
            Key = $"{Health}/defect",
            Rule = Health,
            Severity = AlarmSeverity.Warning,
            Subject = reading.Node,
            Summary = $"Causeway met a defect of its own: {AlarmText.Count(reading.InternalErrors)} clients closed for one, {AlarmText.Bytes(reading.LeakedBytes)} leaked, since the start",
            Level = MemoryRules.Between(_defectAt is { } at && elapsed - at < DefectTime, false),
            CloseAfter = limits.CloseHold,
            FindCause = () => new AlarmCause("a defect in Causeway; the log has it with its trace"),
        };
    }
}
