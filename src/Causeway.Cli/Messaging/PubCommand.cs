using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using Causeway.Cli.Connections;
using Causeway.Cli.Execution;
using Causeway.Cli.Output;
using Causeway.Cli.Parsing;
using Causeway.Client;

namespace Causeway.Cli.Messaging;

/// <summary><c>causeway pub</c>: publishes one message, the same one several times, or one a line of input.</summary>
internal sealed class PubCommand
{
    private const string Examples = """
        Examples:
          causeway pub orders.new '{"id": 7}'
          causeway pub orders.new -H trace:abc -H kind:test --file order.json
          causeway pub sensors.1 21.5 --count 1000 --rate 100
          tail -f app.log | causeway pub logs.app --lines
          causeway pub numbers -- -5       a payload that begins with a dash
        """;

    private readonly Argument<string> _subject = SubjectArgument.ToPublish();
    private readonly PayloadOptions _payload = new("payload", "The payload as text; empty where no source of a payload is given");
    private readonly Option<bool> _lines = new("--lines") { Description = "Publish each line of standard input as a message of its own" };
    private readonly Option<MessageHeaders?> _headers = HeaderOption.Create();
    private readonly Option<string?> _reply = SubjectArgument.ReplyTo();
    private readonly Option<Count?> _count =
        ValueOption.Optional<Count>("--count", "Publish the message this many times", Ranges.Count, null, "-n");

    private readonly Option<Rate?> _rate = ValueOption.Optional("--rate", "Publish at most this many messages a second", Ranges.Rate);
    private readonly ConnectionOptions _connection = new();

    public static Command Create() => new PubCommand().Build();

    private Command Build()
    {
        Command command = new("pub", "Publish messages.");
        command.Arguments.Add(_subject);
        _payload.AddTo(command, required: false, _lines);
        command.Options.Add(_lines);
        command.Options.Add(_headers);
        command.Options.Add(_reply);
        command.Options.Add(_count);
        command.Options.Add(_rate);
        _connection.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_lines) && result.GetResult(_count) is not null)
            {
                result.AddError("--lines and --count exclude each other; with --lines there is one message a line");
            }
        });
        command.SetAction(RunAsync);
        HelpText.Append(command, Examples, HelpText.ExitCodes);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Pacer? pacer = parsed.GetValue(_rate) is { } rate ? new Pacer(rate.PerSecond, TimeProvider.System) : null;
        bool lines = parsed.GetValue(_lines);
        ReadOnlyMemory<byte> payload = lines ? default : await _payload.ReadAsync(parsed, cancellationToken);
        ConcurrentQueue<string> refusals = new();
        await using BusClient client = await BusClient.ConnectAsync(
            _connection.Read(parsed) with
            {
                OnEvent = happened =>
                {
                    if (happened is ClientEvent.ServerError error)
                    {
                        refusals.Enqueue(error.Text);
                    }
                },
            },
            cancellationToken);
        try
        {
            await (lines
                ? PublishLinesAsync(client, parsed, pacer, cancellationToken)
                : PublishAsync(client, parsed, payload, pacer, cancellationToken));
        }
        finally
        {
            // Also when cut short: what was published is to arrive, and the notice says how much that is.
            await client.FlushAsync(CancellationToken.None);
            if (refusals.IsEmpty && client.Statistics.MessagesOut > 0)
            {
                Tell(client.Statistics, parsed.GetRequiredValue(_subject));
            }
        }

        return refusals.TryPeek(out string? refusal)
            ? throw new CommandException(ExitCode.Failure, $"the server says: {refusal}")
            : ExitCode.Success;
    }

    private async Task PublishAsync(
        BusClient client, ParseResult parsed, ReadOnlyMemory<byte> payload, Pacer? pacer, CancellationToken cancellationToken)
    {
        string subject = parsed.GetRequiredValue(_subject);
        string? reply = parsed.GetValue(_reply);
        MessageHeaders? headers = parsed.GetValue(_headers);
        long count = parsed.GetValue(_count)?.Value ?? 1;
        for (long i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (pacer is not null)
            {
                await pacer.NextAsync(cancellationToken);
            }

            await client.PublishAsync(subject, payload, reply, headers, cancellationToken);
        }
    }

    private async Task PublishLinesAsync(BusClient client, ParseResult parsed, Pacer? pacer, CancellationToken cancellationToken)
    {
        string subject = parsed.GetRequiredValue(_subject);
        string? reply = parsed.GetValue(_reply);
        MessageHeaders? headers = parsed.GetValue(_headers);
        await using Stream input = Console.OpenStandardInput();
        LineReader lines = new(input, client.ServerInfo.PayloadBytesMax);
        try
        {
            // Reading a terminal or pipe can't be cancelled, so it is not waited for when the command is to end.
            while (await lines.ReadAsync(cancellationToken).AsTask().WaitAsync(cancellationToken) is { } line)
            {
                if (pacer is not null)
                {
                    await pacer.NextAsync(cancellationToken);
                }

                await client.PublishAsync(subject, line, reply, headers, cancellationToken);
            }
        }
        catch (InvalidDataException tooLong)
        {
            throw new CommandException(ExitCode.Usage, $"--lines: {tooLong.Message}, which is what the server takes");
        }
    }

    private static void Tell(ClientStatistics done, string subject)
    {
        Notices.Write($"published {Number(done.MessagesOut, "message")} ({Number(done.BytesOut, "byte")}) to '{subject}'");

        static string Number(long count, string what) =>
            string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? string.Empty : "s")}");
    }
}
