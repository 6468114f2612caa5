using System.CommandLine;
using Causeway.Cli.Execution;
using Causeway.Cli.Messaging;

RootCommand root = ProgramRoot.Create();
root.Subcommands.Add(PubCommand.Create());
root.Subcommands.Add(SubCommand.Create());
root.Subcommands.Add(RequestCommand.Create());
root.Subcommands.Add(ReplyCommand.Create());
return await CommandRunner.RunAsync(root, args, Console.Error);
