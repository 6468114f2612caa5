using System.CommandLine;
using Causeway.Cli.Connections;
using Causeway.Cli.Execution;
using Causeway.Cli.Output;
using Causeway.Cli.Parsing;
using Causeway.Client;

namespace Causeway.Cli.Messaging;

/// <summary><c>causeway reply</c>: answers requests with a fixed text, with the request itself, or with what a command prints.</summary>
internal sealed class ReplyCommand
{
    private const string Examples = """
        Examples:
          causeway reply health.check ok
          causeway reply echo --echo --queue echoers
          causeway reply text.upper --command 'tr a-z A-Z'
          causeway reply images.thumbnail --command 'convert - -resize 100x100 png:-' --concurrency 2

        A command gets the payload on standard input, and the subject and headers in the environment:
        CAUSEWAY_SUBJECT, and CAUSEWAY_HEADER_<NAME> for each header. Where it fails, the reply is empty
        with the headers Nats-Service-Error and Nats-Service-Error-Code, which say why.
        """;

    private readonly Argument<string> _subject = SubjectArgument.ToSubscribe();
    private readonly PayloadOptions _response = new("response", "The reply as text");
    private readonly Option<bool> _echo = new("--echo") { Description = "Reply with the request's own payload and headers" };
    private readonly Option<string?> _command = new("--command", "-c")
    {
        Description = "Reply with what this shell command prints, run for each request",
        HelpName = "command",
    };

    private readonly Option<Count> _concurrency = ValueOption.Create(
        "--concurrency", "How many commands may run at the same time; further requests wait", Ranges.Concurrency, new Count(4));

    private readonly Option<Duration> _commandTimeout = ValueOption.Create(
        "--command-timeout", "Kill a command that runs longer", Ranges.Timeout, Duration.FromSeconds(30));

    private readonly Option<MessageHeaders?> _headers = HeaderOption.Create();
    private readonly Option<string?> _queue = SubjectArgument.QueueGroup();
    private readonly Option<Count?> _count = ValueOption.Optional<Count>("--count", "End after this many requests", Ranges.Count, null, "-n");
    private readonly ReconnectOption _reconnect = new();
    private readonly ConnectionOptions _connection = new();

    public static Command Create() => new ReplyCommand().Build();

    private Command Build()
    {
        Command command = new("reply", "Answer requests until ended by Ctrl-C.");
        command.Arguments.Add(_subject);
        _response.AddTo(command, required: true, _echo, _command);
        command.Options.Add(_echo);
        command.Options.Add(_command);
        command.Options.Add(_concurrency);
        command.Options.Add(_commandTimeout);
        command.Options.Add(_headers);
        command.Options.Add(_queue);
        command.Options.Add(_count);
        _reconnect.AddTo(command);
        _connection.AddTo(command);
        command.Validators.Add(result =>
        {
            Option? useless = new Option[] { _concurrency, _commandTimeout }.FirstOrDefault(option => PayloadOptions.IsGiven(result, option));
            if (useless is not null && !PayloadOptions.IsGiven(result, _command))
            {
                result.AddError($"{useless.Name} needs --command");
            }
        });
        command.SetAction(RunAsync);
        HelpText.Append(command, Examples, HelpText.ExitCodes);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string subject = parsed.GetRequiredValue(_subject);
        string? queue = parsed.GetValue(_queue);
        ReadOnlyMemory<byte> response = await _response.ReadAsync(parsed, cancellationToken);
        await using BusClient client = await BusClient.ConnectAsync(_reconnect.Apply(parsed, _connection.Read(parsed)), cancellationToken);
        await using Subscription subscription = await client.SubscribeAsync(
            subject, new SubscribeOptions { QueueGroup = queue, MessagesMax = parsed.GetValue(_count)?.Value }, cancellationToken);
        await client.FlushAsync(cancellationToken);
        Notices.Write(queue is null ? $"answering on '{subject}'" : $"answering on '{subject}' in the queue group '{queue}'");

        await using OrderlyEnd end = new(subscription, cancellationToken);
        if (parsed.GetValue(_command) is { } text)
        {
            ShellCommand shell = new(text, parsed.GetRequiredValue(_commandTimeout).Time);
            await RunCommandsAsync(subscription, client, shell, (int)parsed.GetRequiredValue(_concurrency).Value, parsed.GetValue(_headers));
        }
        else
        {
            await AnswerAsync(subscription, parsed.GetValue(_echo), response, parsed.GetValue(_headers));
        }

        await client.FlushAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return ExitCode.Success;
    }

    private static async Task AnswerAsync(Subscription requests, bool echo, ReadOnlyMemory<byte> response, MessageHeaders? headers)
    {
        await foreach (Message request in requests)
        {
            if (WantsReply(request))
            {
                await request.ReplyAsync(echo ? request.Data : response, echo ? Join(request.Headers, headers) : headers);
            }
        }
    }

    private static async Task RunCommandsAsync(
        Subscription requests, BusClient client, ShellCommand shell, int concurrency, MessageHeaders? headers)
    {
        using SemaphoreSlim slots = new(concurrency);
        using CancellationTokenSource lost = new();
        try
        {
            await foreach (Message request in requests)
            {
                if (WantsReply(request))
                {
                    await slots.WaitAsync(CancellationToken.None);
                    _ = RunOneAsync(request);
                }
            }
        }
        catch
        {
            // Without the connection nobody waits for the commands any more.
            await lost.CancelAsync();
            throw;
        }
        finally
        {
            for (int i = 0; i < concurrency; i++)
            {
                await slots.WaitAsync(CancellationToken.None);
            }
        }

        async Task RunOneAsync(Message request)
        {
            try
            {
                ShellResult result = await shell.RunAsync(request, client.ServerInfo.PayloadBytesMax, lost.Token);
                if (result.Error is not null)
                {
                    Notices.Write($"a request on '{request.Subject}': {result.Error}");
                }

                await request.ReplyAsync(result.Output, result.Error is null ? headers : Join(headers, result.ErrorHeaders()));
            }
            catch (Exception failure) when (failure is BusException or OperationCanceledException or ObjectDisposedException)
            {
                // A reply that is too large with its headers is worth a word; a lost connection is told by the enumeration.
                if (failure is PayloadTooLargeException)
                {
                    Notices.Write($"a request on '{request.Subject}': {failure.Message}");
                }
            }
            finally
            {
                slots.Release();
            }
        }
    }

    private static bool WantsReply(in Message request)
    {
        if (request.ReplyTo is null)
        {
            Notices.Write($"a message on '{request.Subject}' wants no reply");
        }

        return request.ReplyTo is not null;
    }

    private static MessageHeaders? Join(MessageHeaders? some, MessageHeaders? more)
    {
        if (some is null || more is null)
        {
            return some ?? more;
        }

        MessageHeaders all = [];
        foreach ((string name, string value) in some.Concat(more))
        {
            all.Add(name, value);
        }

        return all;
    }
}
