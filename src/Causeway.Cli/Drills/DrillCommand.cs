using System.CommandLine;
using Causeway.Cli.Execution;
using Causeway.Cli.Parsing;
using Causeway.Drill.Engine;
using Causeway.Drill.Scripts;

namespace Causeway.Cli.Drills;

/// <summary><c>causeway drill</c>: scripted incidents, replayed on this machine.</summary>
internal sealed class DrillCommand
{
    private const string Both = "both";

    private const string Help = """
        Without a drill, or with 'list', the shipped ones are listed. Your own are YAML files (docs/drills.md says how).

        Examples:
          causeway drill sydney-cut
          causeway drill march-8 --report march-8.html
          causeway drill march-8 --bus both --report both.html      Causeway and nats-server side by side
          causeway drill ./my-drill.yaml --size 0.1 --scale 60      smaller and faster
          causeway drill compare before.json after.json --report changes.html

        Exit codes: 0 all expectations are met; 6 one is not; 1 wrong options, or an error in the drill's file; 5 it could not be run;
        130 ended by Ctrl-C.
        """;

    private readonly Argument<string> _drill = new("drill")
    {
        Description = "A shipped drill's name, or the path of a .yaml file",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => "list",
    };

    private readonly Option<string> _bus = new("--bus")
    {
        Description = "What it is run against: causeway, nats-server (which must be installed), or both, one after the other",
        HelpName = "bus",
        DefaultValueFactory = _ => DrillBuses.Causeway,
    };

    private readonly Option<ScaleFactor?> _scale = ValueOption.Optional(
        "--scale", "How many times faster than the script's clock it goes; without it, as the script says", new ValueRange<ScaleFactor>(new(1), new(ScriptLimits.TimeScaleMax)));

    private readonly Option<ScaleFactor> _size = ValueOption.Create(
        "--size", "What all loads are multiplied with: 0.1 for a tenth", new ValueRange<ScaleFactor>(new(0.001), new(100)), new ScaleFactor(1));

    private readonly Option<Count?> _seed = ValueOption.Optional(
        "--seed", "What random choices begin from; without it, as the script says", new ValueRange<Count>(new Count(0), new Count(int.MaxValue)));

    private readonly Option<ByteSize?> _memoryLimit = ValueOption.Optional(
        "--memory-limit",
        "Memory of each node's process at the start, whatever bus; limits that steps set change in proportion",
        new ValueRange<ByteSize>(new ByteSize(ScriptLimits.MemoryLimitBytesMin), new ByteSize(ScriptLimits.MemoryLimitBytesMax)));

    private readonly Option<string?> _report = new("--report") { Description = "Write a report to this file: one HTML page with charts, without scripts", HelpName = "file" };

    private readonly Option<string?> _json = new("--json")
    {
        Description = "Write the result as JSON to this file, or to the standard output with '-' (the timeline then goes to the standard error)",
        HelpName = "file",
    };

    public static Command Create()
    {
        DrillCommand drill = new();
        Command command = new("drill", "Replay a scripted incident against a deployment on this machine, and say whether it was survived.")
        {
            drill._drill, drill._bus, drill._scale, drill._size, drill._seed, drill._memoryLimit, drill._report, drill._json,
            DrillListCommand.Create(), DrillCompareCommand.Create(),
        };
        drill._bus.AcceptOnlyFromAmong(DrillBuses.Causeway, DrillBuses.NatsServer, Both);
        command.SetAction(drill.RunAsync);
        HelpText.Append(command, Help);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string name = parsed.GetRequiredValue(_drill);
        if (name == DrillListCommand.Name)
        {
            return DrillListCommand.Print(parsed.InvocationConfiguration.Output);
        }

        DrillSettings settings = new()
        {
            TimeScale = parsed.GetValue(_scale)?.Factor,
            Size = parsed.GetValue(_size).Factor,
            Seed = (int?)parsed.GetValue(_seed)?.Value,
            MemoryLimitBytes = parsed.GetValue(_memoryLimit)?.Bytes,
        };
        string bus = parsed.GetRequiredValue(_bus);
        DrillFiles files = new(parsed.GetValue(_report), parsed.GetValue(_json));
        DrillSession session = new(Find(name), settings, DrillWords.CommandLine(parsed), files);
        return await session.RunAsync(bus == Both ? [DrillBuses.Causeway, DrillBuses.NatsServer] : [bus], cancellationToken);
    }

    private static DrillScript Find(string name)
    {
        try
        {
            return ShippedDrills.Find(name);
        }
        catch (ScriptException problem)
        {
            throw new CommandException(ExitCode.Usage, problem.Message);
        }
    }
}
