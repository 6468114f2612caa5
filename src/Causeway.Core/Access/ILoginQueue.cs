namespace Causeway.Core.Access;

/// <summary>Where proofs wait that take long. Safe for any thread.</summary>
public interface ILoginQueue
{
    /// <summary>Takes an attempt in; false if too many wait already, which it counts.</summary>
    bool TrySubmit(LoginAttempt attempt);
}
