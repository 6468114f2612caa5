using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Causeway.Cli.Output;

namespace Causeway.Cli.Inspect;

/// <summary><c>causeway memory</c>: who holds a node's memory.</summary>
internal sealed class MemoryCommand : InspectCommand
{
    private const string Examples = """
        Examples:
          causeway memory
          causeway memory --json | jq '.uses[] | select(.growth_bytes_per_second > 0)'
          causeway memory set 4GiB                            another budget, while the node runs

        What is leased, by use, with its growth and the time until the budget is full at that growth; then the largest holders: clients,
        tenants, the node's own accounts, and the subject prefixes with most subscriptions and most bytes waiting.
        """;

    public static Command Create()
    {
        Command command = new MemoryCommand().Complete(new Command("memory", "Show who holds a node's memory, or change its budget."), Examples);
        command.Subcommands.Add(MemorySetCommand.Create());
        return command;
    }

    protected override string Path(ParseResult parsed) => "/memz";

    protected override void Print(JsonElement page, Report report)
    {
        JsonElement budget = page.GetProperty("budget");
        JsonElement process = page.GetProperty("process");
        report.Line(
            $"memory: {Bytes(budget, "used_bytes")} of {Bytes(budget, "limit_bytes")} ({Share(budget.GetProperty("used_share").GetDouble())}), governor: {page.GetProperty("governor").Text("step")}, " +
            $"growing {PageReading.Size(budget.GetProperty("growth_bytes_per_second").GetDouble()).Text}/s, full in {Left(budget)}");
        report.Line($"process: {Bytes(process, "resident_bytes")} resident of {Bytes(process, "limit_bytes")}, heap {Bytes(process, "heap_bytes")}");
        report.Table(
            "by use",
            ["use", "bytes", "baseline", "growth/s", "full in"],
            [.. page.Rows("uses").Select(use => (Cell[])
            [
                use.Text("use"), use.Size("bytes"), use.Size("baseline_bytes"), PageReading.Size(use.GetProperty("growth_bytes_per_second").GetDouble()), Left(use),
            ])]);
        report.Table("largest clients", ["cid", "name", "ip", "bytes"], [.. page.Rows("top_clients").Select(client => (Cell[])[client.Count("cid"), client.Text("name"), client.Text("ip"), client.Size("bytes")])]);
        report.Table(
            "tenants",
            ["tenant", "bytes", "share", "clients", "subscriptions"],
            [.. page.Rows("tenants").Select(tenant => (Cell[])
            [
                tenant.Text("tenant"), tenant.Size("bytes"), new Cell(tenant.Whole("max_percent") is > 0 and long most ? $"of {most}%" : "-", IsBad: tenant.Flag("over_share")),
                tenant.Count("connections"), tenant.Count("subscriptions"),
            ])]);
        report.Table("the node's own", ["account", "bytes"], [.. page.Rows("node_accounts").Select(account => (Cell[])[account.Text("account"), account.Size("bytes")])]);
        JsonElement prefixes = page.GetProperty("top_prefixes");
        report.Table("prefixes with most subscriptions", ["prefix", "subscriptions", "bytes"], [.. prefixes.Rows("subscriptions").Select(row => (Cell[])[row.Text("prefix"), row.Count("subscriptions"), row.Size("bytes")])]);
        report.Table("prefixes with most bytes waiting", ["prefix", "bytes"], [.. prefixes.Rows("pending").Select(row => (Cell[])[row.Text("prefix"), row.Size("bytes")])]);
    }

    private static string Bytes(JsonElement row, string name) => row.Size(name).Text;

    private static string Share(double share) => share.ToString("0.0%", CultureInfo.InvariantCulture);

    private static string Left(JsonElement row) => !row.Has("seconds_to_exhaustion") ? "never"
        : row.GetProperty("seconds_to_exhaustion").GetDouble() is var seconds && seconds >= 86_400 ? "more than a day"
        : TimeSpan.FromSeconds(seconds).ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture);
}
