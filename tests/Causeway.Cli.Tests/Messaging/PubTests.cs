using System.Diagnostics;
using Causeway.Cli.Tests.Programs;
using Causeway.Client;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Cli.Tests.Messaging;

public sealed class PubTests(SharedServers servers) : ProgramTest(servers)
{
    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task One_message_is_published_with_all_its_parts(string kind)
    {
        string subject = SharedServers.NewSubject();
        await using BusClient client = await ClientAsync(kind);
        await using Subscription subscription = await client.SubscribeAsync(subject, cancellationToken: Cancelled);
        await client.FlushAsync(Cancelled);

        ProgramResult result = await RunAsync(kind, "pub", subject, "@hällo", "-H", "a:1", "--header", "b: x:y ", "-H", "a:2", "--reply", "answer.here");

        Assert.Equal([$"published 1 message (39 bytes) to '{subject}'"], result.Errors);
        Assert.Equal((0, ""), (result.ExitCode, result.Text));
        Message message = Assert.Single(await TakeAsync(subscription, 1));
        Assert.Equal("@hällo", Text(message));
        Assert.Equal("answer.here", message.ReplyTo);
        Assert.Equal(["1", "2"], message.Headers!.GetAll("a"));
        Assert.Equal("x:y", message.Headers["b"]);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task The_payload_comes_from_where_the_options_say(string kind)
    {
        string subject = SharedServers.NewSubject();
        await using BusClient client = await ClientAsync(kind);
        await using Subscription subscription = await client.SubscribeAsync(subject, cancellationToken: Cancelled);
        await client.FlushAsync(Cancelled);
        byte[] binary = [0, 255, 13, 10, 0];
        string file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, binary, Cancelled);

        Assert.Equal(0, (await RunAsync(kind, "pub", subject)).ExitCode);
        Assert.Equal(0, (await RunAsync(kind, "pub", subject, "--", "--count")).ExitCode);
        Assert.Equal(0, (await RunAsync(kind, "pub", subject, "--file", file)).ExitCode);
        Assert.Equal(0, (await RunWithInputAsync(kind, [.. binary, 1], "pub", subject, "--stdin")).ExitCode);
        ProgramResult lines = await RunWithInputAsync(kind, Bytes("one\ntwo\r\n\n\rlast"), "pub", subject, "--lines", "-H", "k:v");
        File.Delete(file);

        Assert.Equal([$"published 4 messages (83 bytes) to '{subject}'"], lines.Errors);
        List<Message> messages = await TakeAsync(subscription, 8);
        Assert.Equal("", Text(messages[0]));
        Assert.Equal("--count", Text(messages[1]));
        Assert.Equal(binary, messages[2].Data.ToArray());
        Assert.Equal([.. binary, 1], messages[3].Data.ToArray());
        Assert.Equal(["one", "two", "", "\rlast"], messages[4..].Select(Text));
        Assert.All(messages[4..], message => Assert.Equal("v", message.Headers?["k"]));
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_message_is_repeated_as_often_and_as_fast_as_asked(string kind)
    {
        string subject = SharedServers.NewSubject();
        await using BusClient client = await ClientAsync(kind);
        await using Subscription subscription = await client.SubscribeAsync(subject, cancellationToken: Cancelled);
        await client.FlushAsync(Cancelled);

        ProgramResult many = await RunAsync(kind, "pub", subject, "x", "--count", "50k");
        Assert.Equal([$"published 50000 messages (50000 bytes) to '{subject}'"], many.Errors);
        await TakeAsync(subscription, 50_000);

        // Ten intervals of 50 ms.
        long began = Stopwatch.GetTimestamp();
        ProgramResult paced = await RunAsync(kind, "pub", subject, "y", "-n", "11", "--rate", "20");
        Assert.Equal(0, paced.ExitCode);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalMilliseconds, 500, double.MaxValue);
        await TakeAsync(subscription, 11);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Cut_short_by_a_signal_it_says_how_much_was_published(string kind)
    {
        string subject = SharedServers.NewSubject();
        await using BusClient client = await ClientAsync(kind);
        await using Subscription subscription = await client.SubscribeAsync(subject, cancellationToken: Cancelled);
        await client.FlushAsync(Cancelled);

        await using CausewayProcess paced = await StartAsync(kind, "pub", subject, "x", "--count", "1000", "--rate", "0.01");
        await TakeAsync(subscription, 1);
        paced.Interrupt();
        ProgramResult result = await paced.EndAsync();
        Assert.Equal(130, result.ExitCode);
        Assert.Equal([$"published 1 message (1 byte) to '{subject}'"], result.Errors);

        await using CausewayProcess lines = await StartAsync(kind, "pub", subject, "--lines");
        await lines.Input.WriteAsync(Bytes("one\ntwo"), Cancelled);
        await lines.Input.FlushAsync(Cancelled);
        await TakeAsync(subscription, 1);
        lines.Terminate();
        result = await lines.EndAsync();
        Assert.Equal(143, result.ExitCode);
        Assert.Equal([$"published 1 message (3 bytes) to '{subject}'"], result.Errors);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Messages_that_are_too_large_are_refused_with_the_servers_limit(string kind)
    {
        string subject = SharedServers.NewSubject();
        await using BusClient client = await ClientAsync(kind);
        int max = client.ServerInfo.PayloadBytesMax;

        ProgramResult whole = await RunWithInputAsync(kind, new byte[max + 1], "pub", subject, "--stdin");
        Assert.Equal(1, whole.ExitCode);
        Assert.Equal([$"causeway pub: a message of {max + 1} bytes is larger than the {max} bytes that the server takes"], whole.Errors);

        byte[] line = new byte[max + 1];
        Array.Fill(line, (byte)'x');
        ProgramResult lines = await RunWithInputAsync(kind, [.. "ok\n"u8, .. line, .. "\n"u8], "pub", subject, "--lines");
        Assert.Equal(1, lines.ExitCode);
        Assert.Equal(
            [
                $"published 1 message (2 bytes) to '{subject}'",
                $"causeway pub: --lines: line 2 is longer than {max} bytes, which is what the server takes",
            ],
            lines.Errors);

        ProgramResult exact = await RunWithInputAsync(kind, line[1..], "pub", subject, "--lines");
        Assert.Equal(0, exact.ExitCode);
    }

    [Fact]
    public async Task What_the_server_refuses_is_an_error()
    {
        await using TestServer server = await TestServer.StartAsync(ServerKinds.Nats, "authorization { timeout: 30, users = [] }\naccounts { A { users = [ { user: u, password: p, permissions: { publish: \"yes\" } } ] } }\nno_auth_user: u");

        ProgramResult result = await CausewayProcess.RunAsync(server.Url, ["pub", "no", "x"]);

        Assert.Equal(5, result.ExitCode);
        Assert.Equal(["causeway pub: the server says: Permissions Violation for Publish to \"no\""], result.Errors);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_lost_connection_is_an_error(string kind)
    {
        await using TestServer server = await TestServer.StartAsync(kind);
        await using BusClient client = await BusClient.ConnectAsync(new() { Servers = [ServerAddress.Parse(server.Url)], ConnectTimeout = Eventually.Deadline }, Cancelled);
        await using Subscription subscription = await client.SubscribeAsync("a", cancellationToken: Cancelled);
        await client.FlushAsync(Cancelled);
        await using CausewayProcess process = CausewayProcess.Start(server.Url, "pub", "a", "--count", "1M", "--rate", "100");
        await TakeAsync(subscription, 1);

        await server.StopAsync();

        ProgramResult result = await process.EndAsync();
        Assert.Equal(2, result.ExitCode);
        Assert.Equal([$"causeway pub: lost the connection to {server.Url}: the server closed the connection"], result.Errors);
    }
}
