namespace Causeway.Core.Access;

/// <summary>What a user proves himself by, in the form that the node keeps. Immutable; never shown.</summary>
public abstract class Secret
{
    /// <summary>True if checking takes long: it is done on a thread of its own then, never on an event loop.</summary>
    public abstract bool IsSlow { get; }

    /// <summary>True if the client has proved itself.</summary>
    public abstract bool IsProved(Credentials credentials, byte[] nonce, ISecretVerifier? verifier);

    /// <summary>True if the client proves itself by what has proved it before, which is quick to see.</summary>
    public virtual bool IsKnown(Credentials credentials) => false;

    /// <summary>True if <paramref name="other"/> takes the same proof, for what a reload changed.</summary>
    public abstract bool IsSame(Secret other);
}
