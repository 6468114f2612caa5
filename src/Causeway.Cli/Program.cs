using System.CommandLine;
using Causeway.Cli;
using Causeway.Cli.Execution;
using Causeway.Cli.NatsServer;
using Causeway.Cli.Serve;

// Flags of nats-server are Go's, of another kind than other commands'.
if (args is [NatsServerCommand.Name, ..] || NatsServerCommand.IsProgramName(ProgramRoot.CalledAs))
{
    return await NatsServerCommand.RunAsync(args is [NatsServerCommand.Name, ..] ? args[1..] : args, Console.Out, Console.Error);
}

if (args is [ServeCommand.Name, ..])
{
    // A node lives long, and shall not hold in memory what other commands are made of.
    RootCommand root = ProgramRoot.Create();
    root.Subcommands.Add(ServeCommand.Create());
    return await CommandRunner.RunAsync(root, args, Console.Error);
}

return await CommandRunner.RunAsync(AllCommands.Create(), args, Console.Error);
