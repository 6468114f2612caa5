using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Causeway.Interop.Tests.Servers;

/// <summary>An authority and a server's certificate for the loopback interface, made once for each run.</summary>
public static class TlsFiles
{
    private static readonly string Folder = Directory.CreateDirectory(Path.Combine(RepositoryPaths.Artifacts, "tls", Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture))).FullName;

    static TlsFiles()
    {
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest authority = new("CN=Interop Authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        using X509Certificate2 signer = authority.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        File.WriteAllText(Authority, signer.ExportCertificatePem());

        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest server = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        server.CertificateExtensions.Add(names.Build());
        server.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using X509Certificate2 signed = server.Create(signer, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Certificate, signed.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
    }

    public static string Authority => Path.Combine(Folder, "ca.pem");

    public static string Certificate => Path.Combine(Folder, "server.pem");

    public static string Key => Path.Combine(Folder, "server-key.pem");

    /// <summary>The block of a configuration file, in the syntax that both servers read.</summary>
    public static string Block => $"tls {{ {Settings} }}";

    private static string Settings => $"cert_file: \"{Certificate}\", key_file: \"{Key}\", timeout: 60";

    /// <summary>The block that <paramref name="options"/> ask for; empty if they ask for none.</summary>
    public static string BlockFor(ServerOptions options) => !options.Tls ? "" : options.TlsFirst ? $"tls {{ {Settings}, handshake_first: true }}" : Block;

    /// <summary>A program that finds the authority in its environment.</summary>
    public static Launch Trusting(Launch launch) => new("env", [$"NODE_EXTRA_CA_CERTS={Authority}", $"CAUSEWAY_TLS_CA={Authority}", launch.Program, .. launch.Arguments]);
}
