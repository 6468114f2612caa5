using System.CommandLine;
using Causeway.Cli.Bench;

RootCommand root = new("Causeway: a message bus that NATS clients use unchanged.") { BenchCommand.Create() };
return root.Parse(args).Invoke();
