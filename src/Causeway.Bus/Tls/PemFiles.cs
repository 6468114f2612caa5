using System.Security.Cryptography.X509Certificates;

namespace Causeway.Bus.Tls;

/// <summary>Reads certificates from PEM files. Throws IOException or <see cref="System.Security.Cryptography.CryptographicException"/> if that can't be.</summary>
internal static class PemFiles
{
    /// <summary>The first certificate of a file, with its key from another.</summary>
    public static X509Certificate2 ReadWithKey(string certificateFile, string keyFile)
    {
        using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);

        // A certificate read from PEM has a key that the platform's TLS may not take; one read from PKCS 12 has not.
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>All certificates of a file, in order.</summary>
    public static X509Certificate2Collection ReadAll(string file)
    {
        X509Certificate2Collection all = [];
        all.ImportFromPemFile(file);
        return all;
    }
}
