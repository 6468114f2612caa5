using System.Globalization;
using System.Text;

namespace Causeway.Compare.Clients;

/// <summary>The comparison of clients as Markdown: how it was made, then for each server one table per kind of load, with a row for each client.</summary>
internal sealed class ClientReport(IReadOnlyList<ClientOutcome> outcomes, IReadOnlyList<string> clients, IReadOnlyList<string> facts)
{
    private const string Missing = "–";

    private static readonly Dictionary<ClientLoadKind, (string Title, Column[] Columns)> Tables = new()
    {
        [ClientLoadKind.Publish] = (
            "Publish only",
            [Column.Rate("messages/s"), Column.Cpu("CPU µs/message"), Column.Memory("RSS MB")]),
        [ClientLoadKind.OneToOne] = (
            "1:1, a process that publishes and one that receives",
            [
                Column.Rate("messages/s"), Column.Cpu("CPU µs/message, publisher"), Column.Cpu("CPU µs/message, receiver", Metric.OtherCpuUs),
                Column.Memory("RSS MB, publisher"), Column.Memory("RSS MB, receiver", Metric.OtherRssBytes),
            ]),
        [ClientLoadKind.FanIn] = (
            "Fan-in, a load generator with four connections publishes to one subscription",
            [Column.Rate("messages/s"), Column.Cpu("CPU µs/message"), Column.Memory("RSS MB"), Column.Share(Metric.HeldBackShare, "generator waited")]),
        [ClientLoadKind.Request] = (
            "Request and reply, a process that asks and one that answers",
            [
                Column.Rate("requests/s"), Column.Latency(Metric.P50Us, "p50 µs"), Column.Latency(Metric.P99Us, "p99 µs"),
                Column.Cpu("CPU µs/request, asking"), Column.Cpu("CPU µs/request, answering", Metric.OtherCpuUs),
                Column.Memory("RSS MB, asking"), Column.Memory("RSS MB, answering", Metric.OtherRssBytes),
            ]),
    };

    /// <summary>The client whose figures are divided by those of each other, where there are others.</summary>
    private readonly string? _own = clients.Count > 1 && clients.Contains(ClientProgram.CausewayName) ? ClientProgram.CausewayName : null;

    public string Markdown()
    {
        StringBuilder text = new();
        foreach (string fact in facts)
        {
            text.Append("- ").AppendLine(fact);
        }

        foreach (IGrouping<(string Server, ClientLoadKind Kind), ClientOutcome> group in outcomes.GroupBy(outcome => (outcome.Server, outcome.Scenario.Kind)))
        {
            (string title, Column[] columns) = Tables[group.Key.Kind];
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"### {title} (server: {group.Key.Server})").AppendLine();
            Table(text, columns, [.. group]);
        }

        foreach (ClientOutcome outcome in outcomes)
        {
            foreach ((string client, string why) in outcome.Failures)
            {
                text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"**Failed:** {outcome.Name} with {client}: {why}");
            }
        }

        return text.ToString();
    }

    private void Table(StringBuilder text, Column[] columns, List<ClientOutcome> loads)
    {
        List<string> headings = ["load", "client"];
        foreach (Column column in columns)
        {
            headings.Add(column.Heading);
            if (WithRatio(column))
            {
                headings.Add("ratio");
            }
        }

        MarkdownTable.Row(text, headings);
        MarkdownTable.Row(text, headings.Select((_, i) => i < 2 ? "---" : "---:"));
        foreach (ClientOutcome load in loads)
        {
            foreach (string client in clients)
            {
                MarkdownTable.Row(text, Cells(load, client, columns));
            }
        }
    }

    private List<string> Cells(ClientOutcome load, string client, Column[] columns)
    {
        List<string> cells = [load.Title, client];
        foreach (Column column in columns)
        {
            double? value = load.Median(client)?[column.Metric];
            cells.Add(value is { } known ? column.Show(known) : Missing);
            if (WithRatio(column))
            {
                double? ratio = client == _own ? null : load.Median(_own!)?[column.Metric] / value;
                cells.Add(ratio is { } found ? found.ToString("0.00", CultureInfo.InvariantCulture) : client == _own ? "" : Missing);
            }
        }

        return cells;
    }

    private bool WithRatio(Column column) => _own is not null && column.WithRatio;
}
