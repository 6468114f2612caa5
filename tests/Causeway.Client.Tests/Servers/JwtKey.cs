using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Causeway.Client.Access;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace Causeway.Client.Tests.Servers;

/// <summary>A key of an operator, an account or a user, and the JWTs that it signs (github.com/nats-io/jwt, version 2), as NATS' tools make them.</summary>
internal sealed class JwtKey
{
    private const byte SeedPrefix = 18 << 3;

    private readonly Ed25519PrivateKeyParameters _key;

    /// <param name="kind">O, A or U.</param>
    public JwtKey(char kind)
    {
        // The letter that the text begins with: its five bits are the upper ones of the first byte.
        byte prefix = (byte)((kind - 'A') << 3);
        byte[] seed = RandomNumberGenerator.GetBytes(32);
        _key = new Ed25519PrivateKeyParameters(seed);
        PublicKey = Checked([prefix, .. _key.GeneratePublicKey().GetEncoded()]);
        Seed = Checked([(byte)(SeedPrefix | (prefix >> 5)), (byte)((prefix & 31) << 3), .. seed]);
    }

    public string PublicKey { get; }

    public string Seed { get; }

    /// <summary>A JWT of this key about another.</summary>
    /// <param name="subject">Whom it speaks of.</param>
    /// <param name="name">The subject's name.</param>
    /// <param name="claims">What it says, as the inside of a JSON object.</param>
    /// <param name="expires">Until when it holds; null for ever.</param>
    public string Sign(JwtKey subject, string name, string claims, DateTimeOffset? expires = null)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string end = expires is { } time ? $"\"exp\":{time.ToUnixTimeSeconds()}," : "";
        string body = $"{{{end}\"iat\":{now},\"iss\":\"{PublicKey}\",\"jti\":\"{Guid.NewGuid():N}\",\"name\":\"{name}\",\"sub\":\"{subject.PublicKey}\",\"nats\":{{{claims},\"version\":2}}}}";
        string text = $"{Encoded("{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}")}.{Encoded(body)}";
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Ed25519Signer signer = new();
        signer.Init(forSigning: true, _key);
        signer.BlockUpdate(bytes, 0, bytes.Length);
        return $"{text}.{Base64Url.EncodeToString(signer.GenerateSignature())}";
    }

    /// <summary>A <c>.creds</c> file of this user.</summary>
    public string Credentials(string jwt) =>
        $"-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n{Seed}\n------END USER NKEY SEED------\n";

    private static string Encoded(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Checked(byte[] bytes)
    {
        int crc = NkeySeed.Crc16(bytes);
        return NkeySeed.Encode([.. bytes, (byte)crc, (byte)(crc >> 8)]);
    }
}
