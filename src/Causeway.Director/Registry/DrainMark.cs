namespace Causeway.Director.Registry;

/// <summary>That an operator drains a region. Immutable.</summary>
public sealed record DrainMark
{
    /// <summary>When it began.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>By when the region is to be empty.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>True if its nodes are told to leave once it is empty, at the deadline in any case.</summary>
    public bool StopsNodes { get; init; }
}
