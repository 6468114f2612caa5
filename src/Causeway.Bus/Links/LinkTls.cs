using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Causeway.Bus.Tls;

namespace Causeway.Bus.Links;

/// <summary>TLS of links: both sides show a certificate of the same authority.</summary>
/// <param name="certificate">The node's certificate with its key.</param>
/// <param name="authority">Who signs the certificates of all nodes.</param>
public sealed class LinkTls(X509Certificate2 certificate, X509Certificate2Collection authority)
{
    /// <summary>Reads PEM files. Throws <see cref="IOException"/> or <see cref="System.Security.Cryptography.CryptographicException"/>.</summary>
    public static LinkTls Load(string certificateFile, string keyFile, string authorityFile) =>
        new(PemFiles.ReadWithKey(certificateFile, keyFile), PemFiles.ReadAll(authorityFile));

    internal SslClientAuthenticationOptions ForDialling(string host) => new()
    {
        TargetHost = host,
        ClientCertificates = [certificate],
        CertificateChainPolicy = Policy(),
    };

    internal SslServerAuthenticationOptions ForAccepting() => new()
    {
        ServerCertificate = certificate,
        ClientCertificateRequired = true,
        CertificateChainPolicy = Policy(),
    };

    private X509ChainPolicy Policy()
    {
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(authority);
        return policy;
    }
}
