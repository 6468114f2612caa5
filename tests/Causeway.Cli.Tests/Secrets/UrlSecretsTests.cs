using System.CommandLine;
using Causeway.Cli.Execution;
using Causeway.Cli.Tests.Programs;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Cli.Tests.Secrets;

/// <summary>URLs with passwords in every place of a command line, of the environment and of a configuration file: no error line has one.</summary>
public sealed class UrlSecretsTests
{
    private const string Secret = "s3cr3t";

    private static readonly string[] Urls =
    [
        "nats://ann:s3cr3t@bus:70000", "nasts://ann:s3cr3t@bus:4222", "nats:/ann:s3cr3t@bus:4222", "ann:s3cr3t@bus:4222", "http://s3cr3t@bus:x/", "nats://ann:s3cr3t",
        "http://ann:s3cr3t@127.0.0.1:8222", "nats://ann:a s3cr3t@bus:1", "nats://ann:a's3cr3t@bus", "x=nats://ann:s3cr3t@bus", "redis://:s3cr3t@bus:1", "https://bus/?token=s3cr3t",
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_option_and_argument_of_every_command_hides_them()
    {
        RootCommand root = AllCommands.Create();
        int told = 0;
        foreach ((string[] path, Command command) in Commands(root, []))
        {
            foreach (string url in Urls)
            {
                IEnumerable<string[]> lines = command.Options.SelectMany(option => (string[][])[[option.Name, url], [$"{option.Name}={url}"]])
                    .Append([url]).Append([url, url]).Append([url, url, url]).Append(["--no-such-option", url]).Append([$"--no-such-option={url}"]);
                foreach (string[] line in lines)
                {
                    if (CommandRunner.UsageLine(root.Parse([.. path, .. line])) is { } error)
                    {
                        told++;
                        Assert.DoesNotContain(Secret, error, StringComparison.Ordinal);
                    }
                }
            }
        }

        Assert.InRange(told, 1000, int.MaxValue);
    }

    [Theory]
    [InlineData("CAUSEWAY_SERVER", "sub", "a")]
    [InlineData("NATS_URL", "sub", "a")]
    [InlineData("CAUSEWAY_HTTP", "links")]
    [InlineData("CAUSEWAY_STORE", "director")]
    [InlineData("CAUSEWAY_ADVERTISE_URL", "director")]
    [InlineData("CAUSEWAY_DIRECTOR", "drain", "region", "a")]
    [InlineData("CAUSEWAY_OTLP_ENDPOINT", "serve")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "serve")]
    public async Task Every_variable_of_the_environment_that_is_a_URL_hides_them(string variable, params string[] line)
    {
        await using CausewayProcess process = CausewayProcess.StartIn([(variable, "nasts://ann:s3cr3t@bus:4222")], line);
        ProgramResult result = await process.EndAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{variable}: 'nasts://***@bus:4222'", Assert.Single(result.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_found_wrong_only_when_a_node_or_director_starts_hides_them()
    {
        ProgramResult node = await CausewayProcess.RunAsync(
            null,
            [
                "serve", "--region", "a", "--leaf-remote", "ftp://ann:s3cr3t@bus:7422", "--leaf-remote", "nats:/ann:s3cr3t@bus", "--alarm-webhook", "htp://ann:s3cr3t@bus/s3cr3t",
                "--remote", "b=nats://ann:s3cr3t@bus", "--remote", "nats://ann:s3cr3t@bus:1",
            ]);
        AssertFaults(node, 5, "--leaf-remote: 'ftp://***@bus:7422' is no address of a hub", "--alarm-webhook: 'htp://***@bus/***' is no address");

        ProgramResult director = await CausewayProcess.RunAsync(
            null,
            [
                "director", "--region-url", "a=ftp//ann:s3cr3t@bus", "--region-url", "a=https://ann:s3cr3t@bus", "--region-location", "a=nats://ann:s3cr3t@bus",
                "--region-network", "nats://ann:s3cr3t@bus=a", "--alarm-webhook", "ann:s3cr3t@bus",
            ]);
        AssertFaults(director, 5, "--region-url: 'a=https://***@bus' can't be read");
    }

    [Fact]
    public async Task A_configuration_file_hides_them()
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "f.conf");
        await File.WriteAllTextAsync(
            file,
            """
            listen: "nats://ann:s3cr3t@bus:4222"
            http: "http://ann:s3cr3t@bus:x"
            client_advertise: "nats://ann:s3cr3t@bus:x"
            leafnodes {
              listen: "nats-leaf://ann:s3cr3t@bus:7422"
              remotes: [
                { url: "ftp://ann:s3cr3t@bus" }
                { urls: ["nats-leaf://a:s3cr3t@bus:1", "nats-leaf:/b:s3cr3t@bus:1"] }
                { url: nats-leaf://ann:un s3cr3t@bus:1 }
              ]
            }
            websocket { listen: "ws://ann:s3cr3t@bus", allowed_origins: ["ftp://ann:s3cr3t@bus"], advertise: "wss://ann:s3cr3t@bus:x" }
            causeway {
              otlp_endpoint: "http://ann:s3cr3t@bus:4318"
              peers: "nats://ann:s3cr3t@bus:x"
              loops: "nats://ann:s3cr3t@bus"
            }
            authorization { users: [ { user: ann, password: un s3cr3t x } { nkey: SUAEL2E6CT66OQFWX6WEI52UVBREN2WZCPQAVRGKFFBB7TJ3ELG5GKAFWY } ] }
            """,
            Cancelled);

