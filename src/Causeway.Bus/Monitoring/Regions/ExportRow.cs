using System.Text.Json;
using Causeway.Core.Regions;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary>
/// A table that a link tells the other side. What its sender counts belongs here: <see cref="Of"/> reads it on the mesh's thread, and
/// <see cref="Write"/> puts it on the page.
/// </summary>
internal sealed record ExportRow(StreamKind Kind, string Region)
{
    public static ExportRow Of(ExportStream export) => new(export.Kind, export.Region);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("kind", JsonFormat.Name(Kind));
        json.WriteString("region", Region);
        json.WriteEndObject();
    }
}
