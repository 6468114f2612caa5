using System.CommandLine;
using System.Text;
using System.Text.Json;
using Causeway.Cli.Execution;
using Causeway.Cli.Output;
using Causeway.Cli.Parsing;

namespace Causeway.Cli.Inspect;

/// <summary>A command that reads a monitoring page of a node and prints it as tables, or with <c>--json</c> as it is.</summary>
internal abstract class InspectCommand
{
    private static readonly ValueRange<Duration> TimeoutRange = new(Duration.FromSeconds(0.001), Duration.FromSeconds(3600));

    private readonly Option<string> _http = HttpOption.Create();
    private readonly Option<bool> _json = new("--json") { Description = "Print the page as the node gives it" };
    private readonly Option<Duration> _timeout = ValueOption.Create("--timeout", "How long to wait for the node's answer", TimeoutRange, Duration.FromSeconds(5), null, "-t");

    /// <summary>The page to read, with its parameters.</summary>
    protected abstract string Path(ParseResult parsed);

    /// <summary>Prints the page.</summary>
    protected abstract void Print(JsonElement page, Report report);

    /// <summary>Adds the options that all of these commands have, and what the command does.</summary>
    protected Command Complete(Command command, string examples)
    {
        command.Options.Add(_http);
        command.Options.Add(_json);
        command.Options.Add(_timeout);
        command.SetAction(RunAsync);
        HelpText.Append(command, examples, HelpText.ExitCodes);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Uri node = new($"http://{parsed.GetRequiredValue(_http)}/");
        string text = await NodePage.ReadAsync(node, Path(parsed), parsed.GetRequiredValue(_timeout).Time, cancellationToken);
        if (parsed.GetValue(_json))
        {
            Write(text.TrimEnd() + "\n");
            return ExitCode.Success;
        }

        using Report report = Report.ForTerminal();
        try
        {
            using JsonDocument page = JsonDocument.Parse(text);
            Print(page.RootElement, report);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new CommandException(ExitCode.Failure, $"{node.Authority} is no Causeway node of this version: its page can't be read ({fault.Message})");
        }

        Write(report.ToString());
        return ExitCode.Success;
    }

    private static void Write(string text)
    {
        using StandardOutput output = new();
        output.Write(Encoding.UTF8.GetBytes(text));
        output.Flush();
    }
}
