using System.CommandLine;
using Causeway.Cli.Bench;
using Causeway.Cli.Completion;
using Causeway.Cli.Configuration;
using Causeway.Cli.Direct;
using Causeway.Cli.Drills;
using Causeway.Cli.Execution;
using Causeway.Cli.Inspect;
using Causeway.Cli.Messaging;
using Causeway.Cli.NatsServer;
using Causeway.Cli.Serve;
using Causeway.Cli.Top;
using Causeway.Cli.Up;

namespace Causeway.Cli;

/// <summary>The program with all its commands, in the order in which help shows them.</summary>
internal static class AllCommands
{
    public static RootCommand Create()
    {
        RootCommand root = ProgramRoot.Create();
        Command[] commands =
        [
            UpCommand.Create(), ServeCommand.Create(), NatsServerCommand.Create(), DirectorCommand.Create(), DrainCommand.Create(),
            PubCommand.Create(), SubCommand.Create(), RequestCommand.Create(), ReplyCommand.Create(),
            LinksCommand.Create(), InterestCommand.Create(), RegionsCommand.Create(), ExplainCommand.Create(), AlarmsCommand.Create(),
            TopCommand.Create(), ClientsCommand.Create(), MemoryCommand.Create(), ConfigCommand.Create(), TraceCommand.Create(),
            DrillCommand.Create(), BenchCommand.Create(), CompletionCommand.Create(root),
        ];
        Array.ForEach(commands, root.Subcommands.Add);
        return root;
    }
}
