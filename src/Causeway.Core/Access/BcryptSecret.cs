using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Causeway.Core.Access;

/// <summary>A password or token of which the configuration has a bcrypt hash.</summary>
public sealed class BcryptSecret : Secret
{
    /// <summary>The highest cost that is accepted: one more doubles the time, and at this one a check takes seconds.</summary>
    public const int MaxCost = 16;

    private const int HashCharacters = 60;

    private readonly string _hash;
    private readonly bool _isToken;
    private byte[]? _known;

    /// <summary>Keeps <paramref name="hash"/>, of a token or else a password. Throws <see cref="ArgumentException"/> if it is none.</summary>
    public BcryptSecret(string hash, bool isToken = false)
    {
        if (hash.Length != HashCharacters || !int.TryParse(hash.AsSpan(4, 2), NumberStyles.None, CultureInfo.InvariantCulture, out int cost) || cost is < 4 or > MaxCost)
        {
            throw new ArgumentException($"the bcrypt hash can't be used; accepted are {HashCharacters} characters with a cost of 4 to {MaxCost}");
        }

        _hash = hash;
        _isToken = isToken;
        Cost = cost;
    }

    /// <summary>The cost, a power of two.</summary>
    public int Cost { get; }

    /// <inheritdoc/>
    public override bool IsSlow => true;

    /// <summary>True if <paramref name="text"/> is meant as a bcrypt hash.</summary>
    public static bool Is(string text) => text is ['$', '2', 'a' or 'b' or 'x' or 'y', '$', _, _, '$', ..];

    /// <inheritdoc/>
    public override bool IsProved(Credentials credentials, byte[] nonce, ISecretVerifier? verifier)
    {
        if (verifier is null || !verifier.IsBcryptOf(_hash, Given(credentials)))
        {
            return false;
        }

        Volatile.Write(ref _known, Digest(credentials));
        return true;
    }

    /// <summary>True for the password that proved itself last: a thousand clients that come back at once cost one check.</summary>
    public override bool IsKnown(Credentials credentials) =>
        Volatile.Read(ref _known) is { } known && CryptographicOperations.FixedTimeEquals(known, Digest(credentials));

    /// <inheritdoc/>
    public override bool IsSame(Secret other) => other is BcryptSecret bcrypt && bcrypt._isToken == _isToken && bcrypt._hash == _hash;

    private string Given(Credentials credentials) => _isToken ? credentials.Token : credentials.Password;

    /// <summary>Salted by the hash, which has a salt of its own.</summary>
    private byte[] Digest(Credentials credentials) => SHA256.HashData(Encoding.UTF8.GetBytes(_hash + Given(credentials)));
}
