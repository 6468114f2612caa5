using System.Collections.Immutable;

namespace Causeway.Director.Status;

/// <summary>A component as the public sees it. Immutable.</summary>
public sealed record ComponentStatus
{
    /// <summary>The id of the component that is about traffic between regions.</summary>
    public const string GlobalId = "global";

    /// <summary>Tells it from others: <c>global</c>, or <c>regional/</c> with the region's name.</summary>
    public required string Id { get; init; }

    /// <summary>The region that it is about; empty for the global one.</summary>
    public required string Region { get; init; }

    /// <summary>How it is, with hysteresis.</summary>
    public required ComponentState State { get; init; }

    /// <summary>Since when it is so.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The id of the component of <paramref name="region"/>.</summary>
    public static string RegionalId(string region) => "regional/" + region;
}

/// <summary>All components, and which director publishes them. One stored document. Immutable.</summary>
public sealed record StatusBoard
{
    /// <summary>A board of which nothing is known yet.</summary>
    public static readonly StatusBoard Empty = new() { Writer = "", WriterUntil = default, Components = [] };

    /// <summary>The director whose view counts at present: one at a time, so that directors that differ don't make the page flap.</summary>
    public required string Writer { get; init; }

    /// <summary>Until when it may go without renewing; then another takes over.</summary>
    public required DateTimeOffset WriterUntil { get; init; }

    /// <summary>The components: the global one first, then by region.</summary>
    public required ImmutableArray<ComponentStatus> Components { get; init; }
}
