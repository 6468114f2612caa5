using System.Text.Json;
using Causeway.Cli.Tests.Programs;
using Causeway.Client;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Cli.Tests.Messaging;

public sealed class RequestReplyTests(SharedServers servers) : ProgramTest(servers)
{
    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_fixed_response_is_given_with_its_headers(string kind)
    {
        string subject = SharedServers.NewSubject();
        await using CausewayProcess reply = await StartAsync(kind, "reply", subject, "ok", "-H", "a:1", "--count", "4");
        await reply.SaysAsync($"answering on '{subject}'");

        ProgramResult plain = await RunAsync(kind, "request", subject, "hi", "--timeout", "30s");
        ProgramResult headers = await RunAsync(kind, "request", subject, "--headers", "--timeout", "30s");
        ProgramResult json = await RunAsync(kind, "request", subject, "--json", "--count", "2", "--timeout", "30s");

        Assert.Equal((0, "ok\n"), (plain.ExitCode, plain.Text));
        Assert.Empty(plain.Errors);
        Assert.Equal((0, "a: 1\n\nok\n"), (headers.ExitCode, headers.Text));
        Assert.Equal((0, 2), (json.ExitCode, json.Lines.Length));
        using JsonDocument document = JsonDocument.Parse(json.Lines[0]);
        Assert.Equal("ok", document.RootElement.GetProperty("data").GetString());
        Assert.Equal("1", document.RootElement.GetProperty("headers").GetProperty("a")[0].GetString());
        ProgramResult result = await reply.EndAsync();
        Assert.Equal((0, ""), (result.ExitCode, result.Text));
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task An_echo_gives_back_payload_and_headers_and_ends_in_order(string kind)
    {
        string subject = SharedServers.NewSubject();
        await using CausewayProcess reply = await StartAsync(kind, "reply", subject, "--echo", "--queue", "g");
        await reply.SaysAsync($"answering on '{subject}' in the queue group 'g'");
        byte[] binary = [0, 1, 255, 13, 10];

        ProgramResult result = await RunWithInputAsync(kind, binary, "request", subject, "--stdin", "-H", "k:v", "--headers", "--timeout", "30s");
        await using BusClient client = await ClientAsync(kind);
        await client.PublishAsync(subject, cancellationToken: Cancelled);
        await reply.SaysAsync($"a message on '{subject}' wants no reply");
        reply.Terminate();

        Assert.Equal([.. "k: v\n\n"u8, .. binary, 10], result.Output);
        Assert.Equal(143, (await reply.EndAsync()).ExitCode);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_command_gets_the_request_and_its_output_is_the_reply(string kind)
    {
        string subject = SharedServers.NewSubject();
        await using CausewayProcess reply = await StartAsync(
            kind, "reply", subject, "--command", "tr a-z A-Z; printf ' %s %s' $CAUSEWAY_SUBJECT \"$CAUSEWAY_HEADER_X_Y\"", "-H", "by:test");
        await reply.SaysAsync("answering");

        ProgramResult result = await RunAsync(kind, "request", subject, "hello", "-H", "x-y: a b", "--headers", "--timeout", "30s");

        Assert.Equal($"by: test\n\nHELLO {subject} a b\n", result.Text);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_command_that_fails_is_told_to_both_sides(string kind)
    {
        (string subject, string hurried) = (SharedServers.NewSubject(), SharedServers.NewSubject());
        const string Command = "case $(cat) in exit) exit 3;; slow) sleep 60;; large) head -c 3000000 /dev/zero;; *) exec 0<&-; echo fine;; esac";
        await using CausewayProcess patient = await StartAsync(kind, "reply", subject, "--command", Command, "--command-timeout", "30s");
        await using CausewayProcess impatient = await StartAsync(kind, "reply", hurried, "--command", Command, "--command-timeout", "1s");
        await patient.SaysAsync("answering");
        await impatient.SaysAsync("answering");
        await using BusClient client = await ClientAsync(kind);
        (string Request, string Error, string Code)[] cases =
        [
            ("exit", "the command ended with exit code 3", "3"),
            ("slow", "the command ran longer than 1s", "-1"),
            ("large", $"the command printed more than the {client.ServerInfo.PayloadBytesMax} bytes that a reply may have", "-1"),
        ];
        foreach ((string request, string error, string code) in cases)
        {
            // Only the one that is to run for too long has little time: starting a shell may take a while.
            (CausewayProcess reply, string to) = request == "slow" ? (impatient, hurried) : (patient, subject);
            Message answer = await client.RequestAsync(to, Bytes(request), timeout: Eventually.Deadline, cancellationToken: Cancelled);
            Assert.Equal(error, answer.Headers?["Nats-Service-Error"]);
            Assert.Equal(code, answer.Headers?["Nats-Service-Error-Code"]);
            Assert.Equal(0, answer.Data.Length);
            await reply.SaysAsync($"a request on '{to}': {error}");
        }

        // Larger than a pipe holds, and not read by the command.
        Message fine = await client.RequestAsync(subject, new byte[500_000], timeout: Eventually.Deadline, cancellationToken: Cancelled);
        Assert.Equal("fine\n", Text(fine));
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Commands_run_at_the_same_time_up_to_the_bound_and_are_finished_at_the_end(string kind)
    {
        string subject = SharedServers.NewSubject();
        string directory = Directory.CreateTempSubdirectory("causeway-test-").FullName;
        string command = $"touch {directory}/$(cat); while [ ! -e {directory}/go ]; do sleep 0.02; done; echo done";
        await using CausewayProcess reply = await StartAsync(kind, "reply", subject, "--command", command, "--concurrency", "2");
        await reply.SaysAsync("answering");
        await using BusClient client = await ClientAsync(kind);
        Task<Message>[] requests =
        [
            .. Enumerable.Range(0, 3).Select(i =>
                client.RequestAsync(subject, Bytes($"{i}"), timeout: Eventually.Deadline, cancellationToken: Cancelled)),
        ];

        await Eventually.TrueAsync(() => Directory.GetFiles(directory).Length == 2);

        // The third is on its way to it as well before it stops listening.
        await client.FlushAsync(Cancelled);
        reply.Interrupt();
        await File.WriteAllTextAsync(Path.Combine(directory, "go"), "", Cancelled);

        Message[] answers = await Task.WhenAll(requests).InTimeAsync();
        Assert.All(answers, answer => Assert.Equal("done\n", Text(answer)));
        Assert.Equal(130, (await reply.EndAsync()).ExitCode);
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Several_replies_are_gathered(string kind)
    {
        string subject = SharedServers.NewSubject();
        await using CausewayProcess one = await StartAsync(kind, "reply", subject, "1");
        await using CausewayProcess other = await StartAsync(kind, "reply", subject, "2");
        await one.SaysAsync("answering");
        await other.SaysAsync("answering");

        ProgramResult two = await RunAsync(kind, "request", subject, "--replies", "2", "--timeout", "30s");

        // These wait until their time is over: long enough for both replies to come in, however busy the machine is.
        ProgramResult[] gathered = await Task.WhenAll(
            RunAsync(kind, "request", subject, "--replies", "0", "--timeout", "10s"), RunAsync(kind, "request", subject, "--replies", "3", "-t", "10s"));
        (ProgramResult all, ProgramResult tooMany) = (gathered[0], gathered[1]);

        Assert.Equal((0, "1,2"), (two.ExitCode, string.Join(',', two.Lines.Order())));
        Assert.Equal((0, "1,2"), (all.ExitCode, string.Join(',', all.Lines.Order())));
        Assert.Equal((3, "1,2"), (tooMany.ExitCode, string.Join(',', tooMany.Lines.Order())));
        Assert.Equal([$"causeway request: 2 of 3 replies on '{subject}' within 10s"], tooMany.Errors);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Without_an_answer_the_exit_code_says_why(string kind)
    {
        string subject = SharedServers.NewSubject();

        ProgramResult nobody = await RunAsync(kind, "request", subject, "--timeout", "10m");
        Assert.Equal(4, nobody.ExitCode);
        Assert.Equal([$"causeway request: nobody responds on '{subject}'"], nobody.Errors);

        await using BusClient client = await ClientAsync(kind);
        await using Subscription silent = await client.SubscribeAsync(subject, cancellationToken: Cancelled);
        await client.FlushAsync(Cancelled);
        ProgramResult late = await RunAsync(kind, "request", subject, "--timeout", "100ms");
        Assert.Equal(3, late.ExitCode);
        Assert.Equal([$"causeway request: no reply on '{subject}' within 100ms"], late.Errors);

        await using CausewayProcess waiting = await StartAsync(kind, "request", subject, "waiting", "--timeout", "10m");
        while (Text(Assert.Single(await TakeAsync(silent, 1))) != "waiting")
        {
            // The request before, of which it is not known whether it was sent before its time was over.
        }

        waiting.Interrupt();
        ProgramResult interrupted = await waiting.EndAsync();
        Assert.Equal(130, interrupted.ExitCode);
        Assert.Empty(interrupted.Errors);
    }
}
