using System.Text.Json.Serialization;

namespace Causeway.Client.Protocol;

/// <summary>The argument of CONNECT. All that servers default differently from what this client does is always written.</summary>
internal sealed record ConnectRequest
{
    [JsonPropertyName("verbose")]
    public bool Verbose { get; init; }

    [JsonPropertyName("pedantic")]
    public bool Pedantic { get; init; }

    [JsonPropertyName("tls_required")]
    public bool TlsRequired { get; init; }

    [JsonPropertyName("name")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    [JsonPropertyName("lang")]
    public string Language { get; init; } = ".net";

    [JsonPropertyName("version")]
    public string Version { get; init; } = typeof(ConnectRequest).Assembly.GetName().Version?.ToString(3) ?? string.Empty;

    /// <summary>1: the client understands INFO at any time.</summary>
    [JsonPropertyName("protocol")]
    public int Protocol { get; init; } = 1;

    [JsonPropertyName("echo")]
    public bool Echo { get; init; }

    [JsonPropertyName("headers")]
    public bool Headers { get; init; }

    [JsonPropertyName("no_responders")]
    public bool NoResponders { get; init; }

    [JsonPropertyName("user")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; init; }

    [JsonPropertyName("pass")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Password { get; init; }

    [JsonPropertyName("auth_token")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }

    /// <summary>The public half of the nkey that <see cref="Signature"/> is made with.</summary>
    [JsonPropertyName("nkey")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Nkey { get; init; }

    [JsonPropertyName("jwt")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Jwt { get; init; }

    /// <summary>The signature of the server's nonce, base64 in the alphabet for URLs.</summary>
    [JsonPropertyName("sig")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Signature { get; init; }

    /// <summary>Says nothing of what is secret.</summary>
    public override string ToString() => $"CONNECT of {Name}";
}
