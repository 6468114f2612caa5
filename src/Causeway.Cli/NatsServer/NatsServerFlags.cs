using System.Globalization;
using Causeway.Cli.Output;
using Causeway.Cli.Serve;

namespace Causeway.Cli.NatsServer;

/// <summary>
/// A command line of nats-server (2.9) as one of <c>causeway serve</c>. Flags that can't be taken are refused with a line that says what
/// to do instead. Immutable.
/// </summary>
internal sealed class NatsServerFlags
{
    private const string Links = "nodes are linked by Causeway's own protocol: 'region', 'link_listen' and 'peers' in the block 'causeway' of the configuration file (docs/regions.md)";
    private const string NoJetStream = "JetStream is not part of Causeway";
    private const string NoSyslog = "the log goes to standard error or --log, which systemd and containers pass on";

    /// <summary>Every flag: what it is called, whether it is a switch, and its other names.</summary>
    private static readonly (string Flag, bool IsSwitch, string[] Others)[] All =
    [
        ("addr", false, ["a", "net"]), ("port", false, ["p"]), ("name", false, ["n", "server_name"]), ("pid", false, ["P"]), ("http_port", false, ["m"]),
        ("https_port", false, ["ms"]), ("config", false, ["c"]), ("t", true, []), ("signal", false, ["sl"]), ("client_advertise", false, []),
        ("ports_file_dir", false, []), ("log", false, ["l"]), ("logtime", true, ["T"]), ("syslog", true, ["s"]), ("remote_syslog", false, ["r"]),
        ("debug", true, ["D"]), ("trace", true, ["V"]), ("VV", true, []), ("DV", true, []), ("DVV", true, []), ("log_size_limit", false, []),
        ("max_traced_msg_len", false, []), ("jetstream", true, ["js"]), ("store_dir", false, ["sd"]), ("user", false, []), ("pass", false, []),
        ("auth", false, []), ("tls", true, []), ("tlscert", false, []), ("tlskey", false, []), ("tlsverify", true, []), ("tlscacert", false, []),
        ("routes", false, []), ("cluster", false, []), ("cluster_name", false, []), ("no_advertise", true, []), ("cluster_advertise", false, []),
        ("connect_retries", false, []), ("cluster_listen", false, []), ("profile", false, []), ("help", true, ["h"]), ("version", true, ["v"]),
        ("help_tls", true, []),
    ];

