using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Causeway.Client.Transport;

/// <summary>What one TLS handshake needs: the certificates that the options name, and the judgement of the server's.</summary>
internal sealed class TlsSetup : IDisposable
{
    private readonly List<X509Certificate2> _loaded = [];
    private readonly RemoteCertificateValidationCallback? _validation;

    private TlsSetup(ServerAddress address, ClientTlsOptions options)
    {
        _validation = options.Validation;
        ServerName = options.ServerName ?? address.Host;
        Options = new SslClientAuthenticationOptions
        {
            TargetHost = ServerName,
            RemoteCertificateValidationCallback = Judge,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
    }

    public string ServerName { get; }

    public SslClientAuthenticationOptions Options { get; }

    /// <summary>Why the server's certificate was not accepted; null where it was, or before it came.</summary>
    public string? Fault { get; private set; }

    /// <exception cref="IOException">A file can't be read, or has no certificate or key; the message names it.</exception>
    public static TlsSetup Load(ServerAddress address, ClientTlsOptions options)
    {
        TlsSetup setup = new(address, options);
        try
        {
            setup.TakeAuthorities(options);
            setup.TakeCertificate(options);
            return setup;
        }
        catch
        {
            setup.Dispose();
            throw;
        }
    }

    public void Dispose() => _loaded.ForEach(certificate => certificate.Dispose());

    private void TakeAuthorities(ClientTlsOptions options)
    {
        X509Certificate2Collection? authorities = options.Authorities;
        if (options.CaFile is { } file)
        {
            authorities = Read(file, "certificate", () =>
            {
                X509Certificate2Collection read = [];
                read.ImportFromPemFile(file);
                return read;
            });
            _loaded.AddRange(authorities);
            if (authorities.Count == 0)
            {
                throw new IOException($"'{file}' has no certificate in PEM form");
            }
        }

        if (authorities is null)
        {
            return;
        }

        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);

        // A file often has the authorities in between too: they help to build the chain, and only roots end it.
        policy.ExtraStore.AddRange(authorities);
        policy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        Options.CertificateChainPolicy = policy;
    }

    private void TakeCertificate(ClientTlsOptions options)
    {
        X509Certificate2? certificate = options.Certificate;
        X509Certificate2Collection chain = [];
        if (options.CertificateFile is { } file)
        {
            certificate = Read(options.KeyFile ?? file, "certificate with a private key", () => X509Certificate2.CreateFromPemFile(file, options.KeyFile));
            chain.ImportFromPemFile(file);
            _loaded.Add(certificate);
            _loaded.AddRange(chain);
        }

        if (certificate is not null)
        {
            Options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
    }

    private static T Read<T>(string file, string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw new IOException($"'{file}' has no {what} in PEM form");
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new IOException($"'{file}' can't be read: {fault.Message}", fault);
        }
    }

    private bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (_validation is not null)
        {
            bool accepted = _validation(sender, certificate, chain, errors);
            Fault = accepted ? null : "the server's certificate is refused by the validation that the options name";
            return accepted;
        }

        List<string> faults = [];
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            faults.Add("the server shows no certificate");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            faults.Add($"the server's certificate is not for '{ServerName}'");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            IEnumerable<string> statuses = chain?.ChainStatus.Select(status => status.Status.ToString()).Distinct() ?? [];
            faults.Add($"the server's certificate is not trusted ({string.Join(", ", statuses)})");
        }

        Fault = faults.Count == 0 ? null : string.Join(" and ", faults);
        return faults.Count == 0;
    }
}
