using System.CommandLine;

namespace Causeway.Compare.Clients;

/// <summary>The command line of <c>bench/clients</c>.</summary>
internal sealed class ClientsCommand
{
    /// <summary>The first argument that chooses it.</summary>
    public const string Name = "clients";

    private const string Both = "both";
    private const int Failed = 1;

    private readonly Option<string> _root = new("--root") { Description = "the repository", Required = true, Hidden = true };
    private readonly Option<string> _server = new("--server")
    {
        Description = $"the server that all clients use: {ServerKind.CausewayName}, {ServerKind.NatsServerName} or {Both}, one after the other",
        DefaultValueFactory = _ => ServerKind.CausewayName,
    };

    private readonly Option<string[]> _clients = new("--clients")
    {
        Description = $"clients to compare, separated by commas: {string.Join(", ", ClientProgram.Names)}",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [.. ClientProgram.Names],
    };

    private readonly Option<string[]> _only = new("--only") { Description = "only these loads, by name (repeatable, or separated by commas)", AllowMultipleArgumentsPerToken = true };
    private readonly Option<bool> _quick = new("--quick") { Description = "a smoke run: one round, short loads" };
    private readonly Option<int> _rounds = new("--rounds") { Description = "rounds of each load, whose median counts (default 3, quick 1)" };
    private readonly Option<double> _seconds = new("--seconds") { Description = "measured time of each load (default 1.5, quick 0.2)" };
    private readonly Option<string?> _json = new("--json") { Description = "also write the figures of every round to this file" };
    private readonly Option<string?> _markdown = new("--markdown") { Description = "also write the report to this file" };
    private readonly Option<bool> _list = new("--list") { Description = "only list the loads" };

    public static int Run(string[] arguments)
    {
        ClientsCommand command = new();
        RootCommand root = new("""
            Compares Causeway.Client with the C client and nats.js on this machine, load by load, and prints a Markdown report.

            Exit codes: 0 done; 1 a load failed; 2 wrong options, or a client is not installed.
            """)
        {
            command._root, command._server, command._clients, command._only, command._quick, command._rounds, command._seconds,
            command._json, command._markdown, command._list,
        };
        return CommandText.Run(root, arguments, parsed => command.Execute(parsed, arguments));
    }

    private int Execute(ParseResult parsed, string[] arguments)
    {
        if (parsed.GetValue(_list))
        {
            foreach (ClientScenario scenario in ClientScenario.All)
            {
                Console.Out.WriteLine($"{scenario.Name,-12} {scenario.Kind}, {scenario.Title}");
            }

            return 0;
        }

        ClientSettings settings;
        try
        {
            settings = Settings(parsed);
        }
        catch (CompareException e)
        {
            Console.Error.WriteLine($"bench/clients: {e.Message}");
            return CommandText.Usage;
        }

        MachineLoad before = MachineLoad.Sample();
        ClientComparison comparison = new(settings, Console.Error);
        List<ClientOutcome> outcomes = comparison.Run();
        List<string> facts = Facts(settings, comparison.Versions, before, CommandText.AsTyped("bench/clients", arguments));
        string[] names = [.. settings.Clients.Select(client => client.Name)];
        string markdown = new ClientReport(outcomes, names, facts).Markdown();
        Console.Out.Write(markdown);
        CommandText.Save(parsed.GetValue(_markdown), markdown);
        CommandText.Save(parsed.GetValue(_json), ReportJson.Write(outcomes, names, "clients", facts));
        return outcomes.Exists(outcome => outcome.Failures.Count > 0) ? Failed : 0;
    }

    private ClientSettings Settings(ParseResult parsed)
    {
        bool quick = parsed.GetValue(_quick);
        string root = parsed.GetValue(_root)!;
        string dll = Path.Combine(root, "artifacts/program/causeway.dll");
        (int rounds, double seconds) = CommandText.Amounts(parsed.GetValue(_rounds), parsed.GetValue(_seconds), quick, (0.2, 1.5));
        return new ClientSettings
        {
            Servers = Servers(parsed.GetValue(_server)!, dll),
            Clients = ClientPrograms.Find(root, CommandText.Split(parsed.GetValue(_clients))),
            Scenarios = CommandText.Chosen(ClientScenario.All, scenario => scenario.Name, parsed.GetValue(_only)),
            Rounds = rounds,
            WarmupSeconds = quick ? 0.1 : 1,
            Seconds = seconds,
            CausewayDll = dll,
        };
    }

    private static List<ServerKind> Servers(string name, string dll)
    {
        ServerKind causeway = ServerKind.Causeway(dll, new Dictionary<string, string>());
        return name switch
        {
            ServerKind.CausewayName => [causeway],
            ServerKind.NatsServerName => [ServerKind.NatsServer],
            Both => [causeway, ServerKind.NatsServer],
            _ => throw new CompareException($"--server: no server is called {name}; accepted are {ServerKind.CausewayName}, {ServerKind.NatsServerName} and {Both}"),
        };
    }

    private static List<string> Facts(ClientSettings settings, IReadOnlyDictionary<string, string> versions, MachineLoad before, string commandLine)
    {
        IEnumerable<string> servers = settings.Servers.Select(server => $"{server.Name} {MachineFacts.Version(server.Name, settings.CausewayDll, versions)}");
        List<string> facts =
        [
            MachineFacts.Machine(before),
            "Clients: " + string.Join(", ", settings.Clients.Select(client => $"{client.Name} {client.Version}")) + "; server: " + string.Join(", then ", servers) + ", at its defaults",
            $"Command: `{commandLine}`",
            $"Each figure is the median of {settings.Rounds} round{(settings.Rounds == 1 ? "" : "s")}, with the clients in alternating order. Each time the server and the client's processes are fresh ones; {settings.WarmupSeconds} s of load warm them up, {settings.Seconds} s are measured. CPU is the client process's own, user and system; RSS is its resident memory at the end. A ratio is Causeway.Client's figure divided by this client's.",
        ];
        if (before.IsBusy)
        {
            facts.Add(MachineFacts.BusyNote);
        }

        return facts;
    }
}
