using System.Globalization;
using System.Xml;
using Causeway.Director.Status;

namespace Causeway.Director.Pages.Public;

/// <summary>The incidents as an Atom feed (RFC 4287).</summary>
internal static class StatusFeed
{
    private const string Atom = "http://www.w3.org/2005/Atom";

    /// <summary>The feed, with links under <paramref name="origin"/>.</summary>
    public static byte[] Write(StatusSnapshot snapshot, string origin)
    {
        using MemoryStream body = new();
        using (XmlWriter xml = XmlWriter.Create(body, new XmlWriterSettings { Indent = true, CheckCharacters = true }))
        {
            xml.WriteStartElement("feed", Atom);
            xml.WriteElementString("title", Atom, "Causeway Status: incidents");
            xml.WriteElementString("id", Atom, origin + "/status");
            xml.WriteElementString("updated", Atom, Moment(snapshot.Log.Incidents.Select(incident => incident.UpdatedAt).DefaultIfEmpty(DateTimeOffset.UnixEpoch).Max()));
            WriteLink(xml, "self", origin + "/status/feed.atom");
            WriteLink(xml, "alternate", origin + "/status");
            foreach (Incident incident in snapshot.Log.Incidents.Take(PagesLimits.MaxIncidentsInFeed))
            {
                WriteEntry(xml, incident, origin);
            }

            xml.WriteEndElement();
        }

        return body.ToArray();
    }

    private static void WriteEntry(XmlWriter xml, Incident incident, string origin)
    {
        xml.WriteStartElement("entry", Atom);
        xml.WriteElementString("title", Atom, Printable(StatusWords.Title(incident)));
        xml.WriteElementString("id", Atom, "urn:causeway:incident:" + incident.Id);
        xml.WriteElementString("published", Atom, Moment(incident.DetectedAt));
        xml.WriteElementString("updated", Atom, Moment(incident.UpdatedAt));
        WriteLink(xml, "alternate", $"{origin}/status/incidents/{incident.Id}");
        xml.WriteStartElement("author", Atom);
        xml.WriteElementString("name", Atom, "Causeway");
        xml.WriteEndElement();
        xml.WriteStartElement("content", Atom);
        xml.WriteAttributeString("type", "html");
        xml.WriteString(Html.Join(incident.Timeline.Reverse().Select(entry => Html.Of(
            $"<p><strong>{StatusWords.Phase(entry.Phase)}</strong>, {PageFrame.Time(entry.At)}<br>{Printable(entry.Text)}</p>"))).ToString());
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteLink(XmlWriter xml, string relation, string address)
    {
        xml.WriteStartElement("link", Atom);
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("href", address);
        xml.WriteEndElement();
    }

    /// <summary>Without the characters that XML can't hold.</summary>
    private static string Printable(string text) => string.Concat(text.Where(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c)));

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
