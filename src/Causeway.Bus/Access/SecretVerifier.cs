using Causeway.Core.Access;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace Causeway.Bus.Access;

/// <summary>Checks bcrypt hashes and Ed25519 signatures. Safe for any thread.</summary>
internal sealed class SecretVerifier : ISecretVerifier
{
    public bool IsBcryptOf(string hash, string password)
    {
        try
        {
            return BCrypt.Net.BCrypt.Verify(password, hash);
        }
        catch (Exception fault) when (fault is BCrypt.Net.SaltParseException or ArgumentException or FormatException)
        {
            return false;
        }
    }

    public bool IsSigned(byte[] publicKey, byte[] message, byte[] signature)
    {
        try
        {
            Ed25519Signer signer = new();
            signer.Init(forSigning: false, new Ed25519PublicKeyParameters(publicKey));
            signer.BlockUpdate(message, 0, message.Length);
            return signer.VerifySignature(signature);
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException)
        {
            // Bytes that are no point of the curve.
            return false;
        }
    }
}
