using Causeway.Core.Control;

namespace Causeway.Core.Alarms;

/// <summary>What one rule says of one thing at one look. Whoever sees something makes these; the <see cref="AlarmEngine"/> makes alarms of them. Immutable.</summary>
public sealed record AlarmCondition
{
    /// <summary>Tells this condition from all others of the engine, look by look: <c>link_lag/us-west-1/w2</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The rule, in snake case.</summary>
    public required string Rule { get; init; }

    /// <summary>How bad it is now. An alarm keeps the worst that it had while it is open.</summary>
    public required AlarmSeverity Severity { get; init; }

    /// <summary>What is concerned: a node's or region's name, or a pair of regions.</summary>
    public required string Subject { get; init; }

    /// <summary>What happens, in one line with numbers.</summary>
    public required string Summary { get; init; }

    /// <summary>Where it stands between the rule's thresholds.</summary>
    public required AlarmLevel Level { get; init; }

    /// <summary>How long it has to be raised until the alarm opens; zero for at once.</summary>
    public TimeSpan OpenAfter { get; init; }

    /// <summary>How long it has to be calm until the alarm closes; zero for at once.</summary>
    public TimeSpan CloseAfter { get; init; }

    /// <summary>Finds the first cause. Asked once, when the alarm opens, on the thread that evaluates; so it may cost something.</summary>
    public required Func<AlarmCause> FindCause { get; init; }

    internal bool IsWorseThan(AlarmCondition other) => (Level, Severity).CompareTo((other.Level, other.Severity)) > 0;
}
