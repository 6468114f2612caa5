using Causeway.Core.Memory;

namespace Causeway.Core.Control;

/// <summary>A node's memory, in bytes. Immutable.</summary>
public sealed record MemoryReport
{
    /// <summary>The budget.</summary>
    public required long LimitBytes { get; init; }

    /// <summary>What all accounts hold.</summary>
    public required long UsedBytes { get; init; }

    /// <summary>The process's resident memory.</summary>
    public required long ResidentBytes { get; init; }

    /// <summary>What the machine or container allows the process.</summary>
    public required long ProcessLimitBytes { get; init; }

    /// <summary>What is held for each use, all of them, in snake case.</summary>
    public required IReadOnlyDictionary<string, long> Uses { get; init; }

    /// <summary>The governor's rung.</summary>
    public required GovernorStep Step { get; init; }

    /// <summary>Growth of all accounts in bytes a second.</summary>
    public required double GrowthBytesPerSecond { get; init; }

    /// <summary>Seconds until the budget is full at this growth; null if it does not grow.</summary>
    public double? SecondsToExhaustion { get; init; }

    /// <summary>
    /// Room for new clients as a share of what the governor gives them before it refuses, 0 to 1: by the fuller of the accounts and the
    /// process.
    /// </summary>
    public required double Headroom { get; init; }
}
