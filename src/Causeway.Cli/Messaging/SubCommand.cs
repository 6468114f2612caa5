using System.CommandLine;
using System.Globalization;
using Causeway.Cli.Connections;
using Causeway.Cli.Execution;
using Causeway.Cli.Output;
using Causeway.Cli.Parsing;
using Causeway.Client;

namespace Causeway.Cli.Messaging;

/// <summary><c>causeway sub</c>: prints the messages of a subject as they come.</summary>
internal sealed class SubCommand
{
    private const string Examples = """
        Examples:
          causeway sub 'orders.>'
          causeway sub orders.new --count 1 --raw > order.json
          causeway sub 'orders.*' --json | jq .data
          causeway sub jobs --queue workers --timeout 30s
        """;

    private readonly Argument<string> _subject = SubjectArgument.ToSubscribe();
    private readonly Option<string?> _queue = SubjectArgument.QueueGroup();
    private readonly Option<Count?> _count = ValueOption.Optional<Count>("--count", "End after this many messages", Ranges.Count, null, "-n");
    private readonly MessageFormatOptions _format = new(rawByDefault: false);
    private readonly Option<Duration?> _timeout = ValueOption.Optional(
        "--timeout", "End, with exit code 3, when no message comes for this long", Ranges.Timeout);

    private readonly ReconnectOption _reconnect = new();
    private readonly ConnectionOptions _connection = new();

    public static Command Create() => new SubCommand().Build();

    private Command Build()
    {
        Command command = new("sub", "Print messages as they come: data on standard output, notices on standard error.");
        command.Arguments.Add(_subject);
        command.Options.Add(_queue);
        command.Options.Add(_count);
        _format.AddTo(command);
        command.Options.Add(_timeout);
        _reconnect.AddTo(command);
        _connection.AddTo(command);
        command.SetAction(RunAsync);
        HelpText.Append(command, Examples, HelpText.ExitCodes);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string subject = parsed.GetRequiredValue(_subject);
        string? queue = parsed.GetValue(_queue);
        long? count = parsed.GetValue(_count)?.Value;
        TimeSpan? timeout = parsed.GetValue(_timeout)?.Time;
        await using BusClient client = await BusClient.ConnectAsync(_reconnect.Apply(parsed, _connection.Read(parsed)), cancellationToken);
        await using Subscription subscription = await client.SubscribeAsync(
            subject, new SubscribeOptions { QueueGroup = queue, MessagesMax = count }, cancellationToken);
        await client.FlushAsync(cancellationToken);
        Notices.Write(queue is null ? $"listening on '{subject}'" : $"listening on '{subject}' in the queue group '{queue}'");

        await using StandardOutput output = new();
        using MessageWriter writer = new(output, _format.Read(parsed));
        await using OrderlyEnd end = new(subscription, cancellationToken);
        long received = 0;
        using CancellationTokenSource idle = new();
        await using IAsyncEnumerator<Message> messages = subscription.GetAsyncEnumerator(idle.Token);
        try
        {
            while (await NextAsync(messages, writer, idle, timeout))
            {
                writer.Write(messages.Current);
                received++;
            }
        }
        catch (OperationCanceledException) when (idle.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.Timeout, string.Create(
                CultureInfo.InvariantCulture,
                $"no message on '{subject}' for {new Duration(timeout!.Value)} (received {received}{(count is null ? "" : $" of {count}")})"));
        }
        finally
        {
            writer.Flush();
        }

        cancellationToken.ThrowIfCancellationRequested();
        return ExitCode.Success;
    }

    /// <summary>Goes to the next message. Output is flushed, and the time runs, only where that means to wait.</summary>
    private static async ValueTask<bool> NextAsync(
        IAsyncEnumerator<Message> messages, MessageWriter writer, CancellationTokenSource idle, TimeSpan? timeout)
    {
        ValueTask<bool> next = messages.MoveNextAsync();
        if (next.IsCompleted)
        {
            return await next;
        }

        Task<bool> waited = next.AsTask();
        try
        {
            writer.Flush();
        }
        catch
        {
            // The enumeration must come to rest before it can be left.
            await idle.CancelAsync();
            await Task.WhenAny(waited);
            throw;
        }

        idle.CancelAfter(timeout ?? Timeout.InfiniteTimeSpan);
        bool more = await waited;
        idle.CancelAfter(Timeout.InfiniteTimeSpan);
        return more;
    }
}
