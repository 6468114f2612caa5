using System.Buffers.Binary;

namespace Causeway.Core.Interest;

/// <summary>
/// What a deployment's nodes hash interest with. The key keeps outsiders from preparing subjects that share a fingerprint or that
/// crowd one place of the tables. Immutable and safe for any thread.
/// </summary>
public sealed class FingerprintKey
{
    /// <summary>
    /// Bits of a literal's fingerprint: with n literals of interest, a message nobody there wants is sent with chance n / 2^40, which
    /// stays under 1e-4 up to a hundred million literals.
    /// </summary>
    public const int Bits = 40;

    /// <summary>Bytes of a deployment's secret.</summary>
    public const int SecretBytes = 16;

    // Texts are hashed under another key, so that the place of a text tells nothing about a fingerprint.
    private const ulong TextDomain = 0x7478657420796e61;

    private readonly ulong _key0;
    private readonly ulong _key1;

    /// <summary>Creates the key for a deployment's secret of <see cref="SecretBytes"/> bytes.</summary>
    public FingerprintKey(ReadOnlySpan<byte> deploymentSecret)
    {
        if (deploymentSecret.Length != SecretBytes)
        {
            throw new ArgumentException($"the deployment secret has {deploymentSecret.Length} bytes; accepted is {SecretBytes}", nameof(deploymentSecret));
        }

        _key0 = BinaryPrimitives.ReadUInt64LittleEndian(deploymentSecret);
        _key1 = BinaryPrimitives.ReadUInt64LittleEndian(deploymentSecret[8..]);
    }

    /// <summary>The fingerprint of a tenant's literal.</summary>
    public ulong Of(ReadOnlySpan<byte> tenant, ReadOnlySpan<byte> literal)
    {
        SipHash hash = new(_key0, _key1);
        hash.Append(tenant);
        hash.Append(0);
        hash.Append(literal);
        return hash.Finish() >> (64 - Bits);
    }

    /// <summary>The hash of a text, from which its place in tables and blocks follows.</summary>
    public ulong OfText(InterestText text)
    {
        SipHash hash = new(_key0 ^ TextDomain, _key1);
        hash.Append(text.Tenant);
        hash.Append(0);
        hash.Append(text.Subject);
        hash.Append(0);
        hash.Append(text.Queue);
        return hash.Finish();
    }
}
