using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Causeway.Client;

/// <summary>How a client does TLS. The server's certificate is checked in full unless <see cref="Validation"/> says otherwise. Immutable.</summary>
/// <remarks>Files are read at each connect, so that new certificates are used without a restart.</remarks>
public sealed record ClientTlsOptions
{
    /// <summary>A PEM file with the authorities that sign servers' certificates; null: the machine's.</summary>
    public string? CaFile { get; init; }

    /// <summary>The authorities that sign servers' certificates, where they are in no file; null: see <see cref="CaFile"/>.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>A PEM file with the client's certificate, and behind it those that lead to its authority; null: the client shows none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>A PEM file with the private key, not encrypted; null: it stands in <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The client's certificate with its private key, where it is in no file; null: see <see cref="CertificateFile"/>.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The name that the server's certificate must have; null: the host of its address.</summary>
    public string? ServerName { get; init; }

    /// <summary>
    /// Whether TLS begins at once, instead of after the server's first line; the server must be set to it. Without meaning for
    /// <c>wss://</c>, where it always does.
    /// </summary>
    public bool HandshakeFirst { get; init; }

    /// <summary>
    /// Judges the server's certificate in place of the client, which otherwise accepts none with any policy error. What it accepts is
    /// accepted: one that always says yes leaves a client that anybody can listen to.
    /// </summary>
    public RemoteCertificateValidationCallback? Validation { get; init; }

    internal void Validate()
    {
        Exclude(CaFile is not null && Authorities is not null, nameof(CaFile), nameof(Authorities));
        Exclude(CertificateFile is not null && Certificate is not null, nameof(CertificateFile), nameof(Certificate));
        if (KeyFile is not null && CertificateFile is null)
        {
            throw new ArgumentException($"{nameof(KeyFile)} needs {nameof(CertificateFile)}", nameof(KeyFile));
        }

        if (Certificate is { HasPrivateKey: false })
        {
            throw new ArgumentException("the client's certificate has no private key", nameof(Certificate));
        }
    }

    private static void Exclude(bool both, string one, string other)
    {
        if (both)
        {
            throw new ArgumentException($"{one} and {other} exclude each other", one);
        }
    }
}
