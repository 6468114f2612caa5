using System.CommandLine;
using Causeway.Cli.Execution;
using Causeway.Cli.Inspect;
using Causeway.Cli.Messaging;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Cli.Tests.Programs;

public sealed class CommandLineTests
{
    private const string CountRange = "accepted is a whole number, alone or with k, M, G (1000), from 1 to 1000000000000";
    private const string Commands = "pub, sub, request, reply, links, interest, regions, explain";
    private const string Literal = "accepted is tokens separated by dots, such as orders.new";

    // All without a server: what is wrong is found before anything is connected.
    public static TheoryData<string, string> WrongLines => new()
    {
        { "", $"causeway: a command is missing; accepted is {Commands} (see causeway --help)" },
        { "publish a", $"causeway: 'publish' is not a command; accepted is {Commands} (see causeway --help)" },
        { "pub", "causeway pub: Required argument 'subject' missing for command: 'pub'. (see causeway pub --help)" },
        { "pub a b c", "causeway pub: 'c' is one argument too many (see causeway pub --help)" },
        { "pub a b --nope", "causeway pub: '--nope' is not an option; where it is meant as an argument, put -- before it (see causeway pub --help)" },
        { "pub a..b x", $"causeway pub: subject: 'a..b' has an empty token; {Literal} (see causeway pub --help)" },
        { "pub a.* x", $"causeway pub: subject: 'a.*' has a wildcard token, which only subscriptions may have; {Literal} (see causeway pub --help)" },
        { "pub a --reply b.", $"causeway pub: --reply: 'b.' has an empty token; {Literal} (see causeway pub --help)" },
        { "pub a --count -1", $"causeway pub: --count: '-1' can't be read; {CountRange} (see causeway pub --help)" },
        { "pub a --count 0", $"causeway pub: --count: '0' is too small; {CountRange} (see causeway pub --help)" },
        { "pub a --count", "causeway pub: Required argument missing for option: '--count'. (see causeway pub --help)" },
        { "pub a --rate abc", "causeway pub: --rate: 'abc' can't be read; accepted is a number a second such as 1000, 0.5 or 10k, from 0.001 to 1000000000 (see causeway pub --help)" },
        { "pub a -H novalue", "causeway pub: --header: 'novalue' has no colon; accepted is name:value (see causeway pub --help)" },
        { "pub a -H :v", "causeway pub: --header: ':v' has a name that is empty; accepted is name:value (see causeway pub --help)" },
        { "pub a -H ü:v", "causeway pub: --header: 'ü:v' has a name that has a character that is not printable ASCII, or a colon; accepted is name:value (see causeway pub --help)" },
        { "pub a x --stdin", "causeway pub: payload and --stdin exclude each other; accepted is one of payload, --stdin, --file, --lines (see causeway pub --help)" },
        { "pub a --lines --count 2", "causeway pub: --lines and --count exclude each other; with --lines there is one message a line (see causeway pub --help)" },
        { "pub a --file /no/such/file", "causeway pub: --file: '/no/such/file' does not exist; accepted is a file that can be read" },
        { "pub a --file /tmp", "causeway pub: --file: '/tmp' is a directory; accepted is a file that can be read" },
        { "pub a --server http://x", "causeway pub: --server: 'http://x' has the scheme 'http'; accepted are nats, tls, ws and wss; accepted is nats://host:port (or tls, ws, wss), or several separated by commas (see causeway pub --help)" },
        { "pub a --connect-timeout 5", "causeway pub: --connect-timeout: '5' can't be read; accepted is a duration such as 500ms, 2s, 1m30s (units us, ms, s, m, h, d), from 1ms to 1h (see causeway pub --help)" },
        { "sub a.>.b", "causeway sub: subject: 'a.>.b' has the wildcard '>' before its last token; accepted is tokens separated by dots, where * stands for one token and > at the end for all that follow (see causeway sub --help)" },
        { "sub a --queue ", "causeway sub: --queue: '' is empty; accepted is a name without blanks (see causeway sub --help)" },
        { "sub a --raw --json", "causeway sub: --raw and --json exclude each other; accepted is one of --raw, --headers, --json (see causeway sub --help)" },
        { "sub a --timeout 0", "causeway sub: --timeout: '0' is too small; accepted is a duration such as 500ms, 2s, 1m30s (units us, ms, s, m, h, d), from 1ms to 7d (see causeway sub --help)" },
        { "request a --replies 1.5", "causeway request: --replies: '1.5' can't be read; accepted is a whole number, alone or with k, M, G (1000), from 0 to 1000000 (see causeway request --help)" },
        { "request a --raw", "causeway request: '--raw' is not an option; where it is meant as an argument, put -- before it (see causeway request --help)" },
        { "reply a", "causeway reply: response is missing; accepted is one of response, --stdin, --file, --echo, --command (see causeway reply --help)" },
        { "reply a x --echo", "causeway reply: response and --echo exclude each other; accepted is one of response, --stdin, --file, --echo, --command (see causeway reply --help)" },
        { "pub a --cuont", "causeway pub: '--cuont' is not an option; where it is meant as an argument, put -- before it (see causeway pub --help)" },
        { "pub a --cuont 5", "causeway pub: '--cuont' is not an option; where it is meant as an argument, put -- before it (see causeway pub --help)" },
        { "-x", "causeway: '-x' is not an option; where it is meant as an argument, put -- before it (see causeway --help)" },
        { "links --http nowhere", "causeway links: --http: 'nowhere' is no address; accepted is host:port, such as 127.0.0.1:8222 (see causeway links --help)" },
        { "regions --http off:0", "causeway regions: --http: 'off:0' is no address; accepted is host:port, such as 127.0.0.1:8222 (see causeway regions --help)" },
        { "regions more", "causeway regions: 'more' is one argument too many (see causeway regions --help)" },
        { "interest --tokens 0", "causeway interest: --tokens: '0' is too small; accepted is a whole number, alone or with k, M, G (1000), from 1 to 64 (see causeway interest --help)" },
        { "explain", "causeway explain: Required argument 'subject' missing for command: 'explain'. (see causeway explain --help)" },
        { "explain a.*", $"causeway explain: subject: 'a.*' has a wildcard token, which only subscriptions may have; {Literal} (see causeway explain --help)" },
        { "reply a x --concurrency 2", "causeway reply: --concurrency needs --command (see causeway reply --help)" },
    };

