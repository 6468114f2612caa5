using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Causeway.Cli.Output;
using Causeway.Drill.Deployments;

namespace Causeway.Cli.Up;

/// <summary>What is up and where, as tables for people or as JSON.</summary>
internal static class UpReport
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Tables, plain where the output is no terminal.</summary>
    public static string Tables(CausewayDeployment deployment, bool hasLoad)
    {
        using Report report = Report.ForTerminal();
        string number = string.Create(CultureInfo.InvariantCulture, $"{deployment.Nodes.Count} nodes in {deployment.Regions.Count} {(deployment.Regions.Count == 1 ? "region" : "regions")}");
        report.Line($"{number} are up{(hasLoad ? ", with clients that chat and call" : "")}");
        report.Table(
            "nodes", ["region", "node", "clients connect to", "pages", "process"],
            [.. Ordered(deployment).Select(node => (Cell[])
            [
                node.Region, node.Name, node.ClientAddress, node.MonitoringUrl.ToString(), new Cell(node.ProcessId.ToString(CultureInfo.InvariantCulture), IsNumber: true),
            ])]);
        report.Table(
            "links between regions", ["between", "and", "round trip"],
            [.. Pairs(deployment.Regions).Select(pair => (Cell[])[pair.One, pair.Other, new Cell($"{Milliseconds(pair)} ms", IsNumber: true)])]);
        report.Line();
        if (deployment.DirectorUrl is { } director)
        {
            report.Line($"operations page  {director}ops");
            report.Line($"log in with      the token in {deployment.OperatorTokenFile}");
            report.Line($"status page      {director}status");
        }

        report.Line($"logs             {deployment.Folder}");
        return report.ToString();
    }

    /// <summary>One JSON object.</summary>
    public static string Json(CausewayDeployment deployment)
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter json = new(text, Indented))
        {
            json.WriteStartObject();
            json.WriteString("director_url", deployment.DirectorUrl?.ToString());
            json.WriteString("operator_token_file", deployment.OperatorTokenFile);
            json.WriteString("logs", deployment.Folder);
            json.WriteStartArray("nodes");
            foreach (IDeploymentNode node in Ordered(deployment))
            {
                json.WriteStartObject();
                json.WriteString("region", node.Region);
                json.WriteString("name", node.Name);
                json.WriteString("client_address", node.ClientAddress);
                json.WriteString("monitoring_url", node.MonitoringUrl.ToString());
                json.WriteNumber("process", node.ProcessId);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("links");
            foreach ((string One, string Other) pair in Pairs(deployment.Regions))
            {
                json.WriteStartObject();
                json.WriteString("one", pair.One);
                json.WriteString("other", pair.Other);
                json.WriteNumber("rtt_ms", Milliseconds(pair));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(text.ToArray()) + "\n";
    }

    private static int Milliseconds((string One, string Other) pair) => (int)WanLatency.RoundTrip(pair.One, pair.Other).TotalMilliseconds;

    private static IEnumerable<IDeploymentNode> Ordered(CausewayDeployment deployment) =>
        deployment.Regions.SelectMany(region => deployment.Nodes.Where(node => node.Region == region));

    private static IEnumerable<(string One, string Other)> Pairs(IReadOnlyList<string> regions) =>
        regions.SelectMany((one, i) => regions.Skip(i + 1).Select(other => (one, other)));
}
