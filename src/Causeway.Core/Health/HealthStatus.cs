namespace Causeway.Core.Health;

/// <summary>Whether new clients are welcome at a node, from best to worst.</summary>
public enum HealthStatus
{
    /// <summary>They are.</summary>
    Ready,

    /// <summary>They are, but something is not as it should be: others who see more may decide otherwise.</summary>
    Doubtful,

    /// <summary>They are not; those there are served on.</summary>
    NotReady,
}
