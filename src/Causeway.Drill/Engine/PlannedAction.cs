using Causeway.Drill.Load;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Engine;

/// <summary>Something to do at a moment of a run. Immutable.</summary>
/// <param name="At">When, on this machine's clock, since the start.</param>
/// <param name="Key">The step's key in the script: <c>kill</c>, <c>shape</c>.</param>
/// <param name="Text">What the timeline says; null for one of many of which the first has spoken.</param>
/// <param name="Action">What is done, with all choices made; null for a note.</param>
internal sealed record PlannedAction(TimeSpan At, string Key, string? Text, StepAction? Action)
{
    /// <summary>The region that is concerned; null for a link or a note.</summary>
    public string? Region => Action switch
    {
        SetLoad load => load.Region,
        KillNode kill => kill.Node.Region,
        RestartNode restart => restart.Node.Region,
        DrainNode drain => drain.Node.Region,
        AddNode add => add.Region,
        DrainRegion drain => drain.Region,
        KillRegion kill => kill.Region,
        RestartRegion restart => restart.Region,
        SetMemoryLimit limit => limit.Region,
        _ => null,
    };

    /// <summary>What takes time is done one after the other within a lane; null for what is done at once.</summary>
    public string? Lane => Action switch
    {
        SetLoad load => $"load of {load.Region}",
        _ when Region is { } region => $"nodes of {region}",
        _ => null,
    };
}

/// <summary>Sets a region's load to a level: what a change becomes once it is known where it begins.</summary>
internal sealed record SetLoad(string Region, LoadLevel Level) : StepAction;
