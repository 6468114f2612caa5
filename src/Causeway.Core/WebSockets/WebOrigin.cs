namespace Causeway.Core.WebSockets;

/// <summary>Where a page came from (RFC 6454): scheme, host in small letters, and port.</summary>
public readonly record struct WebOrigin(string Scheme, string Host, int Port)
{
    /// <summary>What is accepted, for faults.</summary>
    public const string Accepted = "accepted is http or https with a host and perhaps a port, as https://example.com:8443";

    /// <summary>Reads an origin; false if <paramref name="text"/> is none.</summary>
    public static bool TryParse(string text, out WebOrigin origin)
    {
        origin = default;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0
            || uri.UserInfo.Length > 0 || uri.PathAndQuery != "/" || uri.Fragment.Length > 0)
        {
            return false;
        }

        origin = new WebOrigin(uri.Scheme, uri.IdnHost.ToLowerInvariant(), uri.Port);
        return true;
    }

    /// <summary>Reads the header field Host, as of a request that came within TLS or not.</summary>
    public static bool TryParseHost(string host, bool isSecure, out WebOrigin origin) =>
        TryParse($"{(isSecure ? "https" : "http")}://{host}", out origin);

    /// <inheritdoc/>
    public override string ToString() => $"{Scheme}://{Host}:{Port}";
}
