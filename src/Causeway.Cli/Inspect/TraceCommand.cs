using System.CommandLine;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Causeway.Cli.Connections;
using Causeway.Cli.Execution;
using Causeway.Cli.Messaging;
using Causeway.Cli.Output;
using Causeway.Cli.Parsing;
using Causeway.Client;

namespace Causeway.Cli.Inspect;

/// <summary><c>causeway trace</c>: publishes a message that is marked as sampled, and shows what each node did with it.</summary>
internal sealed class TraceCommand
{
    private const string Examples = """
        Examples:
          causeway trace orders.new '{"id": 7}'
          causeway trace orders.new --http 10.0.0.7:8222,10.1.0.7:8222     what two nodes did with it

        The message is real: who subscribes gets it, with a header traceparent. Nodes tell what they did if they run with
        --trace-messages; 'causeway explain' tells without publishing anything.
        """;

    private static readonly ValueRange<Duration> WaitRange = new(Duration.FromSeconds(0), Duration.FromSeconds(60));
    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PageTimeout = TimeSpan.FromSeconds(5);

    private readonly Argument<string> _subject = SubjectArgument.ToPublish();
    private readonly Argument<string> _payload = new("payload") { Description = "The payload", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => "" };
    private readonly ConnectionOptions _connection = new();
    private readonly Option<string[]> _http = HttpOption.CreateMany();
    private readonly Option<Duration> _wait = ValueOption.Create("--wait", "How long to wait until each node tells of it", WaitRange, Duration.FromSeconds(1));
    private readonly Option<bool> _json = new("--json") { Description = "Print what the nodes tell as a JSON array" };

    public static Command Create()
    {
        TraceCommand trace = new();
        Command command = new("trace", "Publish one message that is traced, and show what each node did with it.");
        command.Arguments.Add(trace._subject);
        command.Arguments.Add(trace._payload);
        trace._connection.AddTo(command);
        command.Options.Add(trace._http);
        command.Options.Add(trace._wait);
        command.Options.Add(trace._json);
        command.SetAction(trace.RunAsync);
        HelpText.Append(command, Examples, HelpText.ExitCodes);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ActivityTraceId trace = ActivityTraceId.CreateRandom();
        MessageHeaders headers = [];
        headers.Add("traceparent", $"00-{trace.ToHexString()}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
        await using (BusClient client = await BusClient.ConnectAsync(_connection.Read(parsed), cancellationToken))
        {
            await client.PublishAsync(parsed.GetRequiredValue(_subject), Encoding.UTF8.GetBytes(parsed.GetRequiredValue(_payload)), null, headers, cancellationToken);
            await client.FlushAsync(cancellationToken);
        }

        TimeSpan wait = parsed.GetRequiredValue(_wait).Time;
        JsonElement[] pages = await Task.WhenAll(parsed.GetRequiredValue(_http).Select(node => AskAsync(node, trace.ToHexString(), wait, cancellationToken)));
        using StandardOutput output = new();
        output.Write(Encoding.UTF8.GetBytes(parsed.GetValue(_json) ? $"[{string.Join(',', pages.Select(page => page.GetRawText()))}]\n" : Show(trace.ToHexString(), pages)));
        output.Flush();
        return ExitCode.Success;
    }

    /// <summary>Asks a node until it tells of the message, or the time is over.</summary>
    private static async Task<JsonElement> AskAsync(string node, string trace, TimeSpan wait, CancellationToken cancellationToken)
    {
        Uri address = new($"http://{node}/");
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            using JsonDocument page = Parse(address, await NodePage.ReadAsync(address, $"/tracez?trace={trace}", PageTimeout, cancellationToken));
            if (page.RootElement.Rows("spans").Any() || page.RootElement.Whole("max_traced_messages_per_second") == 0 || Stopwatch.GetElapsedTime(began) >= wait)
            {
                return page.RootElement.Clone();
            }

            await Task.Delay(AskInterval, cancellationToken);
        }
    }

    private static JsonDocument Parse(Uri node, string text)
    {
        try
        {
            JsonDocument page = JsonDocument.Parse(text);
            _ = (page.RootElement.GetProperty("spans").GetArrayLength(), page.RootElement.Whole("max_traced_messages_per_second"));
            return page;
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new CommandException(ExitCode.Failure, $"{node.Authority} is no Causeway node of this version: its page can't be read ({fault.Message})");
        }
    }

    private static string Show(string trace, JsonElement[] pages)
    {
        using Report report = Report.ForTerminal();
        report.Line($"trace {trace}");
        report.Table(
            "nodes",
            ["node", "region", "came from", "delivered", "sent on to", "took"],
            [.. pages.SelectMany(page => page.Rows("spans").Select(span => Row(page, span)).DefaultIfEmpty(Nothing(page)))]);
        return report.ToString();
    }

    private static Cell[] Row(JsonElement page, JsonElement span)
    {
        string[] links = [.. span.Rows("links").Select(link => $"{link.Text("peer")} ({link.Text("region")})")];
        string from = span.Whole("cid") > 0 ? $"client {span.Whole("cid")}" : $"{span.Text("from")} ({span.Text("from_region")})";
        return
        [
            page.Text("node"), Region(page), from, span.Count("delivered"), links.Length == 0 ? "-" : string.Join(", ", links),
            $"{span.GetProperty("duration_us").GetDouble():0.0}us",
        ];
    }

    private static Cell[] Nothing(JsonElement page) =>
        [page.Text("node"), Region(page), page.Whole("max_traced_messages_per_second") == 0 ? "not traced here (--trace-messages)" : "did not come here", "-", "-", "-"];

    private static string Region(JsonElement page) => page.Has("region") ? page.Text("region") : "-";
}