        ProgramResult checkedFile = await CausewayProcess.RunAsync(null, ["config", "check", file]);
        Assert.Equal(1, checkedFile.ExitCode);
        Assert.InRange(checkedFile.Errors.Length, 10, 21);
        Assert.All(checkedFile.Errors, line => Assert.True(
            !line.Contains(Secret, StringComparison.Ordinal) && !line.Contains("SUAEL", StringComparison.Ordinal), line));
    }

    [Theory]
    [InlineData("pub", "a", "x", "--server", "nats://ann:s3cr3t@127.0.0.1:1")]
    [InlineData("bench", "pub", "--server", "nats://ann:s3cr3t@127.0.0.1:1")]
    [InlineData("links", "--http", "127.0.0.1:1")]
    [InlineData("drain", "node", "a", "b", "--token-file", "/etc/hostname-that-is-absent", "--director", "http://ann:s3cr3t@127.0.0.1:1")]
    [InlineData("nats-server", "-p", "nats://ann:s3cr3t@bus")]
    [InlineData("nats-server", "-a", "nats://ann:s3cr3t@bus")]
    [InlineData("nats-server", "nats://ann:s3cr3t@bus")]
    [InlineData("nats-server", "-routes=nats://ann:s3cr3t@bus")]
    [InlineData("nats-server", "-roots=nats://ann:s3cr3t@bus")]
    public async Task A_command_that_fails_while_it_runs_hides_them(params string[] line)
    {
        ProgramResult result = await CausewayProcess.RunAsync(null, line);
        Assert.NotEqual(0, result.ExitCode);
        Assert.DoesNotContain(Secret, result.Text + string.Join('\n', result.Errors), StringComparison.Ordinal);
        Assert.NotEmpty(result.Errors);
    }

    private static void AssertFaults(ProgramResult result, int count, params string[] some)
    {
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(count, result.Errors.Length);
        Assert.All(result.Errors, line => Assert.DoesNotContain(Secret, line, StringComparison.Ordinal));
        Assert.All(some, text => Assert.Contains(result.Errors, line => line.Contains(text, StringComparison.Ordinal)));
    }

    private static IEnumerable<(string[] Path, Command Command)> Commands(Command from, string[] path) =>
        from.Subcommands.SelectMany(command => Commands(command, [.. path, command.Name]).Prepend(([.. path, command.Name], command)));
}
