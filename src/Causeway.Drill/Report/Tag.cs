using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Causeway.Drill.Report;

/// <summary>Makes elements of HTML and SVG. All text goes through here and so is escaped; what XML can't hold is shown as a mark.</summary>
internal static class Tag
{
    private const char Unshowable = '\uFFFD';

    /// <summary>An element. Strings become text, tuples attributes, null nothing, lists their items.</summary>
    public static XElement Of(string name, params object?[] content)
    {
        XElement element = new(name);
        foreach (object? item in content)
        {
            Add(element, item);
        }

        return element;
    }

    /// <summary>A number for SVG: short, with a point.</summary>
    public static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>The text of a page. Elements without content are closed by an end tag, as HTML wants it, but for those that have none.</summary>
    public static string Page(XElement html)
    {
        foreach (XElement empty in html.Descendants().Where(element => element.IsEmpty && element.Name.LocalName is not ("meta" or "br")))
        {
            empty.Value = "";
        }

        StringBuilder text = new("<!DOCTYPE html>\n");
        using (XmlWriter writer = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true }))
        {
            html.WriteTo(writer);
        }

        return text.Append('\n').ToString();
    }

    private static void Add(XElement element, object? item)
    {
        switch (item)
        {
            case null:
                break;
            case string text:
                element.Add(new XText(Clean(text)));
                break;
            case (string name, string value):
                element.SetAttributeValue(name, Clean(value));
                break;
            case XElement child:
                element.Add(child);
                break;
            case IEnumerable<object?> items:
                foreach (object? inner in items)
                {
                    Add(element, inner);
                }

                break;
            default:
                throw new ArgumentException($"{item.GetType()} can't be in a page");
        }
    }

    private static string Clean(string text) => text.All(XmlConvert.IsXmlChar)
        ? text
        : string.Concat(text.EnumerateRunes().Select(rune => rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? Unshowable.ToString() : rune.ToString()));
}
