using System.Security.Cryptography;
using System.Text;

namespace Causeway.Core.Access;

/// <summary>A password or token that is written plainly in the configuration. Kept as its hash, and compared in constant time.</summary>
public sealed class PlainSecret : Secret
{
    private readonly byte[] _hash;
    private readonly bool _isToken;

    /// <summary>Keeps <paramref name="secret"/>, a token or else a password.</summary>
    public PlainSecret(string secret, bool isToken = false)
    {
        _hash = Hash(secret);
        _isToken = isToken;
    }

    /// <inheritdoc/>
    public override bool IsSlow => false;

    /// <inheritdoc/>
    public override bool IsProved(Credentials credentials, byte[] nonce, ISecretVerifier? verifier) =>
        CryptographicOperations.FixedTimeEquals(_hash, Hash(_isToken ? credentials.Token : credentials.Password));

    /// <inheritdoc/>
    public override bool IsSame(Secret other) =>
        other is PlainSecret plain && plain._isToken == _isToken && CryptographicOperations.FixedTimeEquals(_hash, plain._hash);

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
