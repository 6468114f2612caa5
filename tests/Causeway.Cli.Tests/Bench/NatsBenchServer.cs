using Causeway.Tests.Support.Servers;

namespace Causeway.Cli.Tests.Bench;

public sealed class NatsBenchServer() : BenchServer(ServerKinds.Nats);
