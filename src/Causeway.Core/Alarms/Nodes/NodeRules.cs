namespace Causeway.Core.Alarms.Nodes;

/// <summary>All rules of a node: from what it is like at each look to the conditions that an <see cref="AlarmEngine"/> takes. Not thread-safe.</summary>
/// <param name="limits">The thresholds.</param>
public sealed class NodeRules(AlarmLimits limits)
{
    private readonly MemoryRules _memory = new(limits);
    private readonly LinkRules _links = new(limits);
    private readonly InterestRules _interest = new(limits);
    private readonly HealthRules _health = new(limits);

    /// <summary>The conditions that are not calm, at <paramref name="elapsed"/> on any clock that goes forward.</summary>
    public IReadOnlyList<AlarmCondition> Look(TimeSpan elapsed, NodeReading reading) =>
    [
        .. _memory.Look(elapsed, reading), .. _links.Look(elapsed, reading), .. _interest.Look(reading), .. _health.Look(elapsed, reading),
    ];
}
