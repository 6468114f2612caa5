using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Causeway.Bus.Tls;

/// <summary>The certificates that <see cref="TlsOptions"/> name, as they were in the files at one moment. Immutable.</summary>
internal sealed class TlsCredentials
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly SslStreamCertificateContext _certificate;
    private readonly X509ChainPolicy? _policy;

    private TlsCredentials(TlsOptions options, SslStreamCertificateContext certificate, X509Certificate2Collection authorities)
    {
        Options = options;
        _certificate = certificate;
        _policy = options.WantsCertificate ? Policy(authorities) : null;
    }

    public TlsOptions Options { get; }

    /// <summary>What a handshake is to be made with. <paramref name="onUntrusted"/> is told why a certificate of the client's is not trusted.</summary>
    public SslServerAuthenticationOptions ForHandshake(Action<string> onUntrusted) => new()
    {
        ServerCertificateContext = _certificate,
        EnabledSslProtocols = Options.Protocols,
        ClientCertificateRequired = Options.WantsCertificate,
        CertificateChainPolicy = _policy,
        RemoteCertificateValidationCallback = !Options.WantsCertificate ? null : (_, _, chain, faults) =>
        {
            // .NET sends no alert for a certificate that is missing: the client would see its connection end and not know why.
            // ClientTls looks once more, and lets nobody in without.
            bool isTaken = faults is SslPolicyErrors.None or SslPolicyErrors.RemoteCertificateNotAvailable;
            if (!isTaken)
            {
                onUntrusted(string.Join(", ", chain?.ChainStatus.Select(status => status.StatusInformation.Trim()).Distinct() ?? []));
            }

            return isTaken;
        },
    };

    /// <summary>Reads the files. Throws <see cref="ArgumentException"/> with one line that names the file and what is wrong with it.</summary>
    public static TlsCredentials Load(TlsOptions options)
    {
        X509Certificate2Collection chain = Read(options.CertificateFile, "certificate", ReadSome);
        X509Certificate2Collection authorities = options.AuthorityFile.Length == 0 ? [] : Read(options.AuthorityFile, "authorities", ReadSome);
        X509Certificate2 certificate = Read(options.KeyFile, "key", file => PemFiles.ReadWithKey(options.CertificateFile, file));
        chain.RemoveAt(0);
        return new TlsCredentials(options, SslStreamCertificateContext.Create(certificate, chain, offline: true), authorities);
    }

    private static X509Certificate2Collection ReadSome(string file) =>
        PemFiles.ReadAll(file) is { Count: > 0 } all ? all : throw new CryptographicException("there is no certificate in it; accepted is PEM");

    private static T Read<T>(string path, string what, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ArgumentException($"TLS: the {what} file '{path}' can't be used: {fault.Message}", fault);
        }
    }

    private static X509ChainPolicy Policy(X509Certificate2Collection authorities)
    {
        X509ChainPolicy policy = new() { RevocationMode = X509RevocationMode.NoCheck };
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        if (authorities.Count > 0)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities);
        }

        return policy;
    }
}
