using System.CommandLine;
using System.Text.Json;
using Causeway.Cli.Output;
using Causeway.Cli.Parsing;

namespace Causeway.Cli.Inspect;

/// <summary><c>causeway clients</c>: the clients of a node.</summary>
internal sealed class ClientsCommand : InspectCommand
{
    private const string Examples = """
        Examples:
          causeway clients
          causeway clients --sort pending --limit 10
          causeway clients --subs --json | jq '.connections[] | select(.subscriptions > 1000) | .cid'
          causeway clients --state closed --sort stop          who went last, and why

        It reads nats-server's page /connz, so it works for nats-server too, where MEMORY is not known.
        """;

    private static readonly string[] Sorts =
        ["cid", "start", "subs", "pending", "msgs_to", "msgs_from", "bytes_to", "bytes_from", "last", "idle", "uptime", "rtt", "stop", "reason"];

    private static readonly string[] States = ["open", "closed", "any"];

    private readonly Option<string> _sort = Choice("--sort", "What to sort by", Sorts);
    private readonly Option<string> _state = Choice("--state", "Which clients: open, closed or any", States);
    private readonly Option<Count> _limit = ValueOption.Create("--limit", "How many clients to show", new ValueRange<Count>(new Count(1), new Count(1_000_000)), new Count(1024), null, "-l");
    private readonly Option<bool> _subscriptions = new("--subs") { Description = "Show each client's subscriptions" };

    public static Command Create()
    {
        ClientsCommand clients = new();
        Command command = new("clients", "Show a node's clients: who they are, what waits for them, and the memory that they hold.");
        command.Options.Add(clients._sort);
        command.Options.Add(clients._state);
        command.Options.Add(clients._limit);
        command.Options.Add(clients._subscriptions);
        return clients.Complete(command, Examples);
    }

    protected override string Path(ParseResult parsed) =>
        $"/connz?sort={parsed.GetValue(_sort)}&state={parsed.GetValue(_state)}&limit={parsed.GetRequiredValue(_limit).Value}&auth=1{(parsed.GetValue(_subscriptions) ? "&subs=1" : "")}";

    protected override void Print(JsonElement page, Report report)
    {
        JsonElement[] clients = [.. page.Rows("connections")];
        report.Line($"server {page.Text("server_id")}; clients shown: {clients.Length} of {page.Whole("total")}");
        bool closed = clients.Any(client => client.Has("reason"));
        string[] columns = ["cid", "name", "address", "account", "user", "lang", "subs", "pending", "in msgs", "out msgs", "in bytes", "out bytes", "memory", "rtt", "idle", "uptime"];
        report.Table("clients", closed ? [.. columns, "reason"] : columns, [.. clients.Select(client => Row(client, closed))]);
        report.Table(
            "subscriptions",
            ["cid", "subject"],
            [.. clients.Where(client => client.Has("subscriptions_list")).SelectMany(client => client.Rows("subscriptions_list").Select(subject => (Cell[])[client.Count("cid"), subject.GetString() ?? ""]))]);
    }

    private static Cell[] Row(JsonElement client, bool closed)
    {
        Cell[] row =
        [
            client.Count("cid"), Optional(client, "name"), $"{client.Text("ip")}:{client.Whole("port")}", Optional(client, "account"), Optional(client, "authorized_user"),
            Language(client), client.Count("subscriptions"), client.Size("pending_bytes"), client.Count("in_msgs"), client.Count("out_msgs"),
            client.Size("in_bytes"), client.Size("out_bytes"), client.Has("memory_bytes") ? client.Size("memory_bytes") : new Cell("-", IsNumber: true),
            Optional(client, "rtt"), Optional(client, "idle"), Optional(client, "uptime"),
        ];
        return closed ? [.. row, Optional(client, "reason")] : row;
    }

    private static string Optional(JsonElement client, string name) => client.Has(name) ? client.Text(name) : "-";

    private static string Language(JsonElement client) => client.Has("lang") ? $"{client.Text("lang")} {Optional(client, "version")}" : "-";

    private static Option<string> Choice(string name, string description, string[] accepted) => new(name)
    {
        Description = description,
        HelpName = name[2..],
        DefaultValueFactory = _ => accepted[0],
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            if (!accepted.Contains(text))
            {
                result.AddError($"{name}: '{text}' is not known; accepted are {string.Join(", ", accepted)}");
            }

            return text;
        },
    };
}
