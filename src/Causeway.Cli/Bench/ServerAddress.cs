using System.Globalization;

namespace Causeway.Cli.Bench;

/// <summary>Where a server listens, and the credentials to present there, if any.</summary>
internal sealed record ServerAddress(string Host, int Port, string? User, string? Password)
{
    public const int DefaultPort = 4222;

    private const string Scheme = "nats://";

    /// <summary>Reads <c>host</c>, <c>host:port</c>, <c>[v6]:port</c> or <c>nats://[user[:password]@]host[:port]</c>.</summary>
    public static bool TryParse(string text, out ServerAddress? address)
    {
        address = null;
        string rest = text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? text[Scheme.Length..].TrimEnd('/') : text;
        string? user = null;
        string? password = null;
        int at = rest.LastIndexOf('@');
        if (at >= 0)
        {
            string[] credentials = rest[..at].Split(':', 2);
            user = Uri.UnescapeDataString(credentials[0]);
            password = credentials.Length == 2 ? Uri.UnescapeDataString(credentials[1]) : null;
            rest = rest[(at + 1)..];
        }

        int port = DefaultPort;
        int colon = rest.LastIndexOf(':');
        bool bareV6 = colon > 0 && !rest.StartsWith('[') && rest.IndexOf(':', StringComparison.Ordinal) != colon;
        if (colon >= 0 && !rest.EndsWith(']') && !bareV6)
        {
            if (!int.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535)
            {
                return false;
            }

            rest = rest[..colon];
        }

        string host = rest.Trim('[', ']');
        if (host.Length == 0 || host.AsSpan().ContainsAny("/ \t"))
        {
            return false;
        }

        address = new ServerAddress(host, port, user, password);
        return true;
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
