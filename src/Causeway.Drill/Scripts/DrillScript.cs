using Causeway.Drill.Expectations;
using Causeway.Drill.Load;
using Causeway.Shaper;

namespace Causeway.Drill.Scripts;

/// <summary>A drill as its file tells it. Immutable.</summary>
internal sealed record DrillScript
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in a sentence.</summary>
    public required string Description { get; init; }

    /// <summary>The comment that the file begins with: the story.</summary>
    public string Story { get; init; } = "";

    /// <summary>The time of day that the script's clock begins at; null for a clock that counts from 0.</summary>
    public TimeOnly? StartsAt { get; init; }

    /// <summary>How long it lasts on the script's clock.</summary>
    public required TimeSpan Lasts { get; init; }

    /// <summary>How many times faster than the script's clock it goes.</summary>
    public double TimeScale { get; init; } = 1;

    /// <summary>What random choices begin from.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The regions.</summary>
    public required IReadOnlyList<string> Regions { get; init; }

    /// <summary>Nodes of each region at the start.</summary>
    public int NodesPerRegion { get; init; } = 2;

    /// <summary>What the resident memory of each node's process is limited to.</summary>
    public required long MemoryLimitBytes { get; init; }

    /// <summary>After which time on the script's clock a node that died is started again, as a supervisor would; null for never.</summary>
    public TimeSpan? RestartAfterDeath { get; init; }

    /// <summary>How links are at the start; those that are not named only pass bytes on.</summary>
    public IReadOnlyList<(LinkChoice Link, LinkConditions Conditions)> Links { get; init; } = [];

    /// <summary>The load at the start, by region.</summary>
    public IReadOnlyDictionary<string, LoadLevel> Load { get; init; } = new Dictionary<string, LoadLevel>();

    /// <summary>What happens, in the order of time.</summary>
    public required IReadOnlyList<DrillStep> Steps { get; init; }

    /// <summary>What is expected.</summary>
    public required IReadOnlyList<Expectation> Expectations { get; init; }
}
