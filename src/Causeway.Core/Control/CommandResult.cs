namespace Causeway.Core.Control;

/// <summary>What became of a message on a node's command subject.</summary>
public enum CommandResult
{
    /// <summary>It is a command for this node, for the first time.</summary>
    Taken,

    /// <summary>It is longer than a command may be.</summary>
    TooLarge,

    /// <summary>It was not sealed with the deployment's key for this node's subject.</summary>
    Forged,

    /// <summary>It was sealed too long ago, or in the future, by this node's clock.</summary>
    Stale,

    /// <summary>It is sealed well and is no command that this node knows.</summary>
    Malformed,

    /// <summary>It is for another lifetime of the node.</summary>
    Foreign,

    /// <summary>It was taken before.</summary>
    Replayed,

    /// <summary>Too many were taken lately to remember one more.</summary>
    TooMany,
}
