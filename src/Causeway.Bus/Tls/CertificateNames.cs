using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Causeway.Bus.Tls;

/// <summary>
/// Whom a client's certificate speaks of, in the order in which nats-server looks for users: mail addresses, DNS names and URIs of
/// the subject's alternative names (RFC 5280, 4.2.1.6), then the subject itself as a distinguished name (RFC 2253).
/// </summary>
internal static class CertificateNames
{
    private const string AlternativeNames = "2.5.29.17";
    private const int MailTag = 1;
    private const int DnsTag = 2;
    private const int UriTag = 6;

    /// <summary>The names; those that can't be read are left out.</summary>
    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        List<string> names = [.. Alternatives(certificate).Where(name => name.Tag is MailTag or DnsTag or UriTag).OrderBy(name => name.Tag).Select(name => name.Text)];
        if (certificate.SubjectName.RawData.Length > 2)
        {
            // Go writes the parts in RFC 2253's order, the last first, and without blanks between them.
            names.Add(certificate.SubjectName.Decode(X500DistinguishedNameFlags.Reversed | X500DistinguishedNameFlags.UseCommas).Replace(", ", ",", StringComparison.Ordinal));
        }

        return names;
    }

    private static List<(int Tag, string Text)> Alternatives(X509Certificate2 certificate)
    {
        List<(int Tag, string Text)> names = [];
        if (certificate.Extensions[AlternativeNames] is not { } extension)
        {
            return names;
        }

        try
        {
            AsnReader sequence = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (sequence.HasData)
            {
                Asn1Tag tag = sequence.PeekTag();
                if (tag.TagClass == TagClass.ContextSpecific && tag.TagValue is MailTag or DnsTag or UriTag)
                {
                    names.Add((tag.TagValue, sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag)));
                }
                else
                {
                    sequence.ReadEncodedValue();
                }
            }
        }
        catch (AsnContentException)
        {
            // Whatever was read before is as good as it was.
        }

        return names;
    }
}
