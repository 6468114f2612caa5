using System.CommandLine;
using System.Text.Json;
using Causeway.Cli.Output;

namespace Causeway.Cli.Inspect;

/// <summary><c>causeway links</c>: a node's links to other nodes.</summary>
internal sealed class LinksCommand : InspectCommand
{
    private const string Examples = """
        Examples:
          causeway links
          causeway links --http 10.0.0.7:8222
          causeway links --json | jq '.links[] | select(.state != "up")'

        STATE is up, quiet (nothing received for two heartbeats and two round trips) or no_data_lane. An address under
        'wanted' is dialled again and again; LAST FAILURE says what came of it.
        """;

    public static Command Create() =>
        new LinksCommand().Complete(new Command("links", "Show a node's links to other nodes and regions, and those that are wanted and not up."), Examples);

    protected override string Path(ParseResult parsed) => "/linkz";

    protected override void Print(JsonElement page, Report report)
    {
        report.Line($"{page.Head()}; links: {page.Whole("total")}, opened so far: {page.Whole("links_opened")}, handshakes failed: {page.Whole("handshakes_failed")}");
        if (page.Whole("unwanted") + page.Whole("unroutable") + page.Whole("lost_members") > 0)
        {
            report.Line($"messages received that were unwanted: {page.Whole("unwanted")}, unroutable: {page.Whole("unroutable")}, for queue groups without a member left: {page.Whole("lost_members")}");
        }

        if (page.Whole("unreached") > 0)
        {
            report.Line($"messages not sent, as no link led to a node or region that wants them: {page.Whole("unreached")}");
        }

        report.Table(
            "links",
            ["peer", "region", "kind", "direction", "state", "rtt", "rate/s", "pending", "in msgs", "out msgs", "dropped", "memory", "uptime"],
            [.. page.Rows("links").Select(Row)]);
        report.Table(
            "wanted, and not up",
            ["kind", "region", "node", "address", "last failure"],
            [.. page.Rows("wanted").Select(row => (Cell[])[row.Text("kind"), row.Text("region"), row.Text("node"), row.Text("address"), new Cell(row.Text("last_failure"), IsBad: true)])]);
    }

    private static Cell[] Row(JsonElement link)
    {
        JsonElement dropped = link.GetProperty("dropped");
        long drops = dropped.GetProperty("bulk").Whole("msgs") + dropped.GetProperty("rpc").Whole("msgs");
        return
        [
            link.Text("peer"), link.Text("region"), link.Text("kind"), link.Text("direction"), new Cell(link.Text("state"), IsBad: link.Text("state") != "up"),
            link.Milliseconds("rtt_ms"), PageReading.Size(link.GetProperty("bytes_per_second").GetDouble()), link.Size("pending_bytes"),
            link.Count("in_msgs"), link.Count("out_msgs"), new Cell($"{drops}", IsNumber: true, IsBad: drops > 0), link.Size("held_bytes"), link.Text("uptime"),
        ];
    }
}
