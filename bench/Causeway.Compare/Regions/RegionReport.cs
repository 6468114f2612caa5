using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Causeway.Compare.Regions;

/// <summary>The figures of several nodes as Markdown, a table for each scenario, and as JSON.</summary>
internal sealed class RegionReport(IReadOnlyList<RegionOutcome> outcomes, IReadOnlyList<string> servers, IReadOnlyList<string> facts)
{
    private const string Missing = "–";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private bool WithRatio => servers.Contains(ServerKind.NatsServerName) && servers.Contains(ServerKind.CausewayName);

    public string Markdown()
    {
        StringBuilder text = new();
        foreach (string fact in facts)
        {
            text.Append("- ").AppendLine(fact);
        }

        foreach (RegionOutcome outcome in outcomes)
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"### {outcome.Scenario.Name}: {outcome.Scenario.Title}").AppendLine();
            MarkdownTable.Row(text, ["figure", .. servers, .. WithRatio ? ["ratio"] : Array.Empty<string>()]);
            MarkdownTable.Row(text, ["---", .. servers.Select(_ => "---:"), .. WithRatio ? ["---:"] : Array.Empty<string>()]);
            foreach (string name in outcome.Names)
            {
                MarkdownTable.Row(text, Cells(outcome, name));
            }

            foreach ((string server, string why) in outcome.Failures)
            {
                text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"**Failed** on {server}: {why}");
            }
        }

        return text.ToString();
    }

    public string Json()
    {
        JsonArray scenarios = [];
        foreach (RegionOutcome outcome in outcomes)
        {
            JsonObject byServer = [];
            foreach (string server in servers)
            {
                JsonObject figures = [];
                foreach ((string name, double? value) in outcome.Figures.GetValueOrDefault(server)?.All ?? [])
                {
                    figures[name] = value;
                }

                byServer[server] = new JsonObject { ["figures"] = figures, ["failure"] = outcome.Failures.GetValueOrDefault(server) };
            }

            scenarios.Add(new JsonObject { ["name"] = outcome.Scenario.Name, ["title"] = outcome.Scenario.Title, ["servers"] = byServer });
        }

        return new JsonObject { ["facts"] = new JsonArray([.. facts.Select(fact => JsonValue.Create(fact))]), ["scenarios"] = scenarios }.ToJsonString(Indented);
    }

    private List<string> Cells(RegionOutcome outcome, string name)
    {
        List<string> cells = [name];
        cells.AddRange(servers.Select(server => Show(outcome, server, name)));
        if (WithRatio)
        {
            double? ratio = outcome.Figures.GetValueOrDefault(ServerKind.CausewayName)?[name] / outcome.Figures.GetValueOrDefault(ServerKind.NatsServerName)?[name];
            cells.Add(ratio is { } value && double.IsFinite(value) ? value.ToString("0.00", CultureInfo.InvariantCulture) : Missing);
        }

        return cells;
    }

    private static string Show(RegionOutcome outcome, string server, string name) =>
        outcome.Figures.GetValueOrDefault(server)?[name] is { } value ? value.ToString(Math.Abs(value) < 10 ? "0.###" : "N0", CultureInfo.InvariantCulture) : Missing;
}
