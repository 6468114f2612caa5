namespace Causeway.Core.Health;

/// <summary>What a node's health is, and why. Immutable.</summary>
public sealed record HealthVerdict
{
    /// <summary>The verdict before there is any evidence.</summary>
    public static readonly HealthVerdict Starting = new()
    {
        Reasons = [new HealthReason("starting", HealthStatus.NotReady, "nothing was measured yet")],
    };

    /// <summary>What holds, the worst first; empty if all is well.</summary>
    public required IReadOnlyList<HealthReason> Reasons { get; init; }

    /// <summary>Why the process is of no use to anybody and should be started anew; empty while it works.</summary>
    public IReadOnlyList<string> Deaths { get; init; } = [];

    /// <summary>Whether new clients are welcome: by the worst of the reasons.</summary>
    public HealthStatus Status => Reasons.Count == 0 ? HealthStatus.Ready : Reasons.Max(reason => reason.Makes);

    /// <summary>True if new clients are welcome, though it may be doubtful whether all is well.</summary>
    public bool IsReady => Status != HealthStatus.NotReady;

    /// <summary>True while the process is able to work at all.</summary>
    public bool IsAlive => Deaths.Count == 0;
}
