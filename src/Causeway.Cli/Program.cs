using System.CommandLine;
using Causeway.Cli.Bench;
using Causeway.Cli.Execution;
using Causeway.Cli.Inspect;
using Causeway.Cli.Messaging;
using Causeway.Cli.Serve;

RootCommand root = ProgramRoot.Create();
root.Subcommands.Add(ServeCommand.Create());
root.Subcommands.Add(PubCommand.Create());
root.Subcommands.Add(SubCommand.Create());
root.Subcommands.Add(RequestCommand.Create());
root.Subcommands.Add(ReplyCommand.Create());
root.Subcommands.Add(LinksCommand.Create());
root.Subcommands.Add(InterestCommand.Create());
root.Subcommands.Add(RegionsCommand.Create());
root.Subcommands.Add(ExplainCommand.Create());
root.Subcommands.Add(BenchCommand.Create());
return await CommandRunner.RunAsync(root, args, Console.Error);