    [Theory]
    [MemberData(nameof(WrongLines))]
    public async Task A_wrong_line_gives_one_line_that_says_what_is_accepted(string line, string expected)
    {
        using StringWriter error = new();
        RootCommand root = ProgramRoot.Create();
        Array.ForEach(
            [
                PubCommand.Create(), SubCommand.Create(), RequestCommand.Create(), ReplyCommand.Create(), LinksCommand.Create(), InterestCommand.Create(),
                RegionsCommand.Create(), ExplainCommand.Create(),
            ],
            root.Subcommands.Add);

        int exitCode = await CommandRunner.RunAsync(root, line.Length == 0 ? [] : line.Split(' '), error);

        Assert.Equal(expected + Environment.NewLine, error.ToString());
        Assert.Equal(1, exitCode);
    }

    [Fact]
    public async Task A_wrong_line_ends_the_program_with_nothing_on_standard_output()
    {
        ProgramResult result = await CausewayProcess.RunAsync(null, ["pub", "a..b"]);

        Assert.Equal((1, ""), (result.ExitCode, result.Text));
        Assert.Single(result.Errors);
    }

    [Fact]
    public async Task The_version_is_shown()
    {
        ProgramResult result = await CausewayProcess.RunAsync(null, ["--version"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^causeway \d+\.\d+\.\d+(-[\w.]+)?\n$", result.Text);
    }

    [Theory]
    [InlineData("", new[] { "pub", "sub", "request", "reply" })]
    [InlineData("pub", new[] { "--stdin", "--file", "--lines", "--header", "--count", "--rate", "--reply", "--server", "--name", "--connect-timeout" })]
    [InlineData("sub", new[] { "--queue", "--count", "--raw", "--headers", "--json", "--timeout", "--no-reconnect", "--server" })]
    [InlineData("request", new[] { "--timeout", "--replies", "--header", "--headers", "--json", "--count", "[default: 5s]" })]
    [InlineData("reply", new[] { "--queue", "--echo", "--command", "--concurrency", "--count", "CAUSEWAY_SUBJECT" })]
    [InlineData("links", new[] { "--http", "--json", "--timeout", "CAUSEWAY_HTTP" })]
    [InlineData("interest", new[] { "--http", "--json", "--top", "--tokens" })]
    [InlineData("regions", new[] { "--http", "--json", "OWNER" })]
    [InlineData("explain", new[] { "--http", "--json", "--tenant", "--limit", "REASON" })]
    public async Task Help_shows_the_options_examples_and_exit_codes(string command, string[] expected)
    {
        string[] help = command.Length == 0 ? ["--help"] : [command, "--help"];
        ProgramResult result = await CausewayProcess.RunAsync(null, help);

        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Errors);
        Assert.All([.. expected, "Examples:", "Exit codes:"], text => Assert.Contains(text, result.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Servers_come_from_the_option_then_the_environment()
    {
        string dead = $"nats://127.0.0.1:{FreePorts.Take()}";
        ProgramResult environment = await CausewayProcess.RunAsync(dead, ["pub", "a"]);
        Assert.Equal((2, ""), (environment.ExitCode, environment.Text));
        Assert.Equal([$"causeway pub: can't connect to {dead}: connection refused"], environment.Errors);

        ProgramResult option = await CausewayProcess.RunAsync(dead, ["request", "a", "-s", "no-such-host.invalid,127.0.0.1:1"]);
        Assert.Equal(2, option.ExitCode);
        Assert.Equal(
            ["causeway request: can't connect to nats://no-such-host.invalid:4222: host not found; can't connect to nats://127.0.0.1:1: connection refused"],
            option.Errors);

        ProgramResult wrong = await CausewayProcess.RunAsync("http://x", ["sub", "a"]);
        Assert.Equal(1, wrong.ExitCode);
        Assert.StartsWith("causeway sub: CAUSEWAY_SERVER: 'http://x' has the scheme 'http'", Assert.Single(wrong.Errors), StringComparison.Ordinal);
    }
}
