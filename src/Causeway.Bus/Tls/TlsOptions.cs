using System.Security.Authentication;

namespace Causeway.Bus.Tls;

/// <summary>TLS for clients, in nats-server's terms. All files are PEM, and read again by each reload.</summary>
public sealed record TlsOptions
{
    /// <summary>The file with the node's certificate, and behind it those of intermediate authorities.</summary>
    public required string CertificateFile { get; init; }

    /// <summary>The file with the certificate's key.</summary>
    public required string KeyFile { get; init; }

    /// <summary>The file with the authorities that sign certificates of clients; empty for those that the machine trusts.</summary>
    public string AuthorityFile { get; init; } = "";

    /// <summary>True if clients have to show a certificate.</summary>
    public bool Verify { get; init; }

    /// <summary>True if a client is the user whom its certificate names, which it then has to show.</summary>
    public bool VerifyAndMap { get; init; }

    /// <summary>Longest time from a client's first byte to the end of its handshake, and before it for that byte if TLS comes first.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>True if the handshake comes before INFO.</summary>
    public bool HandshakeFirst { get; init; }

    /// <summary>True if clients may also stay in clear.</summary>
    public bool AllowNonTls { get; init; }

    /// <summary>The protocol versions that are spoken.</summary>
    public SslProtocols Protocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>True if clients have to show a certificate, for whichever reason.</summary>
    public bool WantsCertificate => Verify || VerifyAndMap;

    /// <summary>What is wrong with the files, in one line; null if they can be used.</summary>
    public string? FindFault()
    {
        try
        {
            TlsCredentials.Load(this);
            return null;
        }
        catch (ArgumentException fault)
        {
            return fault.Message;
        }
    }
}
