using System.CommandLine;
using System.Text.Json;
using Causeway.Cli.Output;
using Causeway.Cli.Parsing;

namespace Causeway.Cli.Inspect;

/// <summary><c>causeway interest</c>: what a node asks of others, and others of it.</summary>
internal sealed class InterestCommand : InspectCommand
{
    private const string Examples = """
        Examples:
          causeway interest
          causeway interest --top 50 --tokens 1          the subject prefixes with most subscriptions
          causeway interest --json | jq .own.region

        Under 'told to others' are the tables that other nodes (public, inboxes) and regions (region) are told; under
        'asked by others' is what they told.
        """;

    private readonly Option<Count> _top = ValueOption.Create("--top", "How many subject prefixes to show", new ValueRange<Count>(new Count(0), new Count(10_000)), new Count(10));
    private readonly Option<Count> _tokens = ValueOption.Create("--tokens", "Length of subject prefixes in tokens", new ValueRange<Count>(new Count(1), new Count(64)), new Count(2));

    public static Command Create()
    {
        InterestCommand interest = new();
        Command command = new("interest", "Show what a node asks of others and others of it, and the memory that this takes.");
        command.Options.Add(interest._top);
        command.Options.Add(interest._tokens);
        return interest.Complete(command, Examples);
    }

    protected override string Path(ParseResult parsed) =>
        $"/interestz?top={parsed.GetRequiredValue(_top).Value}&tokens={parsed.GetRequiredValue(_tokens).Value}";

    protected override void Print(JsonElement page, Report report)
    {
        JsonElement told = page.GetProperty("told");
        report.Line($"{page.Head()}; interest takes {page.Size("interest_bytes").Text} of memory");
        report.Line($"subscriptions here: {told.Whole("subscriptions")}; entries told to nodes of the region: {told.Whole("to_nodes")}, to other regions by all nodes together: {told.Whole("to_regions")}; too long to be told: {told.Whole("oversized")}");
        report.Table(
            "told to others",
            ["table", "literals", "texts", "tombstones", "version", "horizon", "memory", "evictions"],
            [.. page.GetProperty("own").EnumerateObject().Select(table => (Cell[])
            [
                table.Name, table.Value.Count("literals"), table.Value.Count("texts"), table.Value.Count("tombstones"), table.Value.Count("version"),
                table.Value.Count("horizon"), table.Value.Size("bytes"), table.Value.Count("evictions"),
            ])]);
        report.Table(
            "asked by others",
            ["kind", "name", "carrier", "literals", "texts", "memory", "known", "routed", "rtt"],
            [.. page.Rows("sources").Select(source => (Cell[])
            [
                source.Text("kind"), source.Text("name"), source.Text("carrier"), source.Count("literals"), source.Count("texts"), source.Size("bytes"),
                source.YesNo("known"), source.YesNo("routed"), source.Milliseconds("rtt_ms"),
            ])]);
        report.Table(
            "widened to patterns",
            ["pattern", "subscriptions", "alone"],
            [.. page.Rows("widened").Select(widened => (Cell[])[widened.Text("pattern"), widened.Count("subscriptions"), widened.YesNo("alone")])]);
        if (page.GetProperty("top_prefixes").Has("subscriptions"))
        {
            report.Table(
                "subscriptions by prefix, inboxes left out",
                ["prefix", "subscriptions", "memory"],
                [.. page.GetProperty("top_prefixes").Rows("subscriptions").Select(row => (Cell[])[row.Text("prefix"), row.Count("subscriptions"), row.Size("bytes")])]);
        }
    }
}
