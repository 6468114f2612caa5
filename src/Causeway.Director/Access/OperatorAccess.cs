using System.Security.Cryptography;
using System.Text;

namespace Causeway.Director.Access;

/// <summary>Operators prove themselves by one secret token, read from a file at the start. Without a token nobody is an operator.</summary>
public sealed class OperatorAccess : IOperatorAccess
{
    /// <summary>Shortest token, in bytes.</summary>
    public const int MinTokenBytes = 16;

    /// <summary>Longest token, in bytes.</summary>
    public const int MaxTokenBytes = 4096;

    private const string Scheme = "Bearer ";

    private readonly byte[]? _digest;

    /// <summary>Creates the access; <paramref name="token"/> null or empty for none.</summary>
    /// <exception cref="ArgumentException">The token is shorter than <see cref="MinTokenBytes"/> or longer than <see cref="MaxTokenBytes"/>.</exception>
    public OperatorAccess(ReadOnlySpan<byte> token)
    {
        if (token.IsEmpty)
        {
            SessionKey = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);
            return;
        }

        if (token.Length is < MinTokenBytes or > MaxTokenBytes)
        {
            throw new ArgumentException($"the operators' token has {token.Length} bytes; accepted are {MinTokenBytes} to {MaxTokenBytes}", nameof(token));
        }

        _digest = SHA256.HashData(token);
        SessionKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, token.ToArray(), SHA256.HashSizeInBytes, null, "causeway operator sessions"u8.ToArray());
    }

    /// <inheritdoc/>
    public bool IsConfigured => _digest is not null;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> SessionKey { get; }

    /// <inheritdoc/>
    public bool IsOperator(string token)
    {
        // Digests are compared, so that neither content nor length of the token shows in the time it takes.
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes(token.Length <= MaxTokenBytes ? token : ""));
        return CryptographicOperations.FixedTimeEquals(digest, _digest ?? new byte[SHA256.HashSizeInBytes]) && _digest is not null;
    }

    /// <summary>True if an <c>Authorization</c> header holds the operators' token as a bearer token.</summary>
    public bool IsOperatorHeader(string? authorization) =>
        authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && IsOperator(authorization[Scheme.Length..].Trim());
}
