using System.Text.Json;

namespace Causeway.Cli.Bench;

/// <summary>What the load generator needs of a server's INFO.</summary>
internal sealed record ServerInfo(string Name, string Version, long MaxPayload, bool TlsRequired)
{
    public static ServerInfo Parse(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement root = document.RootElement;
        return new ServerInfo(
            Text(root, "server_name"),
            Text(root, "version"),
            root.TryGetProperty("max_payload", out JsonElement max) ? max.GetInt64() : long.MaxValue,
            Flag(root, "tls_required"));
    }

    private static string Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) ? value.GetString() ?? "" : "";

    private static bool Flag(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;
}
