using System.CommandLine;
using System.Text.Json;
using Causeway.Cli.Messaging;
using Causeway.Cli.Output;
using Causeway.Cli.Parsing;

namespace Causeway.Cli.Inspect;

/// <summary><c>causeway explain</c>: who would get a message.</summary>
internal sealed class ExplainCommand : InspectCommand
{
    private const string Examples = """
        Examples:
          causeway explain orders.new
          causeway explain orders.new --http 10.0.0.7:8222     as if it were published on another node
          causeway explain orders.new --json | jq '.regions[] | select(.verdict == "no")'

        Nothing is published. GETS is 'gets', 'may_get' (a member of a queue group there may be chosen) or 'no', and REASON says why.
        """;

    private readonly Argument<string> _subject = SubjectArgument.ToPublish();
    private readonly Option<string> _tenant = new("--tenant") { Description = "The tenant that it would be published in", HelpName = "name", DefaultValueFactory = _ => "$G" };
    private readonly Option<Count> _limit = ValueOption.Create(
        "--limit", "How many local subscriptions to show", new ValueRange<Count>(new Count(0), new Count(10_000)), new Count(5));

    public static Command Create()
    {
        ExplainCommand explain = new();
        Command command = new("explain", "Show who would get a message that is published on a node, and why others would not.");
        command.Arguments.Add(explain._subject);
        command.Options.Add(explain._tenant);
        command.Options.Add(explain._limit);
        return explain.Complete(command, Examples);
    }

    protected override string Path(ParseResult parsed) =>
        $"/explainz?subject={Uri.EscapeDataString(parsed.GetRequiredValue(_subject))}&tenant={Uri.EscapeDataString(parsed.GetRequiredValue(_tenant))}&limit={parsed.GetRequiredValue(_limit).Value}";

    protected override void Print(JsonElement page, Report report)
    {
        JsonElement local = page.GetProperty("local");
        report.Line($"'{page.Text("subject")}' published on {page.Head()}; subscriptions here that get it: {local.Whole("subscriptions")}");
        if (page.Has("return_path"))
        {
            JsonElement path = page.GetProperty("return_path");
            report.Line($"it is a reply on its way back to node {path.Text("node")} in region {path.Text("region")}");
        }

        report.Table(
            "here",
            ["client", "name", "subject", "sid"],
            [.. local.Rows("first").Select(row => (Cell[])[row.Count("cid"), row.Text("name"), row.Text("subject"), row.Text("sid")])]);
        report.Table(
            "queue groups",
            ["group", "members here", "nodes", "regions", "goes to", "one of", "rule"],
            [.. page.Rows("queue_groups").Select(group => (Cell[])
            [
                group.Text("queue"), group.Count("local_members"), group.Names("nodes"), group.Names("regions"),
                new Cell(group.Text("goes_to"), IsBad: group.Text("goes_to") == "nobody"), group.Names("candidates"), group.Text("rule"),
            ])]);
        report.Table("nodes of the region", ["node", "gets", "reason", "asked", "link"], [.. page.Rows("nodes").Select(row => Row(row, withCarrier: false))]);
        report.Table("other regions", ["region", "gets", "reason", "asked", "link", "carrier"], [.. page.Rows("regions").Select(row => Row(row, withCarrier: true))]);
    }

    private static Cell[] Row(JsonElement row, bool withCarrier)
    {
        string link = row.Has("link") ? $"{row.Text("link")} ({row.Text("link_state")})" : "-";
        Cell[] cells = [row.Text("name"), row.Text("verdict"), row.Text("reason"), Asked(row), link];
        return withCarrier ? [.. cells, row.Text("carrier")] : cells;
    }

    private static string Asked(JsonElement row)
    {
        string[] asked = [.. row.Rows("asked").Select(asked =>
            $"{asked.Text("by")}{(asked.Has("subject") ? $" {asked.Text("subject")}" : "")}{(asked.Has("queue") ? $" {asked.Text("queue")}" : "")}")];
        return asked.Length == 0 ? "-" : string.Join("; ", asked);
    }
}
