using System.Text.Json;
using System.Text.Json.Serialization;
using Causeway.Client.Protocol;

namespace Causeway.Client;

/// <summary>What a server says about itself when a client connects, and again when it changes.</summary>
public sealed record ServerInfo
{
    /// <summary>The server's unique id.</summary>
    [JsonPropertyName("server_id")]
    public string ServerId { get; init; } = string.Empty;

    /// <summary>The server's name.</summary>
    [JsonPropertyName("server_name")]
    public string ServerName { get; init; } = string.Empty;

    /// <summary>The server's version.</summary>
    [JsonPropertyName("version")]
    public string Version { get; init; } = string.Empty;

    /// <summary>Whether the server takes messages with headers; requests need it to learn that nobody responds.</summary>
    [JsonPropertyName("headers")]
    public bool SupportsHeaders { get; init; }

    /// <summary>Largest payload with headers that the server takes, in bytes.</summary>
    [JsonPropertyName("max_payload")]
    public int PayloadBytesMax { get; init; } = 1024 * 1024;

    /// <summary>Whether the server wants credentials.</summary>
    [JsonPropertyName("auth_required")]
    public bool AuthRequired { get; init; }

    /// <summary>Whether the server takes connections with TLS only.</summary>
    [JsonPropertyName("tls_required")]
    public bool TlsRequired { get; init; }

    /// <summary>Whether the server takes connections with TLS and others.</summary>
    [JsonPropertyName("tls_available")]
    public bool TlsAvailable { get; init; }

    /// <summary>What a client with an nkey signs to prove that it has it; null where the server takes none.</summary>
    [JsonPropertyName("nonce")]
    public string? Nonce { get; init; }

    /// <summary>The number the server gave this connection.</summary>
    [JsonPropertyName("client_id")]
    public ulong ClientId { get; init; }

    /// <summary>The address from which the server sees this client.</summary>
    [JsonPropertyName("client_ip")]
    public string ClientAddress { get; init; } = string.Empty;

    /// <summary>Addresses of the servers of the same cluster, as <c>host:port</c>.</summary>
    [JsonPropertyName("connect_urls")]
    public IReadOnlyList<string> ConnectUrls { get; init => field = value ?? []; } = [];

    /// <summary>Whether the server is about to close its connections one after the other (lame duck mode).</summary>
    [JsonPropertyName("ldm")]
    public bool LameDuck { get; init; }

    internal static ServerInfo Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ClientJsonContext.Default.ServerInfo)
                ?? throw new ProtocolException("the server sent an INFO without content");
        }
        catch (JsonException bad)
        {
            throw new ProtocolException($"the server sent an INFO that is not valid: {bad.Message}");
        }
    }
}
