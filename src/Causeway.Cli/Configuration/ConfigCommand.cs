using System.CommandLine;
using Causeway.Cli.Execution;
using Causeway.Cli.Serve;

namespace Causeway.Cli.Configuration;

/// <summary><c>causeway config check FILE</c>: says whether a node could be started with a configuration file.</summary>
internal static class ConfigCommand
{
    private const string Examples = """
        Examples:
          causeway config check /etc/causeway.conf
          causeway config check new.conf && kill -HUP $(cat /run/causeway.pid)

        Prints 'FILE: ok', or on standard error a line for each thing that is not right: FILE:LINE: 'key': what is wrong, and what is
        accepted. 20 lines are told at most, and how many more there are. Files that it names are read; whether addresses are free is not
        looked at. A fault of syntax, as a brace that is missing, is told alone: what comes behind it can't be read.
        """;

    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "The configuration file" };
        Command check = new("check", "Say whether a node could be started with a configuration file.") { file };
        check.SetAction((parsed, _) => CheckAsync(parsed.GetRequiredValue(file)));
        HelpText.Append(check, Examples, HelpText.ExitCodes);
        return new Command("config", "Look at configuration files.") { check };
    }

    private static async Task<int> CheckAsync(string file)
    {
        IReadOnlyList<string> faults = ServeCommand.Check(file);
        foreach (string fault in faults)
        {
            await Console.Error.WriteLineAsync(fault);
        }

        if (faults.Count == 0)
        {
            await Console.Out.WriteLineAsync($"{file}: ok");
        }

        return faults.Count == 0 ? ExitCode.Success : ExitCode.Usage;
    }
}
