using Causeway.Drill.Scripts;

namespace Causeway.Drill.Engine;

/// <summary>How a script is run this time. Immutable.</summary>
internal sealed record DrillSettings
{
    /// <summary>How many times faster than the script's clock; null for the script's own scale.</summary>
    public double? TimeScale { get; init; }

    /// <summary>What all loads are multiplied with.</summary>
    public double Size { get; init; } = 1;

    /// <summary>What random choices begin from; null for the script's own seed.</summary>
    public int? Seed { get; init; }

    /// <summary>
    /// The memory limit at the start; null for the script's own. Limits that steps set are changed in the same proportion.
    /// </summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>The script as it is run.</summary>
    /// <exception cref="ArgumentException">It would take too long at that scale.</exception>
    public DrillScript Apply(DrillScript script)
    {
        double scale = TimeScale ?? script.TimeScale;
        if (script.Lasts / scale > ScriptLimits.RealTimeMax)
        {
            throw new ArgumentException(
                $"--scale: '{ScriptText.Number(scale)}' is too small for this drill, which lasts {ScriptText.Span(script.Lasts)}; accepted is a scale at which it takes up to {ScriptText.Span(ScriptLimits.RealTimeMax)}");
        }

        double grown = (double)(MemoryLimitBytes ?? script.MemoryLimitBytes) / script.MemoryLimitBytes;
        return script with
        {
            TimeScale = scale,
            Seed = Seed ?? script.Seed,
            MemoryLimitBytes = MemoryLimitBytes ?? script.MemoryLimitBytes,
            Load = script.Load.ToDictionary(level => level.Key, level => LoadSize.Of(level.Value, Size)),
            Steps = [.. script.Steps.Select(step => step with { Action = Apply(step.Action, grown) })],
        };
    }

    private StepAction? Apply(StepAction? action, double grown) => action switch
    {
        SetMemoryLimit limit => limit with { Bytes = (long)(limit.Bytes * grown) },
        ChangeLoad load => load with { Change = LoadSize.Of(load.Change, Size) },
        _ => action,
    };
}
