using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Causeway.Director.Pages.Access;

/// <summary>
/// One login. It is not kept anywhere: the cookie says <c>id (16) | end in seconds since 1970 (8) | proof (32)</c>, and the proof, by a
/// key that the directors share, says that one of them made it. Immutable.
/// </summary>
internal sealed record OperatorSession(string Id, DateTimeOffset EndsAt)
{
    private const int IdBytes = 16;
    private const int ClaimBytes = IdBytes + sizeof(long);

    /// <summary>A new login and its cookie's value.</summary>
    public static (OperatorSession Session, string Cookie) Begin(ReadOnlySpan<byte> key, DateTimeOffset now)
    {
        Span<byte> cookie = stackalloc byte[ClaimBytes + HMACSHA256.HashSizeInBytes];
        RandomNumberGenerator.Fill(cookie[..IdBytes]);
        DateTimeOffset end = DateTimeOffset.FromUnixTimeSeconds((now + PagesLimits.MaxSessionAge).ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt64BigEndian(cookie[IdBytes..], end.ToUnixTimeSeconds());
        Proof(key, "session"u8, cookie[..ClaimBytes], cookie[ClaimBytes..]);
        return (new OperatorSession(Convert.ToHexStringLower(cookie[..IdBytes]), end), Base64Url.EncodeToString(cookie));
    }

    /// <summary>The login that a cookie stands for; null if no director made it, or its time is over.</summary>
    public static OperatorSession? Read(ReadOnlySpan<byte> key, string? cookie, DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[ClaimBytes + HMACSHA256.HashSizeInBytes];
        if (cookie is null || !Base64Url.IsValid(cookie, out int length) || length != bytes.Length || !Base64Url.TryDecodeFromChars(cookie, bytes, out _))
        {
            return null;
        }

        Span<byte> proof = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Proof(key, "session"u8, bytes[..ClaimBytes], proof);
        if (!CryptographicOperations.FixedTimeEquals(proof, bytes[ClaimBytes..]))
        {
            return null;
        }

        DateTimeOffset end = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(bytes[IdBytes..]));
        return end > now ? new OperatorSession(Convert.ToHexStringLower(bytes[..IdBytes]), end) : null;
    }

    /// <summary>What a page of this login has to send with each request that changes something.</summary>
    public string CsrfToken(ReadOnlySpan<byte> key)
    {
        Span<byte> proof = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Proof(key, "csrf"u8, Convert.FromHexString(Id), proof);
        return Base64Url.EncodeToString(proof);
    }

    /// <summary>True if <paramref name="token"/> is that of this login.</summary>
    public bool IsCsrfToken(ReadOnlySpan<byte> key, string? token) =>
        token is not null && CryptographicOperations.FixedTimeEquals(
            System.Text.Encoding.UTF8.GetBytes(token), System.Text.Encoding.UTF8.GetBytes(CsrfToken(key)));

    private static void Proof(ReadOnlySpan<byte> key, ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> claim, Span<byte> proof)
    {
        Span<byte> text = stackalloc byte[purpose.Length + 1 + claim.Length];
        purpose.CopyTo(text);
        claim.CopyTo(text[(purpose.Length + 1)..]);
        HMACSHA256.HashData(key, text, proof);
    }
}
