using System.CommandLine;

namespace Causeway.Cli.Serve;

/// <summary>
/// What nats-server does differently from <c>causeway serve</c> when it starts: its defaults, and flags for a host or a port alone. Immutable.
/// </summary>
/// <param name="Host">The host that the command line gives; null for none.</param>
/// <param name="Port">The port that the command line gives; null for none.</param>
/// <param name="HttpPort">The port for monitoring that the command line gives; null for none.</param>
internal sealed record NatsServerStyle(string? Host, int? Port, int? HttpPort)
{
    private const string AllAddresses = "0.0.0.0";
    private const int ClientPort = 4222;

    /// <summary>The arguments that make <c>causeway serve</c> start as nats-server does, behind what command line and file say.</summary>
    public IEnumerable<string> ArgumentsBeside(ParseResult line, FileSettings? file)
    {
        string fromFile = file?.Options.GetValueOrDefault("--listen")?.Values[0] ?? $"{AllAddresses}:{ClientPort}";
        int colon = fromFile.LastIndexOf(':');
        string host = Host is { } given ? ListenAddress.Bracketed(given) : fromFile[..colon];
        string listen = $"{host}:{Port?.ToString(null, null) ?? fromFile[(colon + 1)..]}";
        bool httpInFile = file?.Options.ContainsKey("--http") == true;
        string? http = HttpPort is { } port ? (port == 0 ? "off" : $"{host}:{Math.Max(0, port)}") : httpInFile ? null : "off";
        return
        [
            "--listen", listen,
            .. http is null ? Array.Empty<string>() : ["--http", http],
            .. Has(line, file, "--log-format") ? Array.Empty<string>() : ["--log-format", "nats"],
        ];
    }

    private static bool Has(ParseResult line, FileSettings? file, string name) =>
        file?.Options.ContainsKey(name) == true || line.Tokens.Any(token => token.Value == name);
}
