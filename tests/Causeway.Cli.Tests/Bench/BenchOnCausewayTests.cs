using Xunit;

namespace Causeway.Cli.Tests.Bench;

public sealed class BenchOnCausewayTests(CausewayBenchServer server) : BenchSmokeTests(server), IClassFixture<CausewayBenchServer>;
