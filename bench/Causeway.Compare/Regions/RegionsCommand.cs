using System.CommandLine;
using System.Globalization;

namespace Causeway.Compare.Regions;

/// <summary>The command line of <c>bench/regions</c>.</summary>
internal sealed class RegionsCommand
{
    /// <summary>The first argument that chooses it.</summary>
    public const string Name = "regions";

    private const string Nats = "nats";
    private const int Failed = 1;

    private readonly Option<string> _root = new("--root") { Description = "the repository", Required = true, Hidden = true };
    private readonly Option<string[]> _only = new("--only") { Description = "only these scenarios, by name (repeatable, or separated by commas)", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _onlyPeer = new("--only-peer") { Description = "only this server: nats or causeway" };
    private readonly Option<double> _scale = new("--scale") { Description = "a part of the subscriptions and of the churn, for a smoke run", DefaultValueFactory = _ => 1 };
    private readonly Option<double> _seconds = new("--seconds") { Description = "measured time of each load", DefaultValueFactory = _ => 3 };
    private readonly Option<double> _stall = new("--stall") { Description = "seconds for which the link stalls under churn", DefaultValueFactory = _ => 30 };
    private readonly Option<double> _limit = new("--limit") { Description = "seconds to wait for regions to agree", DefaultValueFactory = _ => 100 };
    private readonly Option<bool> _long = new("--long") { Description = "a stall of 10 minutes under churn" };
    private readonly Option<string?> _json = new("--json") { Description = "also write the figures to this file" };
    private readonly Option<string?> _markdown = new("--markdown") { Description = "also write the report to this file" };
    private readonly Option<bool> _list = new("--list") { Description = "only list the scenarios" };

    public static int Run(string[] arguments)
    {
        RegionsCommand command = new();
        RootCommand root = new("""
            Compares several nodes of Causeway with several of nats-server on this machine, and prints a Markdown report.

            Exit codes: 0 done; 1 a scenario failed; 2 wrong options.
            """)
        {
            command._root, command._only, command._onlyPeer, command._scale, command._seconds, command._stall, command._limit, command._long,
            command._json, command._markdown, command._list,
        };
        return CommandText.Run(root, arguments, parsed => command.Execute(parsed, arguments));
    }

    private int Execute(ParseResult parsed, string[] arguments)
    {
        if (parsed.GetValue(_list))
        {
            foreach (RegionScenario scenario in RegionScenarios.All)
            {
                Console.Out.WriteLine($"{scenario.Name,-14} {scenario.Title}");
            }

            return 0;
        }

        List<RegionScenario> scenarios;
        List<Peer> peers;
        RegionSettings settings;
        try
        {
            scenarios = CommandText.Chosen(RegionScenarios.All, scenario => scenario.Name, parsed.GetValue(_only));
            settings = Settings(parsed);
            peers = Peers(parsed.GetValue(_onlyPeer), settings.CausewayDll);
        }
        catch (CompareException e)
        {
            Console.Error.WriteLine($"bench/regions: {e.Message}");
            return CommandText.Usage;
        }

        MachineLoad before = MachineLoad.Sample();
        List<RegionOutcome> outcomes = [.. scenarios.Select(scenario => Measure(scenario, peers, settings))];
        List<string> facts = Facts(settings, before, CommandText.AsTyped("bench/regions", arguments));
        RegionReport report = new(outcomes, [.. peers.Select(peer => peer.Name)], facts);
        Console.Out.Write(report.Markdown());
        CommandText.Save(parsed.GetValue(_markdown), report.Markdown());
        CommandText.Save(parsed.GetValue(_json), report.Json());
        return outcomes.Exists(outcome => outcome.Failures.Count > 0) ? Failed : 0;
    }

    private static RegionOutcome Measure(RegionScenario scenario, List<Peer> peers, RegionSettings settings)
    {
        RegionOutcome outcome = new(scenario);
        foreach (Peer peer in peers)
        {
            Console.Error.Write($"{scenario.Name}, {peer.Name}: ");
            try
            {
                outcome.Figures[peer.Name] = scenario.Run(peer, settings).GetAwaiter().GetResult();
                Console.Error.WriteLine("done");
            }
            catch (CompareException e)
            {
                outcome.Failures[peer.Name] = e.Message;
                Console.Error.WriteLine($"failed: {e.Message}");
            }
        }

        return outcome;
    }

    private RegionSettings Settings(ParseResult parsed)
    {
        double scale = parsed.GetValue(_scale);
        return new RegionSettings
        {
            CausewayDll = Path.Combine(parsed.GetValue(_root)!, "artifacts/program/causeway.dll"),
            Scale = scale is > 0 and <= 1 ? scale : throw new CompareException("--scale is above 0 and at most 1"),
            Duration = Seconds(_seconds, parsed, 30),
            Stall = parsed.GetValue(_long) ? TimeSpan.FromMinutes(10) : Seconds(_stall, parsed, 3600),
            Limit = Seconds(_limit, parsed, 3600),
        };
    }

    private static TimeSpan Seconds(Option<double> option, ParseResult parsed, double most)
    {
        double value = parsed.GetValue(option);
        return value > 0 && value <= most ? TimeSpan.FromSeconds(value) : throw new CompareException($"{option.Name} is above 0 and at most {most}");
    }

    private static List<Peer> Peers(string? only, string dll) => only switch
    {
        null => [new NatsPeer(), new CausewayPeer(dll)],
        Nats or ServerKind.NatsServerName => [new NatsPeer()],
        ServerKind.CausewayName => [new CausewayPeer(dll)],
        _ => throw new CompareException($"--only-peer: no server is called {only}; accepted are {Nats} and {ServerKind.CausewayName}"),
    };

    private static List<string> Facts(RegionSettings settings, MachineLoad before, string commandLine) =>
    [
        MachineFacts.Machine(before),
        $"Command: `{commandLine}`",
        string.Create(CultureInfo.InvariantCulture, $"One run of each server in turn, with fresh nodes, all on this machine. Subscriptions: {settings.Scale:0.####} of those named. Shaped links: a proxy in the comparison's own process; wire bytes are TCP payload, both ways."),
        $"– is what did not come about within {settings.Limit.TotalSeconds} s, or what a server does not tell.",
    ];
}
