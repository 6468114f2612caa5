using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Causeway.Bus.Tls;

namespace Causeway.Bus.Tests.Tls;

/// <summary>An authority with PEM files in a directory of its own, which goes with it.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("causeway-tls-").FullName;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name = "CN=Test Authority")
    {
        CertificateRequest request = new(name, _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(AuthorityFile, _certificate.ExportCertificatePem());
        Write("server", Issue("CN=server", names => names.AddIpAddress(IPAddress.Loopback)));
    }

    public string AuthorityFile => Path.Combine(_directory, "ca.pem");

    /// <summary>Options with the certificate of the node, as the files are at first. A handshake may take as long as it does on a busy machine.</summary>
    public TlsOptions Options => new() { CertificateFile = PathOf("server.pem"), KeyFile = PathOf("server-key.pem"), AuthorityFile = AuthorityFile, Timeout = Eventually.Deadline };

    public string PathOf(string file) => Path.Combine(_directory, file);

    /// <summary>A certificate for clients and servers, with its key.</summary>
    public X509Certificate2 Issue(string subject, Action<SubjectAlternativeNameBuilder>? names = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        if (names is not null)
        {
            SubjectAlternativeNameBuilder builder = new();
            names(builder);
            request.CertificateExtensions.Add(builder.Build());
        }

        using X509Certificate2 signed = request.Create(_certificate, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(12), RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    /// <summary>Puts a certificate and its key into NAME.pem and NAME-key.pem.</summary>
    public void Write(string name, X509Certificate2 certificate)
    {
        File.WriteAllText(PathOf(name + ".pem"), certificate.ExportCertificatePem());
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(PathOf(name + "-key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
