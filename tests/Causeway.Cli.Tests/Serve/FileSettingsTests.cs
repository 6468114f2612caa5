using System.CommandLine;
using Causeway.Bus.Configuration.Syntax;
using Causeway.Cli.Serve;
using Xunit;

namespace Causeway.Cli.Tests.Serve;

/// <summary>A configuration file as options of <c>causeway serve</c>; what is wrong is named with its place, and with what is accepted.</summary>
public sealed class FileSettingsTests
{
    private static readonly Command Serve = ServeCommand.Create();

    public static TheoryData<string, string, string> Known => new()
    {
        { "listen: 127.0.0.1:4333", "--listen", "127.0.0.1:4333" },
        { "port: 4333", "--listen", "0.0.0.0:4333" },
        { "listen: 4333", "--listen", "0.0.0.0:4333" },
        { "port: 4333\nhost: localhost", "--listen", "localhost:4333" },
        { "net: \"::1\"", "--listen", "[::1]:4222" },
        { "port: -1", "--listen", "0.0.0.0:0" },
        { "http: 8333", "--http", "0.0.0.0:8333" },
        { "http_port: 8333\nhost: 127.0.0.1", "--http", "127.0.0.1:8333" },
        { "http: 8333\nlisten: \"127.0.0.1:4333\"", "--http", "127.0.0.1:8333" },
        { "http_port: -1", "--http", "0.0.0.0:0" },
        { "log_file: /var/log/x.log", "--log-file", "/var/log/x.log" },
        { "logfile: x.log", "--log-file", "x.log" },
        { "log_size_limit: 1MB", "--log-size-limit", "1048576" },
        { "logtime: off", "--log-time", "false" },
        { "trace: true", "--log-protocol", "on" },
        { "trace: false", "--log-protocol", "off" },
        { "trace_verbose: true", "--log-protocol", "verbose" },
        { "trace_verbose: true\ntrace: true", "--log-protocol", "verbose" },
        { "trace: true\ntrace_verbose: true", "--log-protocol", "verbose" },
        { "trace: true\ntrace_verbose: false", "--log-protocol", "on" },
        { "trace_verbose: false\ntrace: true", "--log-protocol", "on" },
        { "trace: true\ntrace: false", "--log-protocol", "off" },
        { "trace: true\ndebug: false", "--log-level", "Information" },
        { "max_traced_msg_len: 100", "--max-traced-msg-len", "100" },
        { "debug: true\ntrace: false", "--log-level", "Debug" },
        { "pid_file: /run/x.pid", "--pid-file", "/run/x.pid" },
        { "ports_file_dir: /run", "--ports-file-dir", "/run" },
        { "http: localhost:8333", "--http", "localhost:8333" },
        { "monitor_port: 8333", "--http", "0.0.0.0:8333" },
        { "server_name: n1", "--name", "n1" },
        { "max_payload: 1MB", "--max-payload", "1048576" },
        { "MAX_PAYLOAD = 1m", "--max-payload", "1000000" },
        { "max_conn: 10", "--max-connections", "10" },
        { "ping_interval: 30", "--ping-interval", "30s" },
        { "ping_interval: \"1m30s\"", "--ping-interval", "1m30s" },
        { "ping_max: 3", "--max-pings-out", "3" },
        { "write_deadline: 0.5", "--write-stall-timeout", "0.5s" },
        { "debug: true", "--log-level", "Debug" },
        { "causeway { memory_limit: 2GiB }", "--memory-limit", "2147483648" },
        { "tls { cert_file: c.pem, key_file: k.pem }", "--tls-cert", "c.pem" },
        { "tls { cert_file: c, key_file: k.pem, ca_file: a }", "--tls-key", "k.pem" },
        { "tls { cert_file: c, key_file: k, ca_file: a.pem }", "--tls-ca", "a.pem" },
        { "tls { cert_file: c, key_file: k, verify: true }", "--tls-verify", "true" },
        { "tls { cert_file: c, key_file: k, verify_and_map: true }", "--tls-map", "true" },
        { "tls { cert_file: c, key_file: k, timeout: 0.5 }", "--tls-timeout", "0.5s" },
        { "tls { cert_file: c, key_file: k, handshake_first: true }", "--tls-handshake-first", "true" },
        { "tls { cert_file: c, key_file: k, min_version: \"1.3\" }", "--tls-min-version", "1.3" },
        { "allow_non_tls: true", "--allow-non-tls", "true" },
        { "websocket { port: 8080 }", "--websocket-listen", "0.0.0.0:8080" },
        { "websocket { host: \"::1\", port: -1 }", "--websocket-listen", "[::1]:0" },
        { "websocket { listen: \"127.0.0.1:8080\", no_tls: true }", "--websocket-no-tls", "true" },
        { "websocket { port: 1, tls { cert_file: c.pem } }", "--websocket-tls-cert", "c.pem" },
        { "websocket { port: 1, same_origin: true }", "--websocket-same-origin", "true" },
        { "websocket { port: 1, allowed_origins: [\"http://a\", \"https://b:8443\"] }", "--websocket-allowed-origins", "http://a,https://b:8443" },
        { "websocket { port: 1, compression: true }", "--websocket-compression", "true" },
        { "websocket { port: 1, handshake_timeout: 3 }", "--websocket-handshake-timeout", "3s" },
        { "causeway { region: us }", "--region", "us" },
        { "causeway { remote: [\"a=1.2.3.4:5\", \"b=1.2.3.4:6\"] }", "--remote", "a=1.2.3.4:5 b=1.2.3.4:6" },
        { "SIZE: 2MB\nmax_payload: $SIZE", "--max-payload", "2097152" },
    };

