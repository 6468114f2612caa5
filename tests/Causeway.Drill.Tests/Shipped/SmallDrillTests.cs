using System.Reflection;
using Causeway.Drill.Deployments;
using Causeway.Drill.Expectations;
using Causeway.Drill.Results;
using Causeway.Drill.Scripts;
using Xunit;

namespace Causeway.Drill.Tests.Shipped;

/// <summary>
/// Shipped drills that need little of the machine; they run beside others. How long a script may take: starting nodes and leaving in
/// good order take their time at any scale.
/// </summary>
public sealed class SmallDrillTests
{
    [Theory]
    [InlineData("rolling-upgrade", "0.1", 10)]
    [InlineData("flapping-link", "0.1", 6)]
    [InlineData("subscription-storm", "0.1", 6)]
    public Task A_shipped_drill_is_survived_at_small_scale(string name, string size, double seconds) => SmallDrill.IsSurvivedAsync(name, size, seconds);

    [Fact]
    public void Every_shipped_drill_is_run_small()
    {
        IEnumerable<string> run = new[] { typeof(SmallDrillTests), typeof(SmallRegionDrillTests), typeof(HeavyDrillTests) }
            .SelectMany(tests => tests.GetMethods()).SelectMany(test => test.GetCustomAttributes<InlineDataAttribute>()).Select(data => (string)data.Data[0]!);
        Assert.Equal(ShippedDrills.Names, run.Order());
    }

    [Fact]
    public async Task The_same_script_runs_against_nats_server()
    {
        Assert.True(NatsDeployment.IsInstalled, "nats-server is not installed");
        DrillResult result = await SmallDrill.RunAsync(null, "sydney-cut", "--size", "0.1", "--scale", "10", "--bus", "nats-server");
        Assert.Equal("nats-server", result.Bus);
        Assert.StartsWith("nats-server 2.", result.Version, StringComparison.Ordinal);
        Assert.Equal(Verdict.Met, result.Expectations.Single(outcome => outcome.Key == "steps-done").Verdict);
        Assert.Equal(Verdict.NotTold, result.Expectations.Single(outcome => outcome.Key == "converged-within").Verdict);

        // A sample may lack a node that did not answer in time.
        Assert.All(result.Series.Nodes, node => Assert.True(node.ResidentBytes.Any(bytes => bytes > 0) && node.ResidentBytes.All(bytes => bytes is null or > 0)));
    }
}
