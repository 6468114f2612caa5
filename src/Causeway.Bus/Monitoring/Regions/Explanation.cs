using Causeway.Core.Regions;
using Causeway.Core.Subscriptions;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary>Who would get a message published here on one subject, over which links, and why others would not.</summary>
internal sealed record Explanation
{
    /// <summary>Subscriptions without a queue group.</summary>
    public required Subscription[] Plain { get; init; }

    public required IReadOnlyList<GroupChoice> Groups { get; init; }

    /// <summary>The nodes of the region but this one, then the other regions.</summary>
    public required IReadOnlyList<Destination> Destinations { get; init; }
}

/// <summary>Which member of a queue group would get the message.</summary>
/// <param name="Name">The group.</param>
/// <param name="LocalMembers">Its members here.</param>
/// <param name="Nodes">Nodes of the region that have members.</param>
/// <param name="Regions">Other regions that have members.</param>
/// <param name="GoesTo"><c>local</c>, <c>node</c>, <c>region</c> or <c>nobody</c>.</param>
/// <param name="Candidates">Of which one is chosen: by chance among nodes, by round trip among regions.</param>
internal sealed record GroupChoice(
    string Name, int LocalMembers, IReadOnlyList<InterestSource> Nodes, IReadOnlyList<InterestSource> Regions, string GoesTo, IReadOnlyList<InterestSource> Candidates);

/// <summary>A node or region beyond a link, and whether it would get the message.</summary>
internal sealed record Destination
{
    /// <summary>It gets the message.</summary>
    public const string Gets = "gets";

    /// <summary>One of its members of a queue group may get it.</summary>
    public const string MayGet = "may_get";

    /// <summary>It does not.</summary>
    public const string No = "no";

    public required bool IsRegion { get; init; }

    public required string Name { get; init; }

    public required string Verdict { get; init; }

    public required string Reason { get; init; }

    /// <summary>What it asks for that the subject falls under.</summary>
    public IReadOnlyList<Asked> By { get; init; } = [];

    /// <summary>The source by which it is known, if it is.</summary>
    public SourceRow? Source { get; init; }
}

/// <summary>What somebody asked for: a literal's fingerprint, or a pattern or queue group's text.</summary>
internal readonly record struct Asked(string Kind, string Subject, string Queue);
