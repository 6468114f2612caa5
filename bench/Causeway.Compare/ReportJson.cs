using System.Text.Json;
using System.Text.Json.Nodes;

namespace Causeway.Compare;

/// <summary>The comparison as JSON, each round of each scenario included.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Write(IReadOnlyList<ScenarioOutcome> outcomes, IReadOnlyList<string> servers, IReadOnlyList<string> facts)
    {
        JsonArray scenarios = [];
        foreach (ScenarioOutcome outcome in outcomes)
        {
            JsonObject byServer = [];
            foreach (string server in servers)
            {
                byServer[server] = new JsonObject
                {
                    ["median"] = outcome.Median(server) is { } median ? Figures(median) : null,
                    ["rounds"] = new JsonArray([.. outcome.Rounds(server).Select(Figures)]),
                    ["failure"] = outcome.Failures.TryGetValue(server, out string? why) ? why : null,
                };
            }

            scenarios.Add(new JsonObject { ["name"] = outcome.Scenario.Name, ["title"] = outcome.Scenario.Title, ["servers"] = byServer });
        }

        JsonObject root = new()
        {
            ["facts"] = new JsonArray([.. facts.Select(fact => JsonValue.Create(fact))]),
            ["scenarios"] = scenarios,
        };
        return root.ToJsonString(Indented);
    }

    private static JsonObject Figures(Measurement measurement)
    {
        JsonObject figures = [];
        foreach ((Metric metric, double value) in measurement.Figures)
        {
            figures[JsonNamingPolicy.SnakeCaseLower.ConvertName(metric.ToString())] = value;
        }

        return figures;
    }
}
