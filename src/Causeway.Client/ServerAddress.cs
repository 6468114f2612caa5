using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Causeway.Client;

/// <summary>
/// Where a server listens and how it is spoken to: <c>nats://host:port</c>, or the same with <c>tls</c>, <c>ws</c> or <c>wss</c>. Immutable,
/// compared by value (host names without regard to case).
/// </summary>
public sealed class ServerAddress : IEquatable<ServerAddress>
{
    /// <summary>The port used where a text with the scheme <c>nats</c> or <c>tls</c> names none; <c>ws</c> has 80 and <c>wss</c> 443.</summary>
    public const int DefaultPort = 4222;

    private static readonly string[] SchemeNames = ["nats", "tls", "ws", "wss"];

    // RFC 1035: a host name has at most 253 characters.
    private const int HostLengthMax = 253;

    /// <summary>Creates an address from its parts.</summary>
    /// <param name="host">A host name or IP address; an IPv6 address without brackets.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="scheme">How the server is spoken to.</param>
    /// <exception cref="ArgumentException"><paramref name="host"/> is not a host name or IP address.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is out of range.</exception>
    public ServerAddress(string host, int port, ServerScheme scheme = ServerScheme.Nats)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        if (!IsHost(host))
        {
            throw new ArgumentException($"'{UrlSecrets.Hide(host)}' is not a host name or IP address", nameof(host));
        }

        Host = host;
        Port = port;
        Scheme = scheme;
    }

    /// <summary>A host name or IP address; an IPv6 address without brackets.</summary>
    public string Host { get; }

    /// <summary>The TCP port.</summary>
    public int Port { get; }

    /// <summary>How the server is spoken to.</summary>
    public ServerScheme Scheme { get; }

    /// <summary>What to prove oneself with there, if the text that was read had it. No part of the address otherwise: neither compared nor shown.</summary>
    internal ClientCredentials? Credentials { get; private init; }

    /// <summary>Whether both are the same address.</summary>
    public static bool operator ==(ServerAddress? left, ServerAddress? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether the addresses differ.</summary>
    public static bool operator !=(ServerAddress? left, ServerAddress? right) => !(left == right);

    /// <summary>
    /// Reads <c>nats://host:port</c>, or the same with <c>tls</c>, <c>ws</c> or <c>wss</c>; the scheme may be absent, and the port, which then
    /// is the scheme's usual one. IPv6 addresses stand in brackets. Before the host may stand <c>user:password@</c> or <c>token@</c>.
    /// </summary>
    /// <param name="text">The text to read.</param>
    /// <param name="address">The address, where the text is one.</param>
    /// <param name="problem">What is wrong with the text, as the end of a sentence that begins with it; null on success.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ServerAddress? address, [NotNullWhen(false)] out string? problem) =>
        TryParse(text, ServerScheme.Nats, out address, out problem);

    /// <summary>Reads an address as the public method does; a text without a scheme has <paramref name="scheme"/>.</summary>
    internal static bool TryParse(
        string? text, ServerScheme scheme, [NotNullWhen(true)] out ServerAddress? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        int schemeEnd = rest.IndexOf("://", StringComparison.Ordinal);
        if (schemeEnd >= 0)
        {
            string name = rest[..schemeEnd].ToString();
            int known = Array.FindIndex(SchemeNames, accepted => accepted.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (known < 0)
            {
                problem = $"{(Uri.CheckSchemeName(name) ? $"has the scheme '{name}'" : "begins with no scheme")}; accepted are nats, tls, ws and wss";
                return false;
            }

            scheme = (ServerScheme)known;
            rest = rest[(schemeEnd + 3)..];
        }

        ClientCredentials? credentials = null;
        int at = rest.LastIndexOf('@');
        if (at >= 0)
        {
            credentials = ClientCredentials.Read(rest[..at]);
            if (credentials is null)
            {
                problem = "has an @ without credentials before it; accepted is user:password@ or token@";
                return false;
            }

            rest = rest[(at + 1)..];
        }

        rest = rest.TrimEnd('/');
        if (!TrySplit(rest, out ReadOnlySpan<char> host, out ReadOnlySpan<char> portText) || !IsHost(host))
        {
            problem = "is not of the form nats://host:port";
            return false;
        }

        int port = UsualPort(scheme);
        if (!portText.IsEmpty
            && (!int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535))
        {
            // What is no number may be the password of an address that lacks its host.
            problem = UrlSecrets.IsPort(portText) ? $"has the port '{portText}'; a port is from 1 to 65535" : "has no port behind its colon; a port is from 1 to 65535";
            return false;
        }

        address = new ServerAddress(host.ToString(), port, scheme) { Credentials = credentials };
        problem = null;
        return true;
    }

    /// <summary>Reads an address as <see cref="TryParse(string?, out ServerAddress?, out string?)"/> does.</summary>
    /// <exception cref="FormatException">The text is not an address; the message says why.</exception>
    public static ServerAddress Parse(string text) =>
        TryParse(text, out ServerAddress? address, out string? problem) ? address : throw new FormatException($"server address '{UrlSecrets.Hide(text)}' {problem}");

    /// <inheritdoc/>
    public bool Equals(ServerAddress? other) =>
        other is not null && Port == other.Port && Scheme == other.Scheme && string.Equals(Host, other.Host, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ServerAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(Host), Port, Scheme);

    /// <summary>The address as <c>scheme://host:port</c>, which <see cref="Parse"/> reads back.</summary>
    public override string ToString() =>
        Host.Contains(':', StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"{SchemeNames[(int)Scheme]}://[{Host}]:{Port}")
            : string.Create(CultureInfo.InvariantCulture, $"{SchemeNames[(int)Scheme]}://{Host}:{Port}");

    private static int UsualPort(ServerScheme scheme) => scheme switch
    {
        ServerScheme.WebSocket => 80,
        ServerScheme.SecureWebSocket => 443,
        _ => DefaultPort,
    };

    /// <summary>Splits <c>host</c>, <c>host:port</c>, <c>[v6]</c> or <c>[v6]:port</c>; a colon demands a port after it.</summary>
    private static bool TrySplit(ReadOnlySpan<char> text, out ReadOnlySpan<char> host, out ReadOnlySpan<char> port)
    {
        host = text;
        port = default;
        int colon = -1;
        if (text.StartsWith("["))
        {
            int close = text.IndexOf(']');
            if (close < 0)
            {
                return false;
            }

            host = text[1..close];
            if (close == text.Length - 1)
            {
                return host.Contains(':');
            }

            colon = close + 1;
            if (text[colon] != ':' || !host.Contains(':'))
            {
                return false;
            }
        }
        else
        {
            colon = text.IndexOf(':');
            if (colon < 0)
            {
                return true;
            }

            host = text[..colon];
        }

        port = text[(colon + 1)..];
        return !port.IsEmpty;
    }

    private static bool IsHost(ReadOnlySpan<char> host)
    {
        if (host.IsEmpty || host.Length > HostLengthMax)
        {
            return false;
        }

        if (host.Contains(':'))
        {
            return System.Net.IPAddress.TryParse(host, out _);
        }

        foreach (char c in host)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('-' or '.' or '_'))
            {
                return false;
            }
        }

        return true;
    }
}
