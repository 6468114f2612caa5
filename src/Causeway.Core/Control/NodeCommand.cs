namespace Causeway.Core.Control;

/// <summary>What a director asks of a node, sealed, as a request; the node answers with a sealed <see cref="NodeAnswer"/>. Immutable.</summary>
public sealed record NodeCommand
{
    /// <summary>What to do.</summary>
    public required NodeCommandKind Kind { get; init; }

    /// <summary>The lifetime of the node that is meant (<see cref="NodeReport.Id"/>); another one refuses.</summary>
    public required string NodeId { get; init; }

    /// <summary>Tells commands apart: a node does the same one once only.</summary>
    public required Guid CommandId { get; init; }

    /// <summary>For <see cref="NodeCommandKind.SetMemoryLimit"/>: the new budget.</summary>
    public long MemoryLimitBytes { get; init; }
}

/// <summary>The commands that nodes know.</summary>
public enum NodeCommandKind
{
    /// <summary>Leave in lame-duck mode.</summary>
    Drain,

    /// <summary>Change the memory budget.</summary>
    SetMemoryLimit,
}

/// <summary>A node's answer to a command, sealed for <see cref="ControlSubjects.Answer"/>. Immutable.</summary>
public sealed record NodeAnswer
{
    /// <summary>The command that it answers.</summary>
    public Guid CommandId { get; init; }

    /// <summary>True if it is done, or begun.</summary>
    public required bool IsDone { get; init; }

    /// <summary>Why not, in one line; empty if it is done.</summary>
    public string Problem { get; init; } = "";
}
