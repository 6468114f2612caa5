using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Causeway.Client.Hosting;

/// <summary>
/// Reads a client's options from configuration. Keys: <c>Servers</c> (a list, or one text separated by commas), <c>Name</c>, <c>User</c> and
/// <c>Password</c>, <c>Token</c>, <c>NkeyFile</c>, <c>CredentialsFile</c>, <c>ConnectTimeout</c>, <c>RequestTimeout</c>, <c>PingInterval</c>,
/// <c>Echo</c>, <c>OutboundBytesMax</c>, <c>DrainTimeout</c>, <c>Directors</c>, <c>Reconnect:DelayMin</c>, <c>Reconnect:DelayMax</c>,
/// <c>Tls:CaFile</c>, <c>Tls:CertificateFile</c>, <c>Tls:KeyFile</c>, <c>Tls:ServerName</c>, <c>Tls:HandshakeFirst</c>. Times are
/// <c>00:00:05</c>.
/// </summary>
public static class ClientConfiguration
{
    private static readonly string[] Known =
    [
        "Servers", "Name", "User", "Password", "Token", "NkeyFile", "CredentialsFile", "ConnectTimeout", "RequestTimeout", "PingInterval", "Echo",
        "OutboundBytesMax", "DrainTimeout", "Directors", "Reconnect", "Tls",
    ];

    private static readonly string[] Proofs = ["User", "Token", "NkeyFile", "CredentialsFile"];
    private static readonly string[] KnownOfReconnect = ["DelayMin", "DelayMax"];
    private static readonly string[] KnownOfTls = ["CaFile", "CertificateFile", "KeyFile", "ServerName", "HandshakeFirst"];

    /// <summary>Reads a section; keys that are absent leave the defaults.</summary>
    /// <exception cref="ArgumentException">A key is not known or its value is wrong; the message names the key and what is accepted, and no secret.</exception>
    public static ClientHostingOptions Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        CheckKeys(configuration, Known);
        BusClientOptions client = new();
        ClientHostingOptions hosting = new();
        string[] servers = List(configuration, "Servers");
        string[] directors = List(configuration, "Directors");
        client = client with
        {
            Servers = servers.Length == 0 ? client.Servers : [.. servers.Select(ReadServer)],
            Name = configuration["Name"],
            Credentials = ReadCredentials(configuration),
            ConnectTimeout = Time(configuration, "ConnectTimeout") ?? client.ConnectTimeout,
            RequestTimeout = Time(configuration, "RequestTimeout") ?? client.RequestTimeout,
            PingInterval = Time(configuration, "PingInterval") ?? client.PingInterval,
            Echo = Flag(configuration, "Echo") ?? client.Echo,
            OutboundBytesMax = Number(configuration, "OutboundBytesMax") ?? client.OutboundBytesMax,
            Director = directors.Length == 0 ? null : new FollowOptions { Directors = [.. directors.Select(ReadDirector)] },
            Reconnect = ReadReconnect(configuration.GetSection("Reconnect")),
            Tls = ReadTls(configuration.GetSection("Tls")),
        };
        client.Validate();
        return hosting with { Client = client, DrainTimeout = Time(configuration, "DrainTimeout") ?? hosting.DrainTimeout };
    }

    private static ServerAddress ReadServer(string text) =>
        ServerAddress.TryParse(text, out ServerAddress? address, out string? problem)
            ? address
            : throw new ArgumentException($"Servers: '{UrlSecrets.Hide(text)}' {problem}");

    private static Uri ReadDirector(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) ? uri : throw Wrong("Directors", UrlSecrets.Hide(text), "http://host:port");

    private static ClientCredentials? ReadCredentials(IConfiguration from)
    {
        string[] given = [.. Proofs.Where(key => !string.IsNullOrEmpty(from[key]))];
        if (given.Length > 1)
        {
            throw new ArgumentException($"{string.Join(" and ", given)} exclude each other");
        }

        if (from["Password"] is not null && given is not ["User"])
        {
            throw new ArgumentException("Password needs User");
        }

        return given switch
        {
            ["User"] => ClientCredentials.ForUser(from["User"]!, from["Password"] ?? string.Empty),
            ["Token"] => ClientCredentials.ForToken(from["Token"]!),
            ["NkeyFile"] => ClientCredentials.ForNkeyFile(from["NkeyFile"]!),
            ["CredentialsFile"] => ClientCredentials.ForCredentialsFile(from["CredentialsFile"]!),
            _ => null,
        };
    }

    private static ReconnectOptions ReadReconnect(IConfigurationSection from)
    {
        CheckKeys(from, KnownOfReconnect);
        ReconnectOptions usual = new();
        return usual with { DelayMin = Time(from, "DelayMin") ?? usual.DelayMin, DelayMax = Time(from, "DelayMax") ?? usual.DelayMax };
    }

    private static ClientTlsOptions? ReadTls(IConfigurationSection from)
    {
        CheckKeys(from, KnownOfTls);
        return !from.Exists() ? null : new ClientTlsOptions
        {
            CaFile = from["CaFile"],
            CertificateFile = from["CertificateFile"],
            KeyFile = from["KeyFile"],
            ServerName = from["ServerName"],
            HandshakeFirst = Flag(from, "HandshakeFirst") ?? false,
        };
    }

    private static void CheckKeys(IConfiguration from, string[] known)
    {
        foreach (IConfigurationSection child in from.GetChildren())
        {
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                throw new ArgumentException($"'{child.Path}' is not known; accepted are {string.Join(", ", known)}");
            }
        }
    }

    private static string[] List(IConfiguration from, string key)
    {
        IConfigurationSection section = from.GetSection(key);
        return section.Value is { } text
            ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [.. section.GetChildren().Select(child => child.Value).OfType<string>()];
    }

    private static TimeSpan? Time(IConfiguration from, string key) =>
        from[key] is not { } text ? null
        : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan value) ? value
        : throw Wrong(key, text, "a time as 00:00:05");

    private static bool? Flag(IConfiguration from, string key) =>
        from[key] is not { } text ? null : bool.TryParse(text, out bool value) ? value : throw Wrong(key, text, "true or false");

    private static int? Number(IConfiguration from, string key) =>
        from[key] is not { } text ? null
        : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? value
        : throw Wrong(key, text, "a whole number");

    private static ArgumentException Wrong(string key, string text, string accepted) => new($"{key}: '{text}' is wrong; accepted is {accepted}");
}
