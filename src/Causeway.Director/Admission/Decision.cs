namespace Causeway.Director.Admission;

/// <summary>What a client is to do.</summary>
public enum Advice
{
    /// <summary>Connect to the region.</summary>
    Connect,

    /// <summary>Stay where it is.</summary>
    Stay,

    /// <summary>Leave the region where it is and connect to the one named.</summary>
    Move,

    /// <summary>Nothing: it only asked which regions there are.</summary>
    None,

    /// <summary>Ask again later: no region can take it now.</summary>
    Wait,
}

/// <summary>What a client is to do. Immutable.</summary>
/// <param name="Advice">What.</param>
/// <param name="Region">The region that it is to be in; for <see cref="Advice.Wait"/> the one that it waits for.</param>
/// <param name="AskAgainAfter">When to ask again, without jitter.</param>
/// <param name="Reason">Why, in one line.</param>
public sealed record Decision(Advice Advice, string Region, TimeSpan AskAgainAfter, string Reason);
