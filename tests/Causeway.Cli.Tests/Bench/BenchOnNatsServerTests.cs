using Xunit;

namespace Causeway.Cli.Tests.Bench;

public sealed class BenchOnNatsServerTests(NatsBenchServer server) : BenchSmokeTests(server), IClassFixture<NatsBenchServer>;
