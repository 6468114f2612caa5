using Xunit;

namespace Causeway.Compare.Tests;

public sealed class ReportTests
{
    private static readonly string[] Both = [ServerKind.NatsServerName, ServerKind.CausewayName];

    private static readonly Scenario Throughput = new(
        "s", "a scenario", ScenarioGroup.Throughput, ClientKind.Generator, [], [Target.RatioAtLeast(Metric.Rate, 1.2), Target.RatioAtMost(Metric.CpuUs, 0.6)]);

    private static readonly Scenario Holding = new(
        "h", "held", ScenarioGroup.Holding, ClientKind.Generator, [], [Target.AmountAtMost(Metric.BytesEach, 300)]);

    [Theory]
    [InlineData(120, 0.6, "| met |", true)]
    [InlineData(119, 0.6, "| **missed**: rate |", false)]
    [InlineData(120, 0.61, "| **missed**: CPU |", false)]
    [InlineData(100, 1.0, "| **missed**: rate, CPU |", false)]
    public void Ratio_targets_are_judged_against_the_reference(double rate, double cpu, string verdict, bool met)
    {
        ScenarioOutcome outcome = new(Throughput);
        outcome.Add(ServerKind.NatsServerName, Rounds.Of((Metric.Rate, 100), (Metric.CpuUs, 1), (Metric.RssBytes, 12e6)));
        outcome.Add(ServerKind.CausewayName, Rounds.Of((Metric.Rate, rate), (Metric.CpuUs, cpu), (Metric.RssBytes, 50e6)));
        Report report = new([outcome], Both, ["a fact"]);
        string markdown = report.Markdown();
        Assert.Contains("- a fact", markdown, StringComparison.Ordinal);
        Assert.Contains(verdict, markdown, StringComparison.Ordinal);
        Assert.Contains("rate ≥ 1.2x, CPU ≤ 0.6x", markdown, StringComparison.Ordinal);
        Assert.Equal(met, report.AllMet);
    }

    [Fact]
    public void Every_row_of_a_table_has_the_cells_of_its_heading()
    {
        ScenarioOutcome one = new(Throughput);
        one.Add(ServerKind.NatsServerName, Rounds.Of((Metric.Rate, 100)));
        ScenarioOutcome two = new(Throughput with { Targets = [] });
        foreach (string[] servers in new[] { Both, [ServerKind.NatsServerName], [ServerKind.CausewayName] })
        {
            string[] rows = [.. new Report([one, two], servers, []).Markdown().Split('\n').Where(line => line.StartsWith('|'))];
            Assert.Equal(4, rows.Length);
            Assert.Single(rows.Select(row => row.Count(c => c == '|')).Distinct());
        }
    }

    [Fact]
    public void Amounts_are_judged_without_a_reference()
    {
        ScenarioOutcome outcome = new(Holding);
        outcome.Add(ServerKind.CausewayName, Rounds.Of((Metric.BytesEach, 301)));
        Report report = new([outcome], [ServerKind.CausewayName], []);
        Assert.Contains("**missed**: bytes each", report.Markdown(), StringComparison.Ordinal);
        Assert.False(report.AllMet);
    }

    [Fact]
    public void Ratios_are_not_judged_without_a_reference()
    {
        ScenarioOutcome outcome = new(Throughput);
        outcome.Add(ServerKind.CausewayName, Rounds.Of((Metric.Rate, 1), (Metric.CpuUs, 100)));
        Report report = new([outcome], [ServerKind.CausewayName], []);
        Assert.DoesNotContain("missed", report.Markdown(), StringComparison.Ordinal);
        Assert.True(report.AllMet);
    }

    [Fact]
    public void A_failed_round_takes_the_scenario_out_and_says_why()
    {
        ScenarioOutcome outcome = new(Throughput);
        outcome.Add(ServerKind.NatsServerName, Rounds.Of((Metric.Rate, 100), (Metric.CpuUs, 1)));
        outcome.Add(ServerKind.CausewayName, Rounds.Of((Metric.Rate, 200), (Metric.CpuUs, 0.1)));
        outcome.Fail(ServerKind.CausewayName, "messages are missing");
        Report report = new([outcome], Both, []);
        string markdown = report.Markdown();
        Assert.Contains("**Failed:** a scenario on causeway: messages are missing", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("| met |", markdown, StringComparison.Ordinal);
        Assert.False(report.AllMet);
    }

    [Fact]
    public void The_json_has_medians_rounds_and_failures()
    {
        ScenarioOutcome outcome = new(Throughput);
        outcome.Add(ServerKind.NatsServerName, Rounds.Of((Metric.CpuUs, 1)));
        outcome.Add(ServerKind.NatsServerName, Rounds.Of((Metric.CpuUs, 3)));
        outcome.Fail(ServerKind.CausewayName, "no");
        string json = ReportJson.Write([outcome], Both, "servers", ["f"]).ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal);
        Assert.Contains("\"nats-server\":{\"median\":{\"cpu_us\":2},\"rounds\":[{\"cpu_us\":1},{\"cpu_us\":3}],\"failure\":null}", json, StringComparison.Ordinal);
        Assert.Contains("\"causeway\":{\"median\":null,\"rounds\":[],\"failure\":\"no\"}", json, StringComparison.Ordinal);
    }
}
