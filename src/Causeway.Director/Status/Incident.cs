using System.Collections.Immutable;

namespace Causeway.Director.Status;

/// <summary>The phases of an incident, in the order that they come in; an entry of none is <see cref="Update"/>.</summary>
public enum IncidentPhase
{
    /// <summary>Not a phase: what happened or was said meanwhile.</summary>
    Update,

    /// <summary>It is known that something is wrong.</summary>
    Detected,

    /// <summary>It is known why.</summary>
    Identified,

    /// <summary>The worst is over.</summary>
    Mitigated,

    /// <summary>All is well again.</summary>
    Recovered,
}

/// <summary>One entry of an incident's public timeline. Immutable.</summary>
public sealed record TimelineEntry
{
    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The phase that it begins.</summary>
    public required IncidentPhase Phase { get; init; }

    /// <summary>What is said, for the public.</summary>
    public required string Text { get; init; }

    /// <summary>True if an operator wrote it.</summary>
    public bool IsByOperator { get; init; }
}

/// <summary>A component that an incident affects. Immutable.</summary>
public sealed record AffectedComponent
{
    /// <summary>The component's id.</summary>
    public required string Id { get; init; }

    /// <summary>Its region; empty for the global one.</summary>
    public required string Region { get; init; }

    /// <summary>The worst that it was during the incident.</summary>
    public required ComponentState Worst { get; init; }
}

/// <summary>An alarm that was open during an incident, for operators only: it names what is inside. Immutable.</summary>
public sealed record IncidentEvidence
{
    /// <summary>When it was seen.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The alarm's key.</summary>
    public required string Key { get; init; }

    /// <summary>What happened.</summary>
    public required string Summary { get; init; }

    /// <summary>Its first cause.</summary>
    public required string Cause { get; init; }
}

/// <summary>One incident from the first sign to recovery. Immutable.</summary>
public sealed record Incident
{
    /// <summary>Tells it from others; made from when it was detected.</summary>
    public required string Id { get; init; }

    /// <summary>When it was detected.</summary>
    public required DateTimeOffset DetectedAt { get; init; }

    /// <summary>When all was well again; null while it is open.</summary>
    public DateTimeOffset? RecoveredAt { get; init; }

    /// <summary>The furthest phase that was reached.</summary>
    public required IncidentPhase Phase { get; init; }

    /// <summary>What it affects, or affected.</summary>
    public required ImmutableArray<AffectedComponent> Affected { get; init; }

    /// <summary>The public timeline, oldest first.</summary>
    public required ImmutableArray<TimelineEntry> Timeline { get; init; }

    /// <summary>The alarms, for operators only.</summary>
    public ImmutableArray<IncidentEvidence> Evidence { get; init; } = [];

    /// <summary>Entries that were not kept because there were too many.</summary>
    public int Omitted { get; init; }

    /// <summary>True until all is well again.</summary>
    public bool IsOpen => RecoveredAt is null;

    /// <summary>The worst that any component was.</summary>
    public ComponentState Impact => Affected.Length == 0 ? ComponentState.Operational : Affected.Max(component => component.Worst);

    /// <summary>When something was last said.</summary>
    public DateTimeOffset UpdatedAt => Timeline.Length == 0 ? DetectedAt : Timeline[^1].At;
}
