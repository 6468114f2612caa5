using Causeway.Tests.Support.Servers;

namespace Causeway.Cli.Tests.Bench;

public sealed class CausewayBenchServer() : BenchServer(ServerKinds.Causeway);
