using Causeway.Compare.Clients;
using Xunit;

namespace Causeway.Compare.Tests.Clients;

public sealed class ClientReportTests
{
    private static readonly ClientScenario Publish = new("publish-16", "16 B", ClientLoadKind.Publish, 16);
    private static readonly ClientScenario Request = new("request-1", "one", ClientLoadKind.Request, 128);

    [Fact]
    public void Others_have_the_ratio_of_the_own_clients_figure_to_theirs()
    {
        ClientOutcome outcome = new(Publish, "causeway");
        outcome.Add(ClientProgram.CausewayName, Rounds.Of((Metric.Rate, 3000), (Metric.CpuUs, 0.5), (Metric.RssBytes, 40e6)));
        outcome.Add(ClientProgram.LibnatsName, Rounds.Of((Metric.Rate, 2000), (Metric.CpuUs, 0.25), (Metric.RssBytes, 5e6)));
        string markdown = new ClientReport([outcome], ClientProgram.Names, ["a fact"]).Markdown();
        Assert.Contains("- a fact", markdown, StringComparison.Ordinal);
        Assert.Contains("### Publish only (server: causeway)", markdown, StringComparison.Ordinal);
        Assert.Contains("| 16 B | Causeway.Client | 3,000 |  | 0.500 |  | 40 |", markdown, StringComparison.Ordinal);
        Assert.Contains("| 16 B | libnats | 2,000 | 1.50 | 0.250 | 2.00 | 5 |", markdown, StringComparison.Ordinal);
        Assert.Contains("| 16 B | nats.js | – | – | – | – | – |", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_row_of_a_table_has_the_cells_of_its_heading()
    {
        foreach (IReadOnlyList<string> clients in new[] { ClientProgram.Names, [ClientProgram.CausewayName], [ClientProgram.LibnatsName, ClientProgram.NatsJsName] })
        {
            ClientOutcome[] outcomes = [new(Publish, "causeway"), new(Publish, "nats-server"), new(Request, "causeway")];
            string[] tables = new ClientReport(outcomes, clients, []).Markdown().Split("###", StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(3, tables.Count(table => table.Contains('|', StringComparison.Ordinal)));
            Assert.All(tables, table => Assert.True(table.Split('\n').Where(line => line.StartsWith('|')).Select(line => line.Count(c => c == '|')).Distinct().Count() <= 1));
        }
    }

    [Fact]
    public void A_client_that_failed_has_no_figures_and_says_why()
    {
        ClientOutcome outcome = new(Publish, "causeway");
        outcome.Add(ClientProgram.LibnatsName, Rounds.Of((Metric.Rate, 2000)));
        outcome.Fail(ClientProgram.LibnatsName, "messages are missing");
        string markdown = new ClientReport([outcome], ClientProgram.Names, []).Markdown();
        Assert.Contains("**Failed:** publish-16@causeway with libnats: messages are missing", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("2,000", markdown, StringComparison.Ordinal);
    }
}
