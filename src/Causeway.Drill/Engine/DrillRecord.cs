using Causeway.Drill.Load;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Engine;

/// <summary>All that is known of a run: what expectations are judged by and reports are made from. Immutable.</summary>
internal sealed record DrillRecord
{
    /// <summary>The script as it was run.</summary>
    public required DrillScript Script { get; init; }

    /// <summary>What all loads were multiplied with.</summary>
    public double Size { get; init; } = 1;

    /// <summary>Which bus.</summary>
    public required string Bus { get; init; }

    /// <summary>What happened, in the order of time.</summary>
    public required IReadOnlyList<DrillEvent> Events { get; init; }

    /// <summary>What was measured, in the order of time.</summary>
    public required IReadOnlyList<DrillSample> Samples { get; init; }

    /// <summary>The load at the script's end, by region.</summary>
    public required IReadOnlyDictionary<string, LoadLevel> FinalLoad { get; init; }

    /// <summary>When the script was over and its load went quiet.</summary>
    public required TimeSpan QuietAt { get; init; }

    /// <summary>How long after that all nodes knew everything; null if they did not while it was waited for.</summary>
    public TimeSpan? ConvergedAfter { get; init; }

    /// <summary>A length of time on the script's clock.</summary>
    public TimeSpan OnScriptClock(TimeSpan real) => real * Script.TimeScale;

    /// <summary>The moment as the script's clock shows it.</summary>
    public string Clock(TimeSpan real) => ScriptClock.Show(Script.StartsAt, OnScriptClock(real));
}
