using System.CommandLine;
using Causeway.Cli.Execution;
using Causeway.Drill.Results;

namespace Causeway.Cli.Drills;

/// <summary><c>causeway drill compare</c>: two results of the same drill side by side.</summary>
internal static class DrillCompareCommand
{
    private const string Examples = """
        Examples:
          causeway drill march-8 --json causeway.json
          causeway drill march-8 --bus nats-server --json nats.json
          causeway drill compare causeway.json nats.json --report both.html
        """;

    public static Command Create()
    {
        Argument<string> left = new("left") { Description = "A file that --json wrote" };
        Argument<string> right = new("right") { Description = "Another one, of the same drill" };
        Option<string> report = new("--report") { Description = "Write the report to this file", HelpName = "file", Required = true };
        Command command = new("compare", "Lay two results of the same drill side by side in one report.") { left, right, report };
        command.SetAction(parsed =>
        {
            DrillResult one = Read(parsed.GetRequiredValue(left));
            DrillResult other = Read(parsed.GetRequiredValue(right));
            if (one.Drill != other.Drill)
            {
                throw new CommandException(ExitCode.Usage, $"'{one.Drill}' and '{other.Drill}' are different drills; accepted are two results of the same one");
            }

            DrillFiles files = new(parsed.GetRequiredValue(report), json: null);
            foreach (string line in files.Write([one, other]))
            {
                parsed.InvocationConfiguration.Output.WriteLine(line);
            }

            return ExitCode.Success;
        });
        HelpText.Append(command, Examples);
        return command;
    }

    private static DrillResult Read(string path)
    {
        IReadOnlyList<DrillResult> results = ResultFile.Read(path);
        return results.Count == 1
            ? results[0]
            : throw new CommandException(ExitCode.Usage, $"'{path}' has {results.Count} results; accepted is a file with one");
    }
}
