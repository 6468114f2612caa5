using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Causeway.Cli.Execution;

/// <summary>Adds sections behind a command's generated help.</summary>
internal static class HelpText
{
    public const string ExitCodes = """
        Exit codes:
          0    done
          1    wrong options or input
          2    can't connect, or the connection was lost
          3    what was waited for did not come in time
          4    nobody responds on the subject of a request
          5    the server refused, or something else failed
          6    a drill did not come out as it expects
          130  ended by Ctrl-C (141: the reader of the output is gone, 143: SIGTERM)
        """;

    /// <summary>Shows the sections behind the help of <paramref name="command"/> itself; its subcommands have their own.</summary>
    public static void Append(Command command, params string[] sections)
    {
        HelpOption? help = command.Options.OfType<HelpOption>().FirstOrDefault();
        if (help is null)
        {
            help = new HelpOption();
            command.Options.Add(help);
        }

        help.Action = new AppendedHelp((HelpAction)help.Action!, command, sections);
    }

    private sealed class AppendedHelp(HelpAction generated, Command command, string[] sections) : SynchronousCommandLineAction
    {
        public override bool Terminating => true;

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int exitCode = generated.Invoke(parseResult);
            if (parseResult.CommandResult.Command == command)
            {
                TextWriter output = parseResult.InvocationConfiguration.Output;
                foreach (string section in sections)
                {
                    output.WriteLine(section);
                    output.WriteLine();
                }
            }

            return exitCode;
        }
    }
}
