using System.CommandLine;
using System.Text.Json;
using Causeway.Cli.Output;

namespace Causeway.Cli.Inspect;

/// <summary><c>causeway regions</c>: the nodes of a node's region and the other regions.</summary>
internal sealed class RegionsCommand : InspectCommand
{
    private const string Examples = """
        Examples:
          causeway regions
          causeway regions --http 10.0.0.7:8222
          causeway regions --json | jq '.regions[] | select(.reachable | not) | .name'

        OWNER is the node that should hold the link to a region, CARRIER the one by which messages go there at present.
        """;

    public static Command Create() =>
        new RegionsCommand().Complete(new Command("regions", "Show the nodes of a node's region, and the other regions and how they are reached."), Examples);

    protected override string Path(ParseResult parsed) => "/regionz";

    protected override void Print(JsonElement page, Report report)
    {
        report.Line($"{page.Head()}; nodes: {page.GetProperty("members").GetArrayLength()}, other regions known: {page.GetProperty("regions").GetArrayLength()}");
        report.Table(
            "nodes of the region",
            ["name", "state", "link address", "client url", "last failure"],
            [.. page.Rows("members").Select(member => (Cell[])
            [
                member.Text("name"), new Cell(member.Text("state"), IsBad: member.Text("state") is not ("self" or "up")), member.Text("link_address"),
                member.Text("client_url"), member.Text("last_failure"),
            ])]);
        report.Table(
            "other regions",
            ["name", "reachable", "owner", "carrier", "known", "entries", "rtt", "contacts"],
            [.. page.Rows("regions").Select(region => (Cell[])
            [
                region.Text("name"), region.YesNo("reachable") with { IsBad = !region.Flag("reachable") }, region.Text("owner"), region.Text("carrier"),
                region.YesNo("known"), region.Count("entries"), region.Milliseconds("rtt_ms"), Contacts(region),
            ])]);
    }

    private static string Contacts(JsonElement region) =>
        region.GetProperty("contacts").GetArrayLength() == 0 ? "-" : string.Join(", ", region.Rows("contacts").Select(contact => contact.Text(contact.GetProperty("name").GetString() is { Length: > 0 } ? "name" : "link_address")));
}
