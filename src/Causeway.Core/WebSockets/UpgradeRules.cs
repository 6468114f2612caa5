using System.Security.Cryptography;
using System.Text;

namespace Causeway.Core.WebSockets;

/// <summary>
/// Which requests become WebSockets (RFC 6455, 4.2), checked in nats-server's order and answered with its status codes. Fields that
/// proxies add, as X-Forwarded-For, are not looked at: anybody can send them. Immutable.
/// </summary>
public sealed record UpgradeRules
{
    private const string Guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private const int KeyBytes = 16;
    private const string Deflate = "permessage-deflate";

    // What nats-server serves there: other protocols over WebSockets, not the clients'.
    private static readonly string[] OtherPaths = ["/leafnode", "/mqtt"];

    /// <summary>True if connections come within TLS.</summary>
    public bool IsSecure { get; init; }

    /// <summary>True if a page has to come from the same host and port that it connects to.</summary>
    public bool SameOrigin { get; init; }

    /// <summary>The origins that pages may come from; any if it is empty.</summary>
    public IReadOnlyList<WebOrigin> AllowedOrigins { get; init; } = [];

    /// <summary>True if messages are compressed for who offers it.</summary>
    public bool Compression { get; init; }

    /// <summary>The answer to <paramref name="request"/>.</summary>
    public UpgradeAnswer Answer(UpgradeRequest request)
    {
        string key = request.Value("Sec-WebSocket-Key");
        return request.Method != "GET" ? UpgradeAnswer.Refuse(405, "the method is not GET")
            : request.Value("Host").Length == 0 ? UpgradeAnswer.Refuse(400, "there is no Host")
            : OtherPaths.Any(path => request.Target.StartsWith(path, StringComparison.Ordinal)) ? UpgradeAnswer.Refuse(404, "clients are not served at this path")
            : !request.Lists("Upgrade", "websocket") ? UpgradeAnswer.Refuse(400, "Upgrade is not websocket")
            : !request.Lists("Connection", "Upgrade") ? UpgradeAnswer.Refuse(400, "Connection is not Upgrade")
            : !IsKey(key) || request.Count("Sec-WebSocket-Key") > 1 ? UpgradeAnswer.Refuse(400, "Sec-WebSocket-Key is not 16 bytes in base64")
            : !request.Lists("Sec-WebSocket-Version", "13") ? UpgradeAnswer.Refuse(400, "Sec-WebSocket-Version is not 13")
            : OriginFault(request) is { } fault ? UpgradeAnswer.Refuse(403, fault)
            : UpgradeAnswer.Accept(AcceptKey(key), Compression && request.Items("Sec-WebSocket-Extensions").Any(CanAccept));
    }

    /// <summary>What proves that the request with <paramref name="key"/> was understood.</summary>
    public static string AcceptKey(string key)
    {
#pragma warning disable CA5350 // The protocol names SHA-1; it guards nothing here.
        return Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Guid)));
#pragma warning restore CA5350
    }

    /// <summary>True if the extension is the known one and asks for nothing that the answer's fixed parameters would break (RFC 7692, 7.1).</summary>
    private static bool CanAccept(string extension)
    {
        string[] parts = extension.Split(';', StringSplitOptions.TrimEntries);
        return parts[0].Equals(Deflate, StringComparison.OrdinalIgnoreCase) && parts.Skip(1).All(part =>
            part is "server_no_context_takeover" or "client_no_context_takeover" or "client_max_window_bits" or "server_max_window_bits=15"
            || part.StartsWith("client_max_window_bits=", StringComparison.Ordinal));
    }

    private static bool IsKey(string key)
    {
        Span<byte> bytes = stackalloc byte[KeyBytes + 8];
        return key.Length == 24 && Convert.TryFromBase64String(key, bytes, out int length) && length == KeyBytes;
    }

    private string? OriginFault(UpgradeRequest request)
    {
        string text = request.Value("Origin");
        if (text.Length == 0 || (!SameOrigin && AllowedOrigins.Count == 0))
        {
            return null;
        }

        if (request.Count("Origin") > 1 || !WebOrigin.TryParse(text, out WebOrigin origin))
        {
            return "the origin can't be read";
        }

        if (SameOrigin && (!WebOrigin.TryParseHost(request.Value("Host"), IsSecure, out WebOrigin host) || (host.Host, host.Port) != (origin.Host, origin.Port)))
        {
            return "the origin is another";
        }

        return AllowedOrigins.Count > 0 && !AllowedOrigins.Contains(origin) ? "the origin is not in the list" : null;
    }
}
