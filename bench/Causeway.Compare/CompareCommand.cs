using System.CommandLine;

namespace Causeway.Compare;

/// <summary>The command line of <c>bench/compare</c>.</summary>
internal sealed class CompareCommand
{
    private const int Failed = 1;

    private readonly Option<string> _root = new("--root") { Description = "the repository", Required = true, Hidden = true };
    private readonly Option<string[]> _servers = new("--servers")
    {
        Description = "servers to compare, separated by commas: nats-server, causeway",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [ServerKind.NatsServerName, ServerKind.CausewayName],
    };

    private readonly Option<string[]> _only = new("--only") { Description = "only these scenarios, by name (repeatable, or separated by commas)", AllowMultipleArgumentsPerToken = true };
    private readonly Option<bool> _quick = new("--quick") { Description = "a smoke run: one round, short loads, few subscriptions and connections" };
    private readonly Option<int> _rounds = new("--rounds") { Description = "rounds of each scenario, whose median counts (default 3, quick 1)" };
    private readonly Option<double> _seconds = new("--seconds") { Description = "measured time of each load (default 3, quick 0.5)" };
    private readonly Option<string[]> _environment = new("--causeway-env") { Description = "K=V for causeway's environment, to try runtime settings (repeatable)" };
    private readonly Option<string?> _program = new("--causeway") { Description = "the program to measure, as deploy/native makes one (default: what ./causeway builds)" };
    private readonly Option<string?> _json = new("--json") { Description = "also write the figures of every round to this file" };
    private readonly Option<string?> _markdown = new("--markdown") { Description = "also write the report to this file" };
    private readonly Option<bool> _list = new("--list") { Description = "only list the scenarios" };

    public static int Run(string[] arguments)
    {
        CompareCommand command = new();
        RootCommand root = new("""
            Compares Causeway with nats-server on this machine, scenario by scenario, and prints a Markdown report.

            Exit codes: 0 all targets that could be judged are met; 1 a target is missed or a scenario failed; 2 wrong options.
            """)
        {
            command._root, command._servers, command._only, command._quick, command._rounds, command._seconds,
            command._environment, command._program, command._json, command._markdown, command._list,
        };
        return CommandText.Run(root, arguments, parsed => command.Execute(parsed, arguments));
    }

    private int Execute(ParseResult parsed, string[] arguments)
    {
        CompareSettings settings;
        try
        {
            settings = Settings(parsed);
        }
        catch (CompareException e)
        {
            Console.Error.WriteLine($"bench/compare: {e.Message}");
            return CommandText.Usage;
        }

        if (parsed.GetValue(_list))
        {
            foreach (Scenario scenario in settings.Scenarios)
            {
                Console.Out.WriteLine($"{scenario.Name,-12} {scenario.Title}");
            }

            return 0;
        }

        Comparison comparison = new(settings, Console.Error);
        MachineLoad before = MachineLoad.Sample();
        List<ScenarioOutcome> outcomes = comparison.Run();
        string[] names = [.. settings.Servers.Select(server => server.Name)];
        string commandLine = CommandText.AsTyped("bench/compare", arguments);
        List<string> facts = MachineFacts.Collect(settings, comparison.Versions, commandLine, before);
        Report report = new(outcomes, names, facts);
        string markdown = report.Markdown();
        Console.Out.Write(markdown);
        CommandText.Save(parsed.GetValue(_markdown), markdown);
        CommandText.Save(parsed.GetValue(_json), ReportJson.Write(outcomes, names, "servers", facts));
        return report.AllMet ? 0 : Failed;
    }

    private CompareSettings Settings(ParseResult parsed)
    {
        bool quick = parsed.GetValue(_quick);
        string root = parsed.GetValue(_root)!;
        string dll = Path.Combine(root, "artifacts/program/causeway.dll");
        (int rounds, double seconds) = CommandText.Amounts(parsed.GetValue(_rounds), parsed.GetValue(_seconds), quick, (0.5, 3));
        return new CompareSettings
        {
            Servers = [.. CommandText.Split(parsed.GetValue(_servers)).Select(name => Server(name, Program(parsed) ?? dll, parsed))],
            Scenarios = CommandText.Chosen(Scenarios.All(TimeSpan.FromSeconds(seconds), quick), scenario => scenario.Name, parsed.GetValue(_only)),
            Rounds = rounds,
            WarmupSeconds = quick ? 0.5 : 2,
            CausewayDll = dll,
            NodeScript = Path.Combine(root, "bench/node/bench.mjs"),
        };
    }

    private string? Program(ParseResult parsed) => parsed.GetValue(_program) is not { } program ? null
        : File.Exists(program) ? program
        : throw new CompareException($"--causeway: there is no file '{program}'");

    private ServerKind Server(string name, string program, ParseResult parsed) => name switch
    {
        ServerKind.NatsServerName => ServerKind.NatsServer,
        ServerKind.CausewayName => ServerKind.Causeway(program, Environment(parsed.GetValue(_environment) ?? [])),
        _ => throw new CompareException($"--servers: no server is called {name}"),
    };

    private static Dictionary<string, string> Environment(string[] pairs)
    {
        Dictionary<string, string> environment = [];
        foreach (string pair in pairs)
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new CompareException($"--causeway-env {pair}: not K=V");
            }

            environment[pair[..equals]] = pair[(equals + 1)..];
        }

        return environment;
    }
}
