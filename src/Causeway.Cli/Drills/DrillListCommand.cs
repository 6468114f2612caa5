using System.CommandLine;
using Causeway.Cli.Execution;
using Causeway.Cli.Output;
using Causeway.Drill.Scripts;

namespace Causeway.Cli.Drills;

/// <summary><c>causeway drill list</c>: the shipped drills.</summary>
internal static class DrillListCommand
{
    public const string Name = "list";

    public static Command Create()
    {
        Command command = new(Name, "List the shipped drills with what they are and how long they take.");
        command.SetAction(parsed => Print(parsed.InvocationConfiguration.Output));
        return command;
    }

    public static int Print(TextWriter output)
    {
        using Report report = Report.ForTerminal();
        DrillScript[] drills = [.. ShippedDrills.Names.Select(ShippedDrills.Find)];
        report.Table(
            "shipped drills",
            ["drill", "takes", "what it is"],
            [.. drills.Select(drill => (Cell[])[drill.Name, ScriptText.Span(drill.Lasts / drill.TimeScale), drill.Description])]);
        output.Write(report.ToString());
        return ExitCode.Success;
    }
}
