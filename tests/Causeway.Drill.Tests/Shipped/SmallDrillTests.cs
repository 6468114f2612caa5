using System.Globalization;
using System.Text;
using Causeway.Drill.Deployments;
using Causeway.Drill.Engine;
using Causeway.Drill.Expectations;
using Causeway.Drill.Report;
using Causeway.Drill.Results;
using Causeway.Drill.Scripts;
using Xunit;

namespace Causeway.Drill.Tests.Shipped;

/// <summary>All shipped drills, small and fast, with real processes.</summary>
public sealed class SmallDrillTests
{
    public static TheoryData<string> Names => [.. ShippedDrills.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_shipped_drill_is_survived_at_small_scale(string name)
    {
        (string size, double seconds) = Small(name);
        double scale = ShippedDrills.Find(name).Lasts.TotalSeconds / seconds;
        DrillResult result = await RunAsync(DrillBuses.Causeway, 0, name, "--size", size, "--scale", scale.ToString("0.##", CultureInfo.InvariantCulture));
        Assert.True(result.IsMet);
        Assert.Equal(0, result.Figures.Single(figure => figure.Key == "local_lost").Value);
        Assert.True(result.Figures.Single(figure => figure.Key == "memory_peak_share").Value < 1);
        Assert.NotNull(result.ConvergedAfterSeconds);
        Assert.Contains("<h1>" + name + "</h1>", ReportPage.Of([result]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_script_runs_against_nats_server()
    {
        Assert.True(NatsDeployment.IsInstalled, "nats-server is not installed");
        DrillResult result = await RunAsync(DrillBuses.NatsServer, null, "sydney-cut", "--size", "0.1", "--scale", "10", "--bus", "nats-server");
        Assert.StartsWith("nats-server 2.", result.Version, StringComparison.Ordinal);
        Assert.Equal(Verdict.Met, result.Expectations.Single(outcome => outcome.Key == "steps-done").Verdict);
        Assert.Equal(Verdict.NotTold, result.Expectations.Single(outcome => outcome.Key == "converged-within").Verdict);
        Assert.All(result.Series.Nodes, node => Assert.All(node.ResidentBytes, bytes => Assert.True(bytes > 0)));
    }

    /// <summary>
    /// The size, and how long the script may take of the machine's clock. Starting nodes and leaving in good order take their time at any
    /// scale, a director believes a region lost only after some seconds, and a few stuck clients that get little hurt nobody.
    /// </summary>
    private static (string Size, double Seconds) Small(string name) => name switch
    {
        "march-8" => ("0.3", 10),
        "slow-consumer-flood" => ("1", 12),
        "rolling-upgrade" => ("0.1", 10),
        "region-loss" => ("0.1", 24),
        _ => ("0.1", 6),
    };

    private static async Task<DrillResult> RunAsync(string bus, int? exitCode, params string[] arguments)
    {
        (int code, string output, string timeline) = await DrillProcess.RunAsync([.. arguments, "--json", "-"]);
        Assert.True(code == (exitCode ?? code) && code is 0 or 6, $"exit code {code}\n{timeline}");
        DrillResult result = Assert.Single(ResultFile.Read("output", Encoding.UTF8.GetBytes(output)));
        Assert.Equal(bus, result.Bus);
        return result;
    }
}
