using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Causeway.Bus.Tls;

namespace Causeway.Bus.Leafs;

/// <summary>TLS of leaf-node connections, for either side.</summary>
public sealed class LeafTls
{
    private readonly X509Certificate2? _certificate;
    private readonly X509Certificate2Collection _authority;
    private readonly bool _verifies;

    private LeafTls(X509Certificate2? certificate, X509Certificate2Collection authority, bool verifies)
    {
        _certificate = certificate;
        _authority = authority;
        _verifies = verifies;
    }

    /// <summary>TLS that trusts the machine's authorities and shows no certificate.</summary>
    public static LeafTls Default { get; } = new(null, [], verifies: false);

    /// <summary>True if there is a certificate to show, as who accepts connections needs.</summary>
    public bool HasCertificate => _certificate is not null;

    /// <summary>
    /// Reads PEM files; an empty name is none. With <paramref name="verifies"/> who dials in has to show a certificate of the authority.
    /// Throws <see cref="IOException"/> or <see cref="System.Security.Cryptography.CryptographicException"/>.
    /// </summary>
    public static LeafTls Load(string certificateFile, string keyFile, string authorityFile, bool verifies) => new(
        certificateFile.Length > 0 ? PemFiles.ReadWithKey(certificateFile, keyFile) : null,
        authorityFile.Length > 0 ? PemFiles.ReadAll(authorityFile) : [],
        verifies);

    internal SslClientAuthenticationOptions ForDialling(string host) => new()
    {
        TargetHost = host,
        ClientCertificates = _certificate is null ? null : [_certificate],
        CertificateChainPolicy = _authority.Count > 0 ? Policy() : null,
    };

    internal SslServerAuthenticationOptions ForAccepting() => new()
    {
        ServerCertificate = _certificate,
        ClientCertificateRequired = _verifies,
        CertificateChainPolicy = _verifies && _authority.Count > 0 ? Policy() : null,
    };

    private X509ChainPolicy Policy()
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(_authority);
        return policy;
    }
}
