using System.Text.Json;
using System.Text.Json.Nodes;

namespace Causeway.Compare;

/// <summary>The comparison as JSON, each round of each scenario included.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <param name="outcomes">What was measured.</param>
    /// <param name="compared">The servers or clients that were compared.</param>
    /// <param name="key">What they are called together, in the object.</param>
    /// <param name="facts">How it was measured.</param>
    public static string Write(IReadOnlyList<Outcome> outcomes, IReadOnlyList<string> compared, string key, IReadOnlyList<string> facts)
    {
        JsonArray scenarios = [];
        foreach (Outcome outcome in outcomes)
        {
            JsonObject each = [];
            foreach (string one in compared)
            {
                each[one] = new JsonObject
                {
                    ["median"] = outcome.Median(one) is { } median ? Figures(median) : null,
                    ["rounds"] = new JsonArray([.. outcome.Rounds(one).Select(Figures)]),
                    ["failure"] = outcome.Failures.TryGetValue(one, out string? why) ? why : null,
                };
            }

            scenarios.Add(new JsonObject { ["name"] = outcome.Name, ["title"] = outcome.Title, [key] = each });
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
