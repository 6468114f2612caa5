namespace Causeway.Core.Clients;

/// <summary>What is known of a client's connection once it is secured by TLS. Immutable.</summary>
/// <param name="Version">The protocol's version as nats-server's monitoring writes it, such as <c>1.3</c>.</param>
/// <param name="CipherSuite">The cipher suite's name.</param>
/// <param name="CertificateNames">
/// Whom the client's certificate speaks of, the surest first: its mail addresses, DNS names and URIs, and the subject as a
/// distinguished name (RFC 2253). Empty if it showed none that was checked.
/// </param>
public sealed record SecureChannel(string Version, string CipherSuite, IReadOnlyList<string> CertificateNames)
{
    /// <summary>True if the client is the user whom its certificate names; null if that is as the node's settings say.</summary>
    public bool? MapsCertificate { get; init; }

    /// <summary>True if the client had to show a certificate and showed none: it is told so, and may do nothing else.</summary>
    public bool LacksCertificate { get; init; }
}
