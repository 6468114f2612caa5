namespace Causeway.Drill.Engine;

/// <summary>Something that happened in a run. Immutable.</summary>
internal sealed record DrillEvent
{
    /// <summary>When, on this machine's clock, since the script's start.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>What kind of thing.</summary>
    public required EventKind Kind { get; init; }

    /// <summary>What, in a line.</summary>
    public required string Text { get; init; }

    /// <summary>A step's key or an alarm's rule; empty for others.</summary>
    public string Key { get; init; } = "";

    /// <summary>The region that is concerned; empty for a link or the whole.</summary>
    public string Region { get; init; } = "";

    /// <summary>The node that is concerned; empty for a link, a region or the whole.</summary>
    public string Node { get; init; } = "";
}

/// <summary>Kinds of events.</summary>
internal enum EventKind
{
    /// <summary>The run goes on to another part: warm-up, script, quiet, end.</summary>
    Phase,

    /// <summary>The story's word.</summary>
    Note,

    /// <summary>A step of the script begins.</summary>
    Step,

    /// <summary>A step that took time is done.</summary>
    Done,

    /// <summary>A step could not be done.</summary>
    Problem,

    /// <summary>A step that this bus has no way for.</summary>
    NotPossible,

    /// <summary>An alarm opened.</summary>
    AlarmOpened,

    /// <summary>An alarm closed.</summary>
    AlarmClosed,

    /// <summary>A process ended that nobody asked to.</summary>
    Death,

    /// <summary>A node's memory passed its limit, or a node does not answer.</summary>
    Warning,
}
