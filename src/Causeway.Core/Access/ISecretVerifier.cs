namespace Causeway.Core.Access;

/// <summary>The checks that take long or need a library, for a thread of their own. Safe for any thread; never throws for what it is given.</summary>
public interface ISecretVerifier
{
    /// <summary>True if <paramref name="password"/> is the one that the bcrypt hash <paramref name="hash"/> was made of.</summary>
    bool IsBcryptOf(string hash, string password);

    /// <summary>True if <paramref name="signature"/> is the Ed25519 signature of <paramref name="message"/> by <paramref name="publicKey"/> (32 bytes).</summary>
    bool IsSigned(byte[] publicKey, byte[] message, byte[] signature);
}
