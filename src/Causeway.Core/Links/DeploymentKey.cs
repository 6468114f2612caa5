using System.Security.Cryptography;
using System.Text;

namespace Causeway.Core.Links;

/// <summary>
/// The secret that all nodes of a deployment share. It proves a node's membership (HMAC-SHA256 over both sides' first frames) and
/// gives the key of the fingerprints; it never crosses a link itself.
/// </summary>
public sealed class DeploymentKey
{
    /// <summary>Bytes of a proof.</summary>
    public const int ProofBytes = 32;

    private readonly byte[] _proofKey;
    private readonly byte[] _sealKey;

    /// <summary>Creates the key from the deployment's name and secret.</summary>
    public DeploymentKey(string deployment, ReadOnlySpan<byte> secret)
    {
        Deployment = deployment;
        _proofKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, [.. secret], 32, Encoding.UTF8.GetBytes(deployment), "causeway link proof"u8.ToArray());
        _sealKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, [.. secret], 32, Encoding.UTF8.GetBytes(deployment), "causeway control seal"u8.ToArray());
        FingerprintSecret = HKDF.DeriveKey(HashAlgorithmName.SHA256, [.. secret], 16, Encoding.UTF8.GetBytes(deployment), "causeway fingerprint"u8.ToArray());
    }

    /// <summary>The deployment's name.</summary>
    public string Deployment { get; }

    /// <summary>The key of the fingerprints, 16 bytes.</summary>
    public byte[] FingerprintSecret { get; }

    /// <summary>The proof of one side, <c>'i'</c> for the dialling and <c>'a'</c> for the accepting, over the frames exchanged before.</summary>
    public byte[] Prove(char side, ReadOnlySpan<byte> hello, ReadOnlySpan<byte> welcome)
    {
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _proofKey);
        hash.AppendData([(byte)side]);
        hash.AppendData(SHA256.HashData(hello));
        hash.AppendData(SHA256.HashData(welcome));
        return hash.GetHashAndReset();
    }

    /// <summary>The proof that a member wrote <paramref name="body"/> with <paramref name="head"/> for <paramref name="subject"/>.</summary>
    public byte[] Seal(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _sealKey);
        hash.AppendData(SHA256.HashData(subject));
        hash.AppendData(head);
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }

    /// <summary>True if <paramref name="proof"/> is that side's. Takes the same time whatever is wrong.</summary>
    public bool IsProof(ReadOnlySpan<byte> proof, char side, ReadOnlySpan<byte> hello, ReadOnlySpan<byte> welcome) =>
        CryptographicOperations.FixedTimeEquals(proof, Prove(side, hello, welcome));
}
