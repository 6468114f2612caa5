using System.CommandLine;
using Causeway.Cli.Serve;

RootCommand root = new("Causeway: a message bus.");
root.Subcommands.Add(ServeCommand.Create());
return await root.Parse(args).InvokeAsync().ConfigureAwait(false);
