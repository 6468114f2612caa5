using System.Text.Json;
using Causeway.Compare.Regions;
using Xunit;

namespace Causeway.Compare.Tests.Regions;

public sealed class RegionReportTests
{
    private static readonly RegionScenario Scenario = new("first-sync", "a title", (_, _) => Task.FromResult(new RegionFigures()));

    [Fact]
    public void Figures_stand_side_by_side_with_their_ratio()
    {
        RegionOutcome outcome = new(Scenario);
        outcome.Figures[ServerKind.NatsServerName] = Figures(("bytes", 8000), ("s", null));
        outcome.Figures[ServerKind.CausewayName] = Figures(("bytes", 2000), ("s", 4.25));
        RegionReport report = new([outcome], [ServerKind.NatsServerName, ServerKind.CausewayName], ["a fact"]);
        string markdown = report.Markdown();
        Assert.Contains("- a fact", markdown, StringComparison.Ordinal);
        Assert.Contains("| bytes | 8,000 | 2,000 | 0.25 |", markdown, StringComparison.Ordinal);
        Assert.Contains("| s | – | 4.25 | – |", markdown, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(report.Json());
        JsonElement servers = json.RootElement.GetProperty("scenarios")[0].GetProperty("servers");
        Assert.Equal(4.25, servers.GetProperty(ServerKind.CausewayName).GetProperty("figures").GetProperty("s").GetDouble());
        Assert.Equal(JsonValueKind.Null, servers.GetProperty(ServerKind.NatsServerName).GetProperty("figures").GetProperty("s").ValueKind);
    }

    [Fact]
    public void One_server_has_no_ratio_and_a_failure_says_why()
    {
        RegionOutcome outcome = new(Scenario);
        outcome.Failures[ServerKind.CausewayName] = "it ended";
        string markdown = new RegionReport([outcome], [ServerKind.CausewayName], []).Markdown();
        Assert.DoesNotContain("ratio", markdown, StringComparison.Ordinal);
        Assert.Contains("**Failed** on causeway: it ended", markdown, StringComparison.Ordinal);
    }

    private static RegionFigures Figures(params (string Name, double? Value)[] all)
    {
        RegionFigures figures = new();
        foreach ((string name, double? value) in all)
        {
            figures.Add(name, value);
        }

        return figures;
    }
}
