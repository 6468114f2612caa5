using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Causeway.Cli.Execution;
using Causeway.Cli.Parsing;
using Causeway.Cli.Serve;
using Causeway.Director.Control;

namespace Causeway.Cli.Direct;

/// <summary><c>causeway drain region|node</c>: asks a director to empty a region or a node.</summary>
internal sealed class DrainCommand
{
    private const string RegionExamples = """
        Examples:
          causeway drain region us-west-1 --token-file token
          causeway drain region us-west-1 --deadline 30m --stop-nodes --director http://10.0.0.5:8080 --token-file token
          causeway drain region us-west-1 --undo --token-file token

        The region gets no new clients. Those that follow the directors are moved as fast as other regions take them; others stay until
        the nodes stop, which --stop-nodes asks for once the region is empty, at the deadline in any case.
        """;

    private const string NodeExamples = """
        Examples:
          causeway drain node us-west-1 w2 --token-file token

        The node leaves in lame-duck mode: clients are told and closed over its --lame-duck-duration. This can't be undone.
        """;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly Option<string> _director = ServeOptions.Url("--director", "The director's URL", "http://127.0.0.1:8080", CheckUrl);
    private readonly Option<string> _token = ServeOptions.Text("--token-file", "File with the operators' token", "", _ => null);

    public static Command Create()
    {
        Command drain = new("drain", "Empty a region or a node, by a director.");
        drain.Subcommands.Add(new DrainCommand().CreateRegion());
        drain.Subcommands.Add(new DrainCommand().CreateNode());
        return drain;
    }

    private Command CreateRegion()
    {
        Argument<string> region = new("region") { Description = "The region's name" };
        Option<bool> undo = new("--undo") { Description = "End the drain: the region takes clients again" };
        Option<bool> stop = new("--stop-nodes") { Description = "Have the nodes leave once the region is empty, at the deadline in any case" };
        Option<Duration> deadline = ValueOption.Create(
            "--deadline", "How long the drain may take", new ValueRange<Duration>(Duration.FromSeconds(1), new Duration(DirectorActions.MaxDeadline)), new Duration(DirectorActions.DefaultDeadline));
        Command command = new("region", "Give a region no more clients, and move those that it has.") { region, undo, stop, deadline };
        return Complete(command, RegionExamples, parsed =>
        {
            string name = parsed.GetRequiredValue(region);
            string path = $"drain/region/{Uri.EscapeDataString(name)}";
            return parsed.GetValue(undo)
                ? new Order(HttpMethod.Delete, path, $"region {name} takes clients again")
                : new Order(
                    HttpMethod.Post,
                    string.Create(CultureInfo.InvariantCulture, $"{path}?deadline_s={parsed.GetRequiredValue(deadline).Time.TotalSeconds}&stop_nodes={(parsed.GetValue(stop) ? "true" : "false")}"),
                    $"region {name} is being drained: no more clients come, and those that follow the directors go; the operations page shows how far it is");
        });
    }

    private Command CreateNode()
    {
        Argument<string> region = new("region") { Description = "The node's region" };
        Argument<string> node = new("node") { Description = "The node's name" };
        Command command = new("node", "Have a node leave in lame-duck mode.") { region, node };
        return Complete(command, NodeExamples, parsed => new Order(
            HttpMethod.Post,
            $"drain/node/{Uri.EscapeDataString(parsed.GetRequiredValue(region))}/{Uri.EscapeDataString(parsed.GetRequiredValue(node))}",
            $"node {parsed.GetRequiredValue(node)} leaves: its clients are told to go elsewhere, then its process ends"));
    }

    private Command Complete(Command command, string examples, Func<ParseResult, Order> order)
    {
        command.Options.Add(_director);
        command.Options.Add(_token);
        command.SetAction((parsed, cancellation) => SendAsync(parsed, order(parsed), cancellation));
        HelpText.Append(command, examples, HelpText.ExitCodes);
        return command;
    }

    private async Task<int> SendAsync(ParseResult parsed, Order order, CancellationToken cancellation)
    {
        List<string> faults = [];
        byte[] token = SecretFile.Read(_token.Name, parsed.GetRequiredValue(_token), faults);
        if (faults.Count > 0 || token.Length == 0)
        {
            throw new CommandException(ExitCode.Usage, faults.Count > 0 ? faults[0] : "--token-file is needed: the file with the operators' token");
        }

        Uri director = new(parsed.GetRequiredValue(_director).TrimEnd('/') + "/");
        using SocketsHttpHandler handler = new() { UseProxy = false };
        using HttpClient client = new(handler) { Timeout = Timeout };
        using HttpRequestMessage message = new(order.Method, new Uri(director, order.Path));
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Encoding.UTF8.GetString(token));
        try
        {
            using HttpResponseMessage response = await client.SendAsync(message, cancellation);
            string problem = Problem(await response.Content.ReadAsStringAsync(cancellation));
            if (response.IsSuccessStatusCode && problem.Length == 0)
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(order.Done);
                return ExitCode.Success;
            }

            throw new CommandException(ExitCode.Failure, $"{director.Authority} refuses: {(problem.Length > 0 ? problem : $"status {(int)response.StatusCode}")}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer from {director.Authority} within {Timeout.TotalSeconds:0} s; it may still happen");
        }
        catch (HttpRequestException fault)
        {
            string reason = fault.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } ? "connection refused" : fault.Message;
            throw new CommandException(ExitCode.Connection, $"can't reach {director.Authority}: {reason}");
        }
    }

    private static string Problem(string text)
    {
        try
        {
            using JsonDocument answer = JsonDocument.Parse(text);
            return answer.RootElement.GetProperty("problem").GetString() ?? "";
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return text.Length == 0 ? "" : "the answer is not a director's";
        }
    }

    private static string? CheckUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" ? null : "accepted is an http or https URL";

    /// <summary>What a director is asked, and what is said once it has agreed.</summary>
    private sealed record Order(HttpMethod Method, string Path, string Done);
}