    private static readonly Dictionary<string, (string Flag, bool IsSwitch)> Names =
        All.SelectMany(flag => flag.Others.Append(flag.Flag).Select(name => (name, flag))).ToDictionary(pair => pair.name, pair => (pair.flag.Flag, pair.flag.IsSwitch), StringComparer.Ordinal);

    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["https_port"] = "monitoring over HTTPS is not supported; use --http_port, with a proxy in front",
        ["syslog"] = NoSyslog,
        ["remote_syslog"] = NoSyslog,
        ["jetstream"] = NoJetStream,
        ["store_dir"] = NoJetStream,
        ["routes"] = Links,
        ["cluster"] = Links,
        ["cluster_name"] = Links,
        ["no_advertise"] = Links,
        ["cluster_advertise"] = Links,
        ["connect_retries"] = Links,
        ["cluster_listen"] = Links,
        ["profile"] = "there is no port for profiling; dotnet-counters and dotnet-trace attach to the process",
    };

    /// <summary>Flags that are options of <c>causeway serve</c> as they are.</summary>
    private static readonly (string Flag, string Option)[] Same =
    [
        ("name", "--name"), ("pid", "--pid-file"), ("config", "--config"), ("client_advertise", "--client-advertise"), ("ports_file_dir", "--ports-file-dir"),
        ("log", "--log-file"), ("logtime", "--log-time"), ("log_size_limit", "--log-size-limit"), ("max_traced_msg_len", "--max-traced-msg-len"), ("user", "--user"), ("pass", "--pass"), ("auth", "--auth"),
        ("tlscert", "--tls-cert"), ("tlskey", "--tls-key"), ("tlscacert", "--tls-ca"), ("tlsverify", "--tls-verify"),
    ];

    private readonly GoFlags _flags;

    /// <summary>Reads a command line.</summary>
    public NatsServerFlags(IReadOnlyList<string> args)
    {
        _flags = new GoFlags(args, name => Names.TryGetValue(name, out (string, bool) flag) ? flag : null);
        Fault = _flags.Fault is { } fault ? fault + "; nats-server -h lists what is accepted" : RefusedFlag() ?? Check();
    }

    /// <summary>What is wrong, null if nothing is.</summary>
    public string? Fault { get; }

    public bool WantsHelp => _flags.Fault is null && (_flags.IsOn("help") || _flags.IsOn("help_tls") || _flags.Rest is ["help", ..]);

    public bool WantsVersion => _flags.Fault is null && (_flags.IsOn("version") || _flags.Rest is ["version", ..]);

    /// <summary>Whether the configuration is only to be looked at.</summary>
    public bool OnlyTests => _flags.IsOn("t");

    /// <summary>The configuration file; empty for none.</summary>
    public string Config => _flags["config"] ?? "";

    /// <summary>The signal to send, <c>name</c> or <c>name=process</c>; null for none.</summary>
    public string? Signal => _flags["signal"];

    /// <summary>How nats-server starts with these flags.</summary>
    public NatsServerStyle Style => new(_flags["addr"], PortOf("port"), PortOf("http_port"));

    /// <summary>The options of <c>causeway serve</c> that the flags stand for.</summary>
    public IReadOnlyList<string> Arguments =>
    [
        .. Same.Where(same => _flags[same.Flag] is not null).SelectMany(same => (string[])[same.Option, _flags[same.Flag]!]),
        .. AnyIsOn("debug", "DV", "DVV") ? (string[])["--log-level", "Debug"] : [],
        .. AnyIsOn("VV", "DVV") ? (string[])["--log-protocol", "verbose"] : AnyIsOn("trace", "DV") ? ["--log-protocol", "on"] : [],
    ];

    private bool AnyIsOn(params ReadOnlySpan<string> flags)
    {
        foreach (string flag in flags)
        {
            if (_flags.IsOn(flag))
            {
                return true;
            }
        }

        return false;
    }

    private string? RefusedFlag()
    {
        string? given = _flags.Given.FirstOrDefault(flag => Refused.ContainsKey(flag) && _flags[flag] != "false");
        return given is null ? null : $"'-{given}' can't be taken: {Refused[given]}";
    }

    private string? Check()
    {
        foreach (string flag in (string[])["port", "http_port"])
        {
            if (_flags[flag] is { } text && !(int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int port) && port is >= -1 and <= ushort.MaxValue))
            {
                return $"'-{flag} {ShownWord.Of(text)}' can't be read; accepted is a port from 0 to {ushort.MaxValue}, or -1 for any free one";
            }
        }

        if (_flags["addr"] is { } host && !ListenAddress.TryParse($"{ListenAddress.Bracketed(host)}:0", out _))
        {
            return $"'-addr {ShownWord.Of(host)}' can't be read; accepted is an IP address or localhost";
        }

        if ((_flags.IsOn("tls") || _flags.IsOn("tlsverify")) && Config.Length == 0 && (_flags["tlscert"] is null || _flags["tlskey"] is null))
        {
            return "-tls needs --tlscert and --tlskey, the files with the certificate and its key";
        }

        if (OnlyTests && Config.Length == 0)
        {
            return "-t needs --config, the file to test";
        }

        return _flags.Rest is [var word, ..] && word is not ("help" or "version") ? $"'{ShownWord.Of(word)}' is not a flag or a command; accepted are flags, help and version" : null;
    }

    /// <summary>The port that a flag names: -1 for any free one; null if it was not given. As with nats-server, 0 is the default.</summary>
    private int? PortOf(string flag) => _flags[flag] is { } text && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int port)
        ? flag == "port" && port == 0 ? null : flag == "port" ? Math.Max(0, port) : port
        : null;
}
