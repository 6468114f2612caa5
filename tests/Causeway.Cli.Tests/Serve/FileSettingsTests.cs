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
        { "tls { cert_file: x }", "f.conf:1: 'tls' is not known here" },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void A_key_is_the_option_it_stands_for(string text, string option, string value) =>
        Assert.Equal(value, string.Join(' ', Read(text).Options[option]));

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
        Assert.Equal(21, settings.Options.Count);
        Assert.Equal(["media", "guest", "director"], settings.Access.Users.Select(user => user.Name));
        Assert.Single(settings.Access.Nkeys);
        Assert.Equal(("OPS", "guest", 40), (settings.Access.SystemTenant, settings.Access.NoAuthUser, settings.Access.Tenants["CALLS"].MaxMemoryPercent));
        Assert.Empty(Serve.Parse([.. settings.ArgumentsBeside(Serve.Parse([]))]).Errors);
    }

    private static FileSettings Read(string text) =>
        FileSettings.Read(new ConfigurationParser(_ => throw new IOException("no file"), _ => null).Parse("f.conf", text), Serve);
}
