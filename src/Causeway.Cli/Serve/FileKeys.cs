using Causeway.Cli.Logging;

namespace Causeway.Cli.Serve;

/// <summary>The keys of nats-server's configuration: what they are as options, and why some are refused.</summary>
internal static class FileKeys
{
    /// <summary>The block of the program's own options.</summary>
    public const string OwnBlock = "causeway";

    private const string Links = "nodes are linked by Causeway's own protocol: 'region', 'link_listen', 'peers' and 'remote' in the block 'causeway' (docs/regions.md)";
    private const string NoJetStream = "JetStream is not part of Causeway; take it out, or set it to false";
    private const string NoJwt = "JWTs are not supported; users stand in 'accounts' and 'authorization'";

    /// <summary>The options that stand for nats-server's keys.</summary>
    public static IReadOnlyDictionary<string, string> Options { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["server_name"] = "--name",
        ["client_advertise"] = "--client-advertise",
        ["max_payload"] = "--max-payload",
        ["max_pending"] = "--max-pending",
        ["max_control_line"] = "--max-control-line",
        ["max_connections"] = "--max-connections",
        ["max_conn"] = "--max-connections",
        ["max_subscriptions"] = "--max-subscriptions",
        ["max_subs"] = "--max-subscriptions",
        ["ping_interval"] = "--ping-interval",
        ["ping_max"] = "--max-pings-out",
        ["write_deadline"] = "--write-stall-timeout",
        ["lame_duck_duration"] = "--lame-duck-duration",
        ["lame_duck_grace_period"] = "--lame-duck-grace",
        ["log_file"] = "--log-file",
        ["logfile"] = "--log-file",
        ["log_size_limit"] = "--log-size-limit",
        ["max_traced_msg_len"] = "--max-traced-msg-len",
        ["pid_file"] = "--pid-file",
        ["pidfile"] = "--pid-file",
        ["ports_file_dir"] = "--ports-file-dir",
    };

    /// <summary>The keys that say where to listen.</summary>
    public static IReadOnlyList<string> Addresses { get; } = ["listen", "host", "net", "port", "http", "http_port", "monitor_port"];

    /// <summary>The keys that switch logging, each with its option and the option's values. Where <c>trace</c> and <c>trace_verbose</c> differ, that counts which logs more.</summary>
    public static IReadOnlyDictionary<string, (string Option, string Off, string On)> Switches { get; } = new Dictionary<string, (string, string, string)>(StringComparer.OrdinalIgnoreCase)
    {
        ["debug"] = ("--log-level", "Information", "Debug"),
        ["trace"] = (LogOptions.Protocol, "off", "on"),
        ["trace_verbose"] = (LogOptions.Protocol, "off", "verbose"),
        ["logtime"] = ("--log-time", "false", "true"),
    };

    /// <summary>Keys of nats-server that can't be taken, and what to do instead.</summary>
    public static IReadOnlyDictionary<string, string> Refused { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["cluster"] = Links,
        ["gateway"] = Links,
        ["jetstream"] = NoJetStream,
        ["store_dir"] = NoJetStream,
        ["mqtt"] = "MQTT is not supported; take it out",
        ["https"] = "monitoring over HTTPS is not supported; use 'http', with a proxy in front",
        ["https_port"] = "monitoring over HTTPS is not supported; use 'http_port', with a proxy in front",
        ["http_base_path"] = "pages have no base path; a proxy in front can add one",
        ["operator"] = NoJwt,
        ["operators"] = NoJwt,
        ["resolver"] = NoJwt,
        ["resolver_preload"] = NoJwt,
        ["trusted_keys"] = NoJwt,
        ["syslog"] = "the log goes to standard error or 'log_file', which systemd and containers pass on; take it out",
        ["remote_syslog"] = "the log goes to standard error or 'log_file', which systemd and containers pass on; take it out",
        ["prof_port"] = "there is no port for profiling; dotnet-counters and dotnet-trace attach to the process",
        ["mappings"] = "subject mappings are not supported; take them out",
        ["maps"] = "subject mappings are not supported; take them out",
        ["no_header_support"] = "headers can't be turned off; take it out",
        ["disable_sublist_cache"] = "the cache of routes can't be turned off; take it out",
        ["max_control_line_per_client"] = "there is one limit for all clients: 'max_control_line'",
    };

    /// <summary>Keys of <see cref="Refused"/> that may stand there as long as they are switched off.</summary>
    public static IReadOnlyList<string> Off { get; } = ["jetstream", "syslog", "no_header_support", "disable_sublist_cache"];
}
