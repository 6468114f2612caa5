using System.Net;

namespace Causeway.Cli.Serve;

/// <summary>Reads addresses to listen on: <c>127.0.0.1:4222</c>, <c>[::]:4222</c>, <c>localhost:0</c>, <c>*:4222</c>.</summary>
internal static class ListenAddress
{
    public const string Accepted = "accepted is IP:port, [IPv6]:port, localhost:port or *:port, with a port from 0 (any free one) to 65535";

    /// <summary>A host as it stands in front of a port.</summary>
    public static string Bracketed(string host) => host.Contains(':', StringComparison.Ordinal) && host[0] != '[' ? $"[{host}]" : host;

    public static bool TryParse(string text, out IPEndPoint address)
    {
        address = new IPEndPoint(IPAddress.Loopback, 0);
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), out ushort port))
        {
            return false;
        }

        string host = text[..colon];
        if (host == "localhost")
        {
            address = new IPEndPoint(IPAddress.Loopback, port);
            return true;
        }

        if (host == "*")
        {
            address = new IPEndPoint(IPAddress.IPv6Any, port);
            return true;
        }

        bool bracketed = host.StartsWith('[') && host.EndsWith(']');
        if (!IPAddress.TryParse(bracketed ? host[1..^1] : host, out IPAddress? ip) || bracketed != host.Contains(':', StringComparison.Ordinal))
        {
            return false;
        }

        address = new IPEndPoint(ip, port);
        return true;
    }
}
