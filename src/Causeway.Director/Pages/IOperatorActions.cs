namespace Causeway.Director.Pages;

/// <summary>What an operator can do to the deployment from the operations page. Thread-safe; the caller has been checked.</summary>
public interface IOperatorActions
{
    /// <summary>Sends the clients of <paramref name="region"/> elsewhere, and gives it no more.</summary>
    Task<ActionOutcome> DrainRegionAsync(string region, CancellationToken cancel);

    /// <summary>Lets <paramref name="region"/> take clients again.</summary>
    Task<ActionOutcome> UndrainRegionAsync(string region, CancellationToken cancel);

    /// <summary>Has <paramref name="node"/> of <paramref name="region"/> leave in lame-duck mode.</summary>
    Task<ActionOutcome> DrainNodeAsync(string region, string node, CancellationToken cancel);

    /// <summary>Changes the memory budget of <paramref name="node"/> of <paramref name="region"/> to <paramref name="bytes"/>.</summary>
    Task<ActionOutcome> SetMemoryLimitAsync(string region, string node, long bytes, CancellationToken cancel);
}

/// <summary>How an action went. Immutable.</summary>
/// <param name="Problem">Why it was not done, in one line; empty if it is done, or begun.</param>
public sealed record ActionOutcome(string Problem)
{
    /// <summary>It is done, or begun.</summary>
    public static readonly ActionOutcome Done = new("");

    /// <summary>True if it is done, or begun.</summary>
    public bool IsDone => Problem.Length == 0;
}
