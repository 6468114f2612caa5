using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Causeway.Core.Protocol;

/// <summary>What a node says of itself in INFO. Immutable; the parts of one client are added when the line is written.</summary>
public sealed record ServerInfo
{
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The node's unique id: 56 characters, as clients know it from nats-server.</summary>
    public required string ServerId { get; init; }

    /// <summary>The node's name.</summary>
    public required string ServerName { get; init; }

    /// <summary>The version to show. Client libraries read capabilities from it, so it follows nats-server's numbers.</summary>
    public required string Version { get; init; }

    /// <summary>The host that clients reach the node by.</summary>
    public required string Host { get; init; }

    /// <summary>The port that clients reach the node by.</summary>
    public required int Port { get; init; }

    /// <summary>The largest message in bytes.</summary>
    public required int MaxPayloadBytes { get; init; }

    /// <summary>Addresses of all nodes that clients may use instead.</summary>
    public IReadOnlyList<string> ConnectUrls { get; init; } = [];

    /// <summary>True while the node is going away.</summary>
    public bool LameDuck { get; init; }

    /// <summary>True if clients have to prove who they are.</summary>
    public bool AuthRequired { get; init; }

    /// <summary>True if clients have to begin TLS.</summary>
    public bool TlsRequired { get; init; }

    /// <summary>True if clients have to show a certificate.</summary>
    public bool TlsVerify { get; init; }

    /// <summary>True if clients may begin TLS.</summary>
    public bool TlsAvailable { get; init; }

    /// <summary>Where clients come over WebSockets; null if they don't.</summary>
    public WebSocketPlace? WebSocket { get; init; }

    /// <summary>The same as clients over WebSockets see it: TLS and the addresses of nodes are those of theirs; host and port stay, as in nats-server.</summary>
    public ServerInfo OverWebSocket() => WebSocket is not { } place ? this : this with
    {
        TlsRequired = place.IsSecure,
        TlsAvailable = place.IsSecure,
        ConnectUrls = place.ConnectUrls,
    };

    /// <summary>
    /// Writes the INFO line for the client <paramref name="clientId"/> at <paramref name="clientAddress"/>, with the
    /// <paramref name="nonce"/> that an nkey signs if there is one, and its own largest message where that is smaller.
    /// </summary>
    public byte[] ToLine(ulong clientId, string clientAddress, string nonce = "", int maxPayloadBytes = 0)
    {
        ArrayBufferWriter<byte> buffer = new(512);
        buffer.Write("INFO "u8);
        using (Utf8JsonWriter json = new(buffer, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteString("server_id"u8, ServerId);
            json.WriteString("server_name"u8, ServerName);
            json.WriteString("version"u8, Version);
            json.WriteNumber("proto"u8, 1);
            json.WriteString("go"u8, "");
            json.WriteString("host"u8, Host);
            json.WriteNumber("port"u8, Port);
            json.WriteBoolean("headers"u8, true);
            WriteIfTrue(json, "auth_required"u8, AuthRequired);
            WriteIfTrue(json, "tls_required"u8, TlsRequired);
            WriteIfTrue(json, "tls_verify"u8, TlsVerify);
            WriteIfTrue(json, "tls_available"u8, TlsAvailable);
            json.WriteNumber("max_payload"u8, maxPayloadBytes > 0 ? maxPayloadBytes : MaxPayloadBytes);
            json.WriteNumber("client_id"u8, clientId);
            json.WriteString("client_ip"u8, clientAddress);
            if (nonce.Length > 0)
            {
                json.WriteString("nonce"u8, nonce);
            }

            WriteIfTrue(json, "ldm"u8, LameDuck);
            if (ConnectUrls.Count > 0)
            {
                json.WriteStartArray("connect_urls"u8);
                foreach (string url in ConnectUrls)
                {
                    json.WriteStringValue(url);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        buffer.Write(" \r\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteIfTrue(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool value)
    {
        if (value)
        {
            json.WriteBoolean(name, value);
        }
    }
}
