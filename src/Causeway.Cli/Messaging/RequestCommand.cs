using System.CommandLine;
using System.Globalization;
using Causeway.Cli.Connections;
using Causeway.Cli.Execution;
using Causeway.Cli.Output;
using Causeway.Cli.Parsing;
using Causeway.Client;

namespace Causeway.Cli.Messaging;

/// <summary><c>causeway request</c>: publishes a request and prints the replies.</summary>
internal sealed class RequestCommand
{
    private const string Examples = """
        Examples:
          causeway request time.now
          causeway request users.get '{"id": 7}' --timeout 500ms --json
          causeway request services.ping --replies 0 --timeout 1s     all replies of one second
          causeway request echo hello --count 100                     100 requests one after the other
        """;

    private readonly Argument<string> _subject = SubjectArgument.ToPublish();
    private readonly PayloadOptions _payload = new("payload", "The payload as text; empty where no source of a payload is given");
    private readonly Option<MessageHeaders?> _headers = HeaderOption.Create();
    private readonly Option<Duration> _timeout = ValueOption.Create(
        "--timeout", "How long to wait for the replies to a request", Ranges.Timeout, Duration.FromSeconds(5), null, "-t");

    private readonly Option<Count> _replies = ValueOption.Create(
        "--replies", "Wait for this many replies to a request; 0: for all that come until the timeout", Ranges.Replies, new Count(1));

    private readonly Option<Count> _count = ValueOption.Create(
        "--count", "Make this many requests, one after the other", Ranges.Count, new Count(1), null, "-n");

    private readonly MessageFormatOptions _format = new(rawByDefault: true);
    private readonly ConnectionOptions _connection = new();

    public static Command Create() => new RequestCommand().Build();

    private Command Build()
    {
        Command command = new("request", "Publish a request and print the replies: the payload of each, with a line end behind it.");
        command.Arguments.Add(_subject);
        _payload.AddTo(command, required: false);
        command.Options.Add(_headers);
        command.Options.Add(_timeout);
        command.Options.Add(_replies);
        command.Options.Add(_count);
        _format.AddTo(command);
        _connection.AddTo(command);
        command.SetAction(RunAsync);
        HelpText.Append(command, Examples, HelpText.ExitCodes);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string subject = parsed.GetRequiredValue(_subject);
        MessageHeaders? headers = parsed.GetValue(_headers);
        TimeSpan timeout = parsed.GetRequiredValue(_timeout).Time;
        int replies = (int)parsed.GetRequiredValue(_replies).Value;
        long count = parsed.GetRequiredValue(_count).Value;
        ReadOnlyMemory<byte> payload = await _payload.ReadAsync(parsed, cancellationToken);
        await using BusClient client = await BusClient.ConnectAsync(_connection.Read(parsed), cancellationToken);
        await using StandardOutput output = new();
        using MessageWriter writer = new(output, _format.Read(parsed));
        for (long i = 0; i < count; i++)
        {
            int received = 0;
            await foreach (Message reply in client.RequestManyAsync(
                subject, payload, headers, replies == 0 ? null : replies, timeout, cancellationToken))
            {
                writer.Write(reply);
                writer.Flush();
                received++;
            }

            if (received < Math.Max(replies, 1))
            {
                throw new CommandException(ExitCode.Timeout, TooFew(subject, timeout, replies, received));
            }
        }

        return ExitCode.Success;
    }

    private static string TooFew(string subject, TimeSpan timeout, int replies, int received) =>
        received == 0
            ? $"no reply on '{subject}' within {new Duration(timeout)}"
            : string.Create(CultureInfo.InvariantCulture, $"{received} of {replies} replies on '{subject}' within {new Duration(timeout)}");
}
