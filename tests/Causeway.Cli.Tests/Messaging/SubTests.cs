using System.Text.Json;
using Causeway.Cli.Tests.Programs;
using Causeway.Client;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Cli.Tests.Messaging;

public sealed class SubTests(SharedServers servers) : ProgramTest(servers)
{
    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Messages_are_printed_in_each_format(string kind)
    {
        string subject = SharedServers.NewSubject();
        await using BusClient client = await ClientAsync(kind);
        (string[] Options, string Expected)[] formats =
        [
            ([], $"{subject}.a (reply to r): text \u00fc\tx\n{subject}.b: [3 bytes, base64] AP9B\n{subject}.c: [3 bytes, base64] GxsK\n{subject}.d: \n"),
            (["--headers"], $"{subject}.a (reply to r): text \u00fc\tx\n  k: 1\n  k: 2\n{subject}.b: [3 bytes, base64] AP9B\n  evil: ?[31m\n{subject}.c: [3 bytes, base64] GxsK\n{subject}.d: \n"),
            (["--json"], string.Join('\n',
                $$$"""{"subject":"{{{subject}}}.a","reply":"r","headers":{"k":["1","2"]},"data":"text ü\tx"}""",
                $$$"""{"subject":"{{{subject}}}.b","headers":{"evil":["\u001B[31m"]},"data_base64":"AP9B"}""",
                $$$"""{"subject":"{{{subject}}}.c","data":"\u001B\u001B\n"}""",
                $$$"""{"subject":"{{{subject}}}.d","data":""}""",
                "")),
        ];
        foreach ((string[] options, string expected) in formats)
        {
            ProgramResult result = await ReceiveAsync(client, kind, subject, options);
            Assert.Equal(expected, result.Text);
        }

        ProgramResult raw = await ReceiveAsync(client, kind, subject, "--raw");
        Assert.Equal([.. "text ü\tx\n"u8, 0, 255, 65, 10, 27, 27, 10, 10, 10], raw.Output);
        ProgramResult json = await ReceiveAsync(client, kind, subject, "--json");
        Assert.All(json.Lines, line => JsonDocument.Parse(line).Dispose());
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Members_of_a_queue_group_share_the_messages(string kind)
    {
        string subject = SharedServers.NewSubject();
        await using BusClient client = await ClientAsync(kind);
        await using CausewayProcess one = await StartAsync(kind, "sub", subject, "--queue", "g", "--raw");
        await using CausewayProcess other = await StartAsync(kind, "sub", subject, "-q", "g", "--raw");
        await one.SaysAsync($"listening on '{subject}' in the queue group 'g'");
        await other.SaysAsync($"listening on '{subject}' in the queue group 'g'");

        for (int i = 0; i < 100; i++)
        {
            await client.PublishAsync(subject, Bytes($"{i}"), cancellationToken: Cancelled);
        }

        await client.FlushAsync(Cancelled);
        one.Interrupt();
        other.Terminate();
        ProgramResult[] results = [await one.EndAsync(), await other.EndAsync()];

        Assert.Equal([130, 143], results.Select(result => result.ExitCode));
        Assert.All(results, result => Assert.NotEmpty(result.Lines));
        Assert.Equal(Enumerable.Range(0, 100), results.SelectMany(result => result.Lines).Select(int.Parse).Order());
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task It_ends_when_no_message_comes_in_time(string kind)
    {
        string subject = SharedServers.NewSubject();

        ProgramResult none = await RunAsync(kind, "sub", subject, "--timeout", "50ms");
        Assert.Equal(3, none.ExitCode);
        Assert.Equal([$"listening on '{subject}'", $"causeway sub: no message on '{subject}' for 50ms (received 0)"], none.Errors);

        await using BusClient client = await ClientAsync(kind);
        await using CausewayProcess some = await StartAsync(kind, "sub", subject, "--timeout", "10s", "--count", "5", "--raw");
        await some.SaysAsync("listening");
        await client.PublishAsync(subject, Bytes("x"), cancellationToken: Cancelled);
        ProgramResult result = await some.EndAsync();
        Assert.Equal(3, result.ExitCode);
        Assert.Equal("x\n", result.Text);
        Assert.Equal($"causeway sub: no message on '{subject}' for 10s (received 1 of 5)", result.Errors[^1]);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task It_ends_when_nobody_reads_its_output(string kind)
    {
        string subject = SharedServers.NewSubject();
        await using BusClient client = await ClientAsync(kind);
        await using CausewayProcess process = await StartAsync(kind, "sub", subject);
        await process.SaysAsync("listening");
        process.CloseOutput();

        await client.PublishAsync(subject, cancellationToken: Cancelled);

        ProgramResult result = await process.EndAsync();
        Assert.Equal(141, result.ExitCode);
        Assert.Single(result.Errors);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Many_messages_arrive_complete_and_in_order(string kind)
    {
        string subject = SharedServers.NewSubject();
        await using BusClient client = await ClientAsync(kind);
        await using CausewayProcess process = await StartAsync(kind, "sub", subject, "-n", "60000", "--raw");
        await process.SaysAsync("listening");
        for (int i = 0; i < 60_000; i++)
        {
            await client.PublishAsync(subject, Bytes($"{i}"), cancellationToken: Cancelled);
        }

        ProgramResult result = await process.EndAsync();
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(Enumerable.Range(0, 60_000).Select(i => $"{i}"), result.Lines);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_lost_connection_is_told_and_made_again_unless_that_is_not_wanted(string kind)
    {
        await using TestServer server = await TestServer.StartAsync(kind);
        await using CausewayProcess faithful = CausewayProcess.Start(server.Url, "sub", "a", "--count", "1");
        await using CausewayProcess brief = CausewayProcess.Start(server.Url, "sub", "a", "--no-reconnect");
        await faithful.SaysAsync("listening");
        await brief.SaysAsync("listening");

        await server.StopAsync();
        ProgramResult ended = await brief.EndAsync();
        await faithful.SaysAsync($"lost the connection to {server.Url}: the server closed the connection; connecting again");
        await server.StartAsync();
        await faithful.SaysAsync($"connected again to {server.Url}");

        // It says so before it has subscribed again: what is published at once may find nobody.
        Task<ProgramResult> end = faithful.EndAsync();
        while (!end.IsCompleted)
        {
            await CausewayProcess.RunAsync(server.Url, ["pub", "a", "back"]);
        }

        ProgramResult result = await end;

        Assert.Equal(2, ended.ExitCode);
        Assert.Equal(["listening on 'a'", $"causeway sub: lost the connection to {server.Url}: the server closed the connection"], ended.Errors);
        Assert.Equal((0, "a: back\n"), (result.ExitCode, result.Text));
    }

    [Fact]
    public async Task A_refused_subscription_is_an_error()
    {
        await using TestServer server = await TestServer.StartAsync(ServerKinds.Nats, "authorization { timeout: 30 }\naccounts { A { users = [ { user: u, password: p, permissions: { subscribe: \"yes\" } } ] } }\nno_auth_user: u");

        ProgramResult result = await CausewayProcess.RunAsync(server.Url, ["sub", "no"]);

        Assert.Equal(5, result.ExitCode);
        Assert.Equal("causeway sub: the server says: Permissions Violation for Subscription to \"no\"", result.Errors[^1]);
    }

    private async Task<ProgramResult> ReceiveAsync(BusClient client, string kind, string subject, params string[] options)
    {
        await using CausewayProcess process = await StartAsync(kind, ["sub", subject + ".*", "--count", "4", .. options]);
        await process.SaysAsync($"listening on '{subject}.*'");
        await client.PublishAsync(subject + ".a", Bytes("text ü\tx"), "r", new() { { "k", "1" }, { "k", "2" } }, Cancelled);
        await client.PublishAsync(subject + ".b", new byte[] { 0, 255, 65 }, null, new() { { "evil", "\u001b[31m" } }, Cancelled);
        await client.PublishAsync(subject + ".c", Bytes("\u001b\u001b\n"), cancellationToken: Cancelled);
        await client.PublishAsync(subject + ".d", cancellationToken: Cancelled);
        ProgramResult result = await process.EndAsync();
        Assert.Equal(0, result.ExitCode);
        Assert.Single(result.Errors);
        return result;
    }
}
