using System.Text.Json;

namespace Causeway.Interop.Tests.Monitoring;

/// <summary>The fields of a page by their paths (<c>connections[].cid</c>), each with the JSON types that it was seen with.</summary>
public static class JsonShape
{
    /// <summary>Objects that are maps: their keys are data.</summary>
    private static readonly string[] Maps = ["http_req_stats", "outbound_gateways", "inbound_gateways"];

    public static SortedDictionary<string, string> Of(JsonElement page)
    {
        SortedDictionary<string, SortedSet<string>> fields = new(StringComparer.Ordinal);
        Visit(page, "", fields);
        return new SortedDictionary<string, string>(fields.ToDictionary(field => field.Key, field => string.Join('|', field.Value)), StringComparer.Ordinal);
    }

    /// <summary>Go leaves the point out of whole fractions, and has null for lists that are empty.</summary>
    public static bool Fits(string theirs, string ours) => theirs == ours
        || (theirs is "integer" or "fraction" && ours is "integer" or "fraction")
        || (theirs == "null" && ours == "array")
        || (theirs.Contains('|', StringComparison.Ordinal) && theirs.Split('|').Contains(ours));

    private static void Visit(JsonElement value, string path, SortedDictionary<string, SortedSet<string>> fields)
    {
        if (path.Length > 0)
        {
            if (!fields.TryGetValue(path, out SortedSet<string>? types))
            {
                fields[path] = types = new(StringComparer.Ordinal);
            }

            types.Add(TypeOf(value));
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            bool isMap = Maps.Contains(path);
            foreach (JsonProperty property in value.EnumerateObject())
            {
                string name = isMap ? "*" : property.Name;
                Visit(property.Value, path.Length > 0 ? $"{path}.{name}" : name, fields);
            }
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in value.EnumerateArray())
            {
                Visit(item, path + "[]", fields);
            }
        }
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.String => DateTimeOffset.TryParse(value.GetString(), out _) && value.GetString()!.EndsWith('Z') ? "time" : "string",
        JsonValueKind.Number => value.TryGetInt64(out _) || value.TryGetUInt64(out _) ? "integer" : "fraction",
        _ => value.ValueKind.ToString().ToLowerInvariant(),
    };
}
