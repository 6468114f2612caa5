using Causeway.Core.Memory;

namespace Causeway.Core.Alarms.Nodes;

/// <summary>A node's memory at one moment, in bytes. Immutable.</summary>
public sealed record MemoryReading
{
    /// <summary>The budget.</summary>
    public required long LimitBytes { get; init; }

    /// <summary>What all accounts hold that can't be had back for the asking.</summary>
    public required long HeldBytes { get; init; }

    /// <summary>The process's resident memory.</summary>
    public required long ProcessBytes { get; init; }

    /// <summary>What the machine or container allows the process.</summary>
    public required long ProcessLimitBytes { get; init; }

    /// <summary>The governor's rung.</summary>
    public required GovernorStep Step { get; init; }

    /// <summary>Every use.</summary>
    public required IReadOnlyList<UseReading> Uses { get; init; }
}

/// <summary>What is held for one use.</summary>
/// <param name="Use">The use.</param>
/// <param name="Bytes">What is held.</param>
/// <param name="BaselineBytes">What is usual.</param>
public readonly record struct UseReading(MemoryUse Use, long Bytes, long BaselineBytes);
