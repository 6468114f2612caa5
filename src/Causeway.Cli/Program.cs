using System.CommandLine;
using Causeway.Cli.Bench;
using Causeway.Cli.Serve;

RootCommand root = new("Causeway: a message bus that NATS clients use unchanged.")
{
    ServeCommand.Create(),
    BenchCommand.Create(),
};
return await root.Parse(args).InvokeAsync().ConfigureAwait(false);
