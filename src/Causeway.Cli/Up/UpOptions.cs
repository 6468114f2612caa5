using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Causeway.Cli.Execution;
using Causeway.Cli.Parsing;
using Causeway.Drill.Deployments;
using Causeway.Drill.Desk;
using Causeway.Drill.Scripts;

namespace Causeway.Cli.Up;

/// <summary>The options of <c>causeway up</c>.</summary>
internal sealed class UpOptions
{
    private const int DefaultRegions = 3;
    private const int MaxNodesPerRegion = 16;

    private readonly Option<string[]> _regions = new("--regions")
    {
        Description = "How many regions, or their names, separated by commas",
        HelpName = "number|names",
        CustomParser = ReadRegions,
        DefaultValueFactory = _ => [.. WanLatency.Regions.Take(DefaultRegions)],
    };

    private readonly Option<Count> _nodes = ValueOption.Create(
        "--nodes", "Nodes in each region", new ValueRange<Count>(new Count(1), new Count(MaxNodesPerRegion)), new Count(2), null);

    private readonly Option<ByteSize> _memoryLimit = ValueOption.Create(
        "--memory-limit",
        "Memory of each node's process: one that passes it is killed, as in a container",
        new ValueRange<ByteSize>(new ByteSize(ScriptLimits.MemoryLimitBytesMin), new ByteSize(ScriptLimits.MemoryLimitBytesMax)),
        new ByteSize(512 << 20));

    private readonly Option<string[]> _drills = new("--drill")
    {
        Description = "File of a drill that the operations page offers besides the shipped ones; may be repeated",
        HelpName = "file",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _noLoad = new("--no-load") { Description = "Start no clients: only nodes and links" };

    private readonly Option<Count> _basePort = ValueOption.Create(
        "--base-port", "First of the ports to take, one after the other; 0 for any free ones", new ValueRange<Count>(new Count(0), new Count(60_000)), new Count(0), null);

    private readonly Option<string> _logs = new("--logs")
    {
        Description = "Folder for the logs of nodes, kept at the end; without it they go with the deployment",
        HelpName = "folder",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print the addresses as one JSON object" };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_regions, _nodes, _memoryLimit, _drills, _noLoad, _basePort, _logs, _json])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The deployment that is asked for.</summary>
    public DeploymentSettings Deployment(ParseResult parsed) => new()
    {
        Regions = parsed.GetRequiredValue(_regions),
        NodesPerRegion = (int)parsed.GetRequiredValue(_nodes).Value,
        BasePort = (int)parsed.GetRequiredValue(_basePort).Value,
        RunFolder = parsed.GetValue(_logs),
        Links = WanLatency.Link,
        MemoryLimitBytes = parsed.GetValue(_memoryLimit).Bytes,
        HighestMemoryLimitBytes = HighestLimit(Drills(parsed)),
    };

    /// <summary>The drills that are asked for, after those that are shipped.</summary>
    /// <exception cref="CommandException">A file can't be read, or its drill does not fit the deployment.</exception>
    public IReadOnlyList<DrillScript> Drills(ParseResult parsed) =>
        [.. ShippedDrills.Names.Select(ShippedDrills.Find), .. parsed.GetRequiredValue(_drills).Select(file => Drill(parsed, file))];

    public bool HasLoad(ParseResult parsed) => !parsed.GetValue(_noLoad);

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    private DrillScript Drill(ParseResult parsed, string file)
    {
        try
        {
            DrillScript script = ShippedDrills.Find(file);
            return DeskScripts.Misfit(script, parsed.GetRequiredValue(_regions), (int)parsed.GetRequiredValue(_nodes).Value) is { } misfit
                ? throw new CommandException(ExitCode.Usage, $"--drill: '{file}' does not fit: {misfit}")
                : script;
        }
        catch (ScriptException problem)
        {
            throw new CommandException(ExitCode.Usage, problem.Message);
        }
    }

    private static long HighestLimit(IReadOnlyList<DrillScript> drills) =>
        drills.SelectMany(drill => drill.Steps).Select(step => step.Action).OfType<SetMemoryLimit>().Select(limit => limit.Bytes).DefaultIfEmpty().Max();

    private static string[] ReadRegions(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count))
        {
            if (count < 1 || count > WanLatency.Regions.Count)
            {
                result.AddError($"--regions: '{text}' can't be; accepted is a number from 1 to {WanLatency.Regions.Count}, or names separated by commas");
            }

            return [.. WanLatency.Regions.Take(count)];
        }

        return text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }
}
