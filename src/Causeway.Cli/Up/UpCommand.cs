using System.CommandLine;
using System.Text;
using Causeway.Cli.Drills;
using Causeway.Cli.Execution;
using Causeway.Cli.Output;
using Causeway.Director.Http;
using Causeway.Drill.Deployments;
using Causeway.Drill.Desk;
using Causeway.Drill.Load;
using Causeway.Drill.Results;
using Causeway.Drill.Scripts;
using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Up;

/// <summary><c>causeway up</c>: a deployment of several regions on this machine, to look at and to play with.</summary>
internal static class UpCommand
{
    private const string Examples = """
        Examples:
          causeway up                              three regions of two nodes, clients that chat and call
          causeway up --regions 2 --nodes 1        smaller
          causeway up --regions paris,tokyo --no-load
          causeway up --json --base-port 14000     addresses for a script, the same every time
          causeway up --drill ./own.yaml           the operations page offers this drill too

        Everything listens on 127.0.0.1 and ends with this command, whatever ends it. Links between regions are as slow as the
        internet's. The operations page can start drills, which break this deployment and put it back. When a node dies or leaves, a line
        on standard error says why.

        Exit codes: 0 ended by Ctrl-C or SIGTERM, all processes gone; 1 wrong options; 5 nodes did not start, or none is left;
        130 or 143 ended by Ctrl-C or SIGTERM before everything was up.
        """;

    /// <summary>What the clients of a region do: enough to see, next to nothing to carry.</summary>
    private static readonly LoadLevel Level = new()
    {
        Clients = 20,
        LocalMessagesPerSecond = 20,
        GlobalMessagesPerSecond = 5,
        CallsPerSecond = 2,
        HeldSubscriptions = 500,
        ChurnPerSecond = 5,
    };

    public static Command Create()
    {
        UpOptions options = new();
        Command command = new("up", "Start a deployment of several regions on this machine, with clients.");
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(options, parsed, cancellation));
        HelpText.Append(command, Examples);
        return command;
    }

    private static async Task<int> RunAsync(UpOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        DeploymentSettings settings = options.Deployment(parsed);
        IReadOnlyList<DrillScript> drills = options.Drills(parsed);
        Notices.Write($"starting {settings.Regions.Count * settings.NodesPerRegion} nodes and a director...");
        await using CausewayDeployment deployment = await CausewayDeployment.StartAsync(settings, cancellation);
        TaskCompletionSource allDead = new(TaskCreationOptions.RunContinuationsAsynchronously);
        deployment.NodeDied += node =>
        {
            Notices.Write(node.HasLeft ? $"node {node.Name} has left: it was drained or stopped, and ended in good order" : $"node {node.Name} died: {node.Death}");
            if (deployment.Nodes.All(other => other.ProcessId == 0))
            {
                allDead.TrySetResult();
            }
        };

        bool hasLoad = options.HasLoad(parsed);
        await using DrillDesk desk = Desk(deployment, settings, drills, hasLoad);
        using ILoggerFactory logging = LoggerFactory.Create(builder => builder.AddProvider(new NoticeLog()));
        await using DirectorServer director = await UpDirector.StartAsync(deployment, new UpDrills(desk), logging.CreateLogger("director"), cancellation);
        await desk.BeginAsync(cancellation);
        Print(options.IsJson(parsed) ? UpReport.Json(deployment) : UpReport.Tables(deployment, hasLoad));
        Notices.Write("up; Ctrl-C ends all of it");
        return await EndAsync(allDead.Task, cancellation);
    }

    private static DrillDesk Desk(CausewayDeployment deployment, DeploymentSettings settings, IReadOnlyList<DrillScript> drills, bool hasLoad)
    {
        long limit = settings.MemoryLimitBytes!.Value;
        return new DrillDesk(new DeskSettings
        {
            Deployment = deployment,
            Baseline = new DeploymentBaseline(deployment, settings.Links!, limit),
            Scripts = DeskScripts.For(deployment, drills, limit, Level),
            UsualLoad = hasLoad ? Level : null,
            StartLoad = seed => SyntheticLoad.Start(deployment, new LoadSettings { Seed = seed }),
            ReportFolder = deployment.Folder,
            Facts = new RunFacts { Version = $"causeway {ProgramRoot.Version}", StartedAt = default, Command = "causeway up", Machine = MachineFacts.Lines(), Size = 1 },
        });
    }

    private static void Print(string text)
    {
        using StandardOutput output = new();
        output.Write(Encoding.UTF8.GetBytes(text));
        output.Flush();
    }

    private static async Task<int> EndAsync(Task allDead, CancellationToken cancellation)
    {
        try
        {
            await allDead.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            Notices.Write("ending...");
            return ExitCode.Success;
        }

        throw new CommandException(ExitCode.Failure, "no node is left");
    }
}
