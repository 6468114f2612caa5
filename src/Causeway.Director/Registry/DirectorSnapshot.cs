namespace Causeway.Director.Registry;

/// <summary>What a director decides from: the view, and what only directors need to know. Immutable.</summary>
public sealed record DirectorSnapshot
{
    /// <summary>The deployment.</summary>
    public required DeploymentView View { get; init; }

    /// <summary>The regions that operators drain.</summary>
    public required IReadOnlyDictionary<string, DrainMark> Drains { get; init; }

    /// <summary>For how long each region has been well without a break; none for those that are not.</summary>
    public required IReadOnlyDictionary<string, TimeSpan> WellFor { get; init; }

    /// <summary>Directors that live, at least 1.</summary>
    public required int LiveDirectors { get; init; }

    /// <summary>True if this director hears no node at all.</summary>
    public required bool IsInDoubt { get; init; }

    /// <summary>True while this director has only begun to hear nodes, so that regions may be missing.</summary>
    public bool IsBeginning { get; init; }

    /// <summary>The region <paramref name="name"/>; null if it is not known.</summary>
    public RegionView? Region(string name) => View.Regions.FirstOrDefault(region => region.Name == name);
}