    public static TheoryData<string, string> Wrong => new()
    {
        { "bogus: 1", "f.conf:1: 'bogus' is not known here; accepted are listen, " },
        { "\nport: abc", "f.conf:2: 'port' is a text that can't be taken; accepted is a whole number from -1 to 65535" },
        { "max_payload: 65MB", "f.conf:1: 'max_payload': '68157440' is too large; accepted is a number of bytes" },
        { "ping_interval: soon", "f.conf:1: 'ping_interval': 'soon' can't be read; accepted is a duration" },
        { "listen: nowhere", "f.conf:1: 'listen': 'nowhere' is no address; accepted is IP:port" },
        { "causeway { bogus: 1 }", "f.conf:1: 'bogus' is not known here; accepted are loops, " },
        { "causeway { config: x }", "f.conf:1: 'config' is not known here" },
        { "causeway { pass: x }", "f.conf:1: 'pass' is not known here" },
        { "causeway: 1", "f.conf:1: 'causeway' is a whole number that can't be taken; accepted is a block in braces" },
        { "causeway {\n region: \"a b\" }", "f.conf:2: 'region': 'a b' can't be read" },
        { "debug: maybe", "f.conf:1: 'debug' is a text that can't be taken; accepted is true or false" },
        { "websocket { no_tls: true }", "f.conf:1: 'websocket' has no address; accepted is 'port' or 'listen'" },
        { "websocket { port: 1, allowed_origins: \"ftp://a\" }", "f.conf:1: 'allowed_origins': 'ftp://a' can't be read; accepted is http or https with a host and perhaps a port, as https://example.com:8443" },
        { "tls { cert_file: x }", "f.conf:1: 'tls' has no key_file; both are needed" },
        { "tls {\n bogus: x }", "f.conf:2: 'bogus' is not known here; accepted are cert_file, key_file, ca_file, " },
        { "tls { verify: 1 }", "f.conf:1: 'verify' is a whole number that can't be taken; accepted is true or false" },
        { "tls { cert_file: c, key_file: k, timeout: soon }", "f.conf:1: 'timeout': 'soon' can't be read; accepted is a duration" },
        { "tls { cert_file: c, key_file: k, min_version: \"1.1\" }", "f.conf:1: 'min_version': '1.1' can't be read; accepted is 1.2 or 1.3" },
        { "\ncluster { port: 6222 }", "f.conf:2: 'cluster' can't be taken: nodes are linked by Causeway's own protocol" },
        { "jetstream { store_dir: x }", "f.conf:1: 'jetstream' can't be taken: JetStream is not part of Causeway" },
        { "jetstream: true", "f.conf:1: 'jetstream' can't be taken" },
        { "https_port: 8443", "f.conf:1: 'https_port' can't be taken: monitoring over HTTPS is not supported" },
        { "mqtt { port: 1883 }", "f.conf:1: 'mqtt' can't be taken: MQTT is not supported" },
        { "resolver: MEMORY", "f.conf:1: 'resolver' can't be taken: JWTs are not supported" },
        { "logtime: maybe", "f.conf:1: 'logtime' is a text that can't be taken; accepted is true or false" },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void A_key_is_the_option_it_stands_for(string text, string option, string value) =>
        Assert.Equal(value, string.Join(' ', Read(text).Options[option].Values));

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_named(string text, string problem)
    {
        ConfigurationException fault = Assert.Throws<ConfigurationException>(() => Read(text));
        Assert.StartsWith(problem, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void The_command_line_goes_before_the_file()
    {
        ParseResult line = Serve.Parse(["--max-payload", "2MiB", "--name=x"]);
        FileSettings settings = Read("max_payload: 1MB\nserver_name: y\nmax_connections: 7\ncauseway { remote: [\"a=1.2.3.4:5\", \"b=1.2.3.4:6\"] }");
        Assert.Equal(
            ["--max-connections", "7", "--remote", "a=1.2.3.4:5", "--remote", "b=1.2.3.4:6"],
            settings.ArgumentsBeside(line));
    }

    [Fact]
    public void What_is_switched_off_may_stand_there() => Assert.Empty(Read("jetstream: disabled\nsyslog: false").Options);

    [Fact]
    public void Every_fault_is_found_in_the_order_of_lines()
    {
        ConfigurationFaults faults = new();
        FileSettings.Read(Parse("port: abc\nbogus: 1\nmax_payload: 65MB\ncausewax: 1\ncauseway {\n loops: x\n nope: 1\n}\nauthorization { users: 1 }"), Serve, faults);
        Assert.Equal([1, 2, 3, 4, 6, 7, 9], faults.Kept.Select(fault => fault.Place.Line));
    }

    [Fact]
    public void A_fault_of_several_settings_is_told_with_the_place_of_the_one_that_it_names() => Assert.Equal(
        "f.conf:2: 'max_pending': max-pending is 5000; accepted is at least max-payload (1048576)",
        Read("\nmax_pending: 5000").Placed("max-pending is 5000; accepted is at least max-payload (1048576)"));

    [Fact]
    public void What_changed_is_told_by_name() =>
        Assert.Equal(["--max-payload", "--name"], Read("max_payload: 1MB\nping_max: 2").Differing(Read("ping_max: 2\nserver_name: x")));

    [Fact]
    public void The_example_of_the_documentation_can_be_read()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "docs", "causeway.conf")))
        {
            folder = folder.Parent;
        }

        string path = Path.Combine(folder.FullName, "docs", "causeway.conf");
        ConfigurationParser parser = new(File.ReadAllText, name => name == "DIRECTOR_PASSWORD" ? "secret" : null);
        FileSettings settings = FileSettings.Read(parser.ParseFile(path), Serve);
        Assert.Equal(40, settings.Options.Count);
        Assert.Equal(["media", "guest", "director"], settings.Access.Users.Select(user => user.Name));
        Assert.Single(settings.Access.Nkeys);
        Assert.Equal(("OPS", "guest", 40), (settings.Access.SystemTenant, settings.Access.NoAuthUser, settings.Access.Tenants["CALLS"].MaxMemoryPercent));
        Assert.Empty(Serve.Parse([.. settings.ArgumentsBeside(Serve.Parse([]))]).Errors);
    }

    private static FileSettings Read(string text) =>
        FileSettings.Read(Parse(text), Serve);

    private static ConfigurationBlock Parse(string text) => new ConfigurationParser(_ => throw new IOException("no file"), _ => null).Parse("f.conf", text);
}
