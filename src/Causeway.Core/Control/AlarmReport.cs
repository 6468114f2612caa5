namespace Causeway.Core.Control;

/// <summary>An alarm as others are told of it. Immutable.</summary>
public sealed record AlarmReport
{
    /// <summary>What a subject ends with that is the inside of a region, and no pair of regions.</summary>
    public const string InsideSuffix = " (inside)";

    /// <summary>Tells this alarm from others of its scope; the same while it is open, and again when it opens anew.</summary>
    public required string Key { get; init; }

    /// <summary>The rule, in snake case: <c>memory_level</c>, <c>memory_growth</c>, <c>link_lag</c> and so on.</summary>
    public required string Rule { get; init; }

    /// <summary>How bad it is.</summary>
    public required AlarmSeverity Severity { get; init; }

    /// <summary>What is concerned: a node's or region's name, or a pair of regions.</summary>
    public required string Subject { get; init; }

    /// <summary>What happens, in one line with numbers.</summary>
    public required string Summary { get; init; }

    /// <summary>The first cause by attribution, in one line: which account, link, region pair, topic prefix, client.</summary>
    public required string Cause { get; init; }

    /// <summary>When it opened.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it closed; null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>The names and values that the cause was found from, such as <c>account</c>, <c>link</c>, <c>top_prefix</c>, <c>top_client</c>.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();
}

/// <summary>How bad an alarm is.</summary>
public enum AlarmSeverity
{
    /// <summary>Worth a look.</summary>
    Warning,

    /// <summary>Somebody has to act, or the system sacrifices something.</summary>
    Critical,
}
