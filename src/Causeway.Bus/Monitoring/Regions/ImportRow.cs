using System.Text.Json;
using Causeway.Core.Regions;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary>A table that the other side of a link tells.</summary>
internal sealed record ImportRow(StreamKind Kind, string Region, long Literals, long Texts, bool Known)
{
    public static ImportRow Of(ImportStream import) =>
        new(import.Table.Kind, import.Source.Region, import.Table.Table.Literals, import.Table.Table.Texts, import.Table.WasCurrent);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("kind", JsonFormat.Name(Kind));
        json.WriteString("region", Region);
        json.WriteNumber("literals", Literals);
        json.WriteNumber("texts", Texts);
        json.WriteBoolean("known", Known);
        json.WriteEndObject();
    }
}
