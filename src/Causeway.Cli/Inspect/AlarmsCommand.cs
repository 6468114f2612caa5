using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Causeway.Cli.Output;
using Causeway.Cli.Parsing;

namespace Causeway.Cli.Inspect;

/// <summary><c>causeway alarms</c>: what is wrong at a node, and why.</summary>
internal sealed class AlarmsCommand : InspectCommand
{
    private const string Examples = """
        Examples:
          causeway alarms
          causeway alarms --recent 100                    more of what happened last
          causeway alarms --json | jq '.open[] | select(.severity == "Critical") | .cause'

        CAUSE is what was found when the alarm opened: the account, link, pair of regions, topic prefix or client that came first.
        Alarms that are open do not change the exit code: it is 0 if the node could be asked.
        """;

    private readonly Option<Count> _recent = ValueOption.Create("--recent", "How many changes to show of those that happened last", new ValueRange<Count>(new Count(0), new Count(10_000)), new Count(20));

    public static Command Create()
    {
        AlarmsCommand alarms = new();
        Command command = new("alarms", "Show the alarms that are open at a node with their causes, and what happened last.");
        command.Options.Add(alarms._recent);
        return alarms.Complete(command, Examples);
    }

    protected override string Path(ParseResult parsed) => $"/alarmz?limit={parsed.GetRequiredValue(_recent).Value}";

    protected override void Print(JsonElement page, Report report)
    {
        JsonElement[] open = [.. page.Rows("open")];
        report.Line($"{page.Head()}; alarms open: {open.Length}, critical ones among them: {open.Count(IsCritical)}");
        report.Table(
            "open",
            ["severity", "since", "alarm", "what", "cause"],
            [.. open.Select(alarm => (Cell[])
            [
                Severity(alarm), Time(alarm.GetProperty("opened_at")), alarm.Text("key"), alarm.Text("summary"), alarm.Text("cause"),
            ])]);
        report.Table(
            "last changes, the newest first",
            ["time", "change", "severity", "alarm", "what", "cause"],
            [.. page.Rows("recent").Select(change => Row(change, change.GetProperty("alarm")))]);
        report.Table(
            "receivers",
            ["receiver", "deliveries", "failures", "refused", "dropped", "waiting", "last failure"],
            [.. page.Rows("webhooks").Select(webhook => (Cell[])
            [
                webhook.Text("receiver"), webhook.Count("deliveries"), webhook.Count("failures"), webhook.Count("refused"), webhook.Count("dropped"),
                webhook.Count("waiting"), new Cell(webhook.Text("last_failure"), IsBad: webhook.Text("last_failure") != "-"),
            ])]);
    }

    private static Cell[] Row(JsonElement change, JsonElement alarm) =>
    [
        Time(change.GetProperty("at")), change.Text("kind").ToLowerInvariant(), Severity(alarm), alarm.Text("key"), alarm.Text("summary"), alarm.Text("cause"),
    ];

    private static bool IsCritical(JsonElement alarm) => alarm.Text("severity") == "Critical";

    private static Cell Severity(JsonElement alarm) => new(alarm.Text("severity").ToLowerInvariant(), IsBad: IsCritical(alarm));

    private static string Time(JsonElement time) => time.GetDateTimeOffset().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
