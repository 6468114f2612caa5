using System.Globalization;
using System.Text;

namespace Causeway.Compare;

/// <summary>The comparison as Markdown: how it was made, then one table per group of scenarios.</summary>
internal sealed class Report(IReadOnlyList<ScenarioOutcome> outcomes, IReadOnlyList<string> servers, IReadOnlyList<string> facts)
{
    private const string Missing = "–";

    private static readonly Dictionary<ScenarioGroup, string> Titles = new()
    {
        [ScenarioGroup.Throughput] = "Throughput (a message: one published where nobody subscribes, else one delivered)",
        [ScenarioGroup.Latency] = "Request and reply",
        [ScenarioGroup.Holding] = "Subscriptions and connections held",
        [ScenarioGroup.Start] = "Start",
    };

    /// <summary>The server that ratios refer to, where both are compared.</summary>
    private readonly string? _reference =
        servers.Contains(ServerKind.NatsServerName) && servers.Contains(ServerKind.CausewayName) ? ServerKind.NatsServerName : null;

    /// <summary>Every target that could be judged is met and no scenario failed.</summary>
    public bool AllMet => outcomes.All(outcome => outcome.Failures.Count == 0 && outcome.Scenario.Targets.All(target => Met(outcome, target) != false));

    /// <summary>One round in a few words.</summary>
    public static string Line(Measurement measurement) => string.Join(
        ", ",
        measurement.Figures.Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Key} {figure.Value:#,0.###}")));

    public string Markdown()
    {
        StringBuilder text = new();
        foreach (string fact in facts)
        {
            text.Append("- ").AppendLine(fact);
        }

        foreach (IGrouping<ScenarioGroup, ScenarioOutcome> group in outcomes.GroupBy(outcome => outcome.Scenario.Group))
        {
            text.AppendLine().Append("### ").AppendLine(Titles[group.Key]).AppendLine();
            Table(text, group.Key, [.. group]);
        }

        foreach (ScenarioOutcome outcome in outcomes)
        {
            foreach ((string server, string why) in outcome.Failures)
            {
                text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"**Failed:** {outcome.Scenario.Title} on {server}: {why}");
            }
        }

        return text.ToString();
    }

    private void Table(StringBuilder text, ScenarioGroup group, List<ScenarioOutcome> rows)
    {
        IReadOnlyList<Column> columns = Column.Of(group);
        List<string> headings = ["scenario"];
        foreach (Column column in columns)
        {
            headings.AddRange(servers.Select(server => $"{column.Heading} {server}"));
            if (column.WithRatio && _reference is not null)
            {
                headings.Add("ratio");
            }
        }

        bool judged = servers.Contains(ServerKind.CausewayName) && rows.Exists(row => row.Scenario.Targets.Length > 0);
        if (judged)
        {
            headings.AddRange(["target", "result"]);
        }

        MarkdownTable.Row(text, headings);
        MarkdownTable.Row(text, headings.Select((heading, i) => i == 0 || heading is "target" or "result" ? "---" : "---:"));
        foreach (ScenarioOutcome row in rows)
        {
            MarkdownTable.Row(text, Cells(row, columns, judged));
        }
    }

    private List<string> Cells(ScenarioOutcome row, IReadOnlyList<Column> columns, bool judged)
    {
        List<string> cells = [row.Scenario.Title];
        foreach (Column column in columns)
        {
            cells.AddRange(servers.Select(server => row.Median(server)?[column.Metric] is { } value ? column.Show(value) : Missing));
            if (column.WithRatio && _reference is not null)
            {
                double? ratio = row.Median(ServerKind.CausewayName)?[column.Metric] / row.Median(_reference)?[column.Metric];
                cells.Add(ratio is { } value ? value.ToString("0.00", CultureInfo.InvariantCulture) : Missing);
            }
        }

        if (judged)
        {
            cells.Add(row.Scenario.Targets.Length == 0 ? Missing : string.Join(", ", row.Scenario.Targets.Select(Words)));
            cells.Add(Verdict(row));
        }

        return cells;
    }

    private string Verdict(ScenarioOutcome row)
    {
        if (row.Scenario.Targets.Length == 0 || row.Scenario.Targets.All(target => Met(row, target) is null))
        {
            return Missing;
        }

        string[] missed = [.. row.Scenario.Targets.Where(target => Met(row, target) == false).Select(target => Name(target.Metric))];
        return missed.Length == 0 ? "met" : "**missed**: " + string.Join(", ", missed);
    }

    private bool? Met(ScenarioOutcome outcome, Target target) =>
        target.Met(outcome.Median(ServerKind.CausewayName), _reference is null ? null : outcome.Median(_reference));

    private static string Words(Target target) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name(target.Metric)} {(target.AtLeast ? "≥" : "≤")} {target.Limit:#,0.##}{(target.IsRatio ? "x" : "")}");

    private static string Name(Metric metric) => metric switch
    {
        Metric.Rate => "rate",
        Metric.CpuUs => "CPU",
        Metric.P50Us => "p50",
        Metric.P99Us => "p99",
        Metric.RssBytes => "RSS",
        Metric.BytesEach => "bytes each",
        _ => "ready",
    };
}
