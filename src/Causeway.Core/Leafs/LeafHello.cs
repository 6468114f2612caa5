using System.Buffers;
using System.Text.Json;

namespace Causeway.Core.Leafs;

/// <summary>
/// What one side of a leaf-node connection says of itself, in INFO or in CONNECT: the fields that both nats-server and Causeway use,
/// under nats-server's names. Immutable.
/// </summary>
public sealed record LeafHello
{
    /// <summary>Most addresses that are taken from one INFO.</summary>
    public const int MaxUrls = 64;

    /// <summary>The server's id.</summary>
    public string ServerId { get; init; } = "";

    /// <summary>The server's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The cluster that it belongs to; empty for none.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Its version.</summary>
    public string Version { get; init; } = "";

    /// <summary>True if it understands messages with headers.</summary>
    public bool Headers { get; init; }

    /// <summary>The largest message that it takes, in bytes; 0 if it does not say.</summary>
    public int MaxPayloadBytes { get; init; }

    /// <summary>The number of the connection in INFO; 0 on a port that is not for leafs.</summary>
    public ulong ClientId { get; init; }

    /// <summary>What an nkey is to sign; empty if nothing.</summary>
    public string Nonce { get; init; } = "";

    /// <summary>True if TLS follows behind this INFO.</summary>
    public bool TlsRequired { get; init; }

    /// <summary>True if a login is wanted.</summary>
    public bool AuthRequired { get; init; }

    /// <summary>Where leafs can connect in the server's cluster; null on a port that is not for leafs.</summary>
    public IReadOnlyList<string>? LeafUrls { get; init; }

    /// <summary>True in the INFO that answers CONNECT.</summary>
    public bool IsConnectInfo { get; init; }

    /// <summary>True in an INFO that asks for such an answer.</summary>
    public bool AnswersConnect { get; init; }

    /// <summary>The account that the connection belongs to at the hub; empty if it does not say.</summary>
    public string RemoteAccount { get; init; } = "";

    /// <summary>True in the CONNECT of who is no leaf but an ordinary client that has found the wrong port.</summary>
    public bool IsClient { get; init; }

    /// <summary>Reads the argument of INFO or CONNECT; null if it can't be read.</summary>
    public static LeafHello? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            Utf8JsonReader reader = new(json);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            JsonElement root = document.RootElement;
            return root.ValueKind != JsonValueKind.Object ? null : new LeafHello
            {
                ServerId = Text(root, "server_id"),
                Name = Text(root, "name") is { Length: > 0 } name ? name : Text(root, "server_name"),
                Cluster = Text(root, "cluster"),
                Version = Text(root, "version"),
                Headers = Switch(root, "headers"),
                MaxPayloadBytes = root.TryGetProperty("max_payload", out JsonElement payload) && payload.TryGetInt32(out int most) ? Math.Max(0, most) : 0,
                ClientId = root.TryGetProperty("client_id", out JsonElement id) && id.TryGetUInt64(out ulong number) ? number : 0,
                Nonce = Text(root, "nonce"),
                TlsRequired = Switch(root, "tls_required"),
                AuthRequired = Switch(root, "auth_required"),
                LeafUrls = Urls(root),
                IsConnectInfo = Switch(root, "connect_info"),
                RemoteAccount = Text(root, "remote_account"),
                IsClient = Text(root, "lang").Length > 0,
            };
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The INFO line of a hub.</summary>
    public byte[] ToInfo() => ToLine("INFO "u8, json =>
    {
        json.WriteString("server_id", ServerId);
        json.WriteString("server_name", Name);
        json.WriteString("version", Version);
        json.WriteNumber("proto", 1);
        json.WriteBoolean("headers", Headers);
        json.WriteNumber("max_payload", MaxPayloadBytes);
        json.WriteNumber("client_id", ClientId);
        WriteSwitch(json, "auth_required", AuthRequired);
        WriteSwitch(json, "tls_required", TlsRequired);
        WriteText(json, "nonce", Nonce);
        WriteText(json, "cluster", Cluster);
        json.WriteStartArray("leafnode_urls");
        foreach (string url in LeafUrls ?? [])
        {
            json.WriteStringValue(url);
        }

        json.WriteEndArray();
        WriteSwitch(json, "info_on_connect", AnswersConnect);
        WriteSwitch(json, "connect_info", IsConnectInfo);
        WriteText(json, "remote_account", RemoteAccount);
    });

    /// <summary>The CONNECT line of a leaf that proves itself with <paramref name="login"/>.</summary>
    public byte[] ToConnect(LeafLogin login, IEnumerable<string> denied) => ToLine("CONNECT "u8, json =>
    {
        json.WriteString("version", Version);
        json.WriteString("server_id", ServerId);
        json.WriteString("name", Name);
        json.WriteString("cluster", Cluster);
        json.WriteBoolean("headers", Headers);
        json.WriteBoolean("tls_required", TlsRequired);
        WriteText(json, "user", login.User);
        WriteText(json, "pass", login.Password);
        WriteText(json, "auth_token", login.Token);
        string[] deny = [.. denied];
        if (deny.Length > 0)
        {
            json.WriteStartArray("deny_pub");
            foreach (string subject in deny)
            {
                json.WriteStringValue(subject);
            }

            json.WriteEndArray();
        }
    });

    private static byte[] ToLine(ReadOnlySpan<byte> verb, Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new(512);
        buffer.Write(verb);
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        buffer.Write("\r\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0)
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteSwitch(Utf8JsonWriter json, string name, bool value)
    {
        if (value)
        {
            json.WriteBoolean(name, true);
        }
    }

    private static string Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static bool Switch(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    private static string[]? Urls(JsonElement root) =>
        root.TryGetProperty("leafnode_urls", out JsonElement urls) && urls.ValueKind == JsonValueKind.Array
            ? [.. urls.EnumerateArray().Where(url => url.ValueKind == JsonValueKind.String).Take(MaxUrls).Select(url => url.GetString()!)]
            : null;
}
