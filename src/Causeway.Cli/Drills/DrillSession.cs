using System.Diagnostics;
using Causeway.Cli.Execution;
using Causeway.Drill.Deployments;
using Causeway.Drill.Engine;
using Causeway.Drill.Load;
using Causeway.Drill.Results;
using Causeway.Drill.Scripts;
using Causeway.Shaper;

namespace Causeway.Cli.Drills;

/// <summary>Runs a drill against one bus or several, one after the other, shows it, and writes what came of it.</summary>
internal sealed class DrillSession(DrillScript script, DrillSettings settings, string command, DrillFiles files)
{
    private readonly DrillScript _script = settings.Apply(script);

    /// <summary>Runs it against each bus; gives the exit code.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> buses, CancellationToken cancellationToken)
    {
        Timeline timeline = Timeline.Create(_script, files.TakesStandardOutput);
        List<DrillResult> results = [];
        foreach (string bus in buses)
        {
            results.Add(await RunAsync(bus, timeline, cancellationToken));
        }

        timeline.Conclude(results, files.Write(results));
        return results.All(result => result.IsMet) ? ExitCode.Success : ExitCode.NotMet;
    }

    private async Task<DrillResult> RunAsync(string bus, Timeline timeline, CancellationToken cancellationToken)
    {
        string version = BusVersion(bus);
        DateTimeOffset startedAt = DateTimeOffset.UtcNow;
        timeline.Begin(version, settings.Size);
        try
        {
            await using IDeployment deployment = await StartAsync(bus, cancellationToken);
            await using SyntheticLoad load = SyntheticLoad.Start(deployment, new LoadSettings { Seed = _script.Seed });
            DrillRunner runner = new(_script, deployment, load, new MachineClock(), timeline);
            DrillRecord record = await timeline.ShowAsync(() => runner.RunAsync(cancellationToken));
            DrillResult result = ResultBuilder.Of(record with { Size = settings.Size }, new RunFacts
            {
                Version = version,
                StartedAt = startedAt,
                Command = command,
                Machine = MachineFacts.Lines(),
                Size = settings.Size,
            });
            timeline.End(result);
            return result;
        }
        catch (Drill.Processes.ProcessException problem)
        {
            throw new CommandException(ExitCode.Failure, $"the deployment of {bus} can't be used: {problem.Message}");
        }
    }

    private async Task<IDeployment> StartAsync(string bus, CancellationToken cancellationToken)
    {
        DeploymentSettings places = new()
        {
            Regions = _script.Regions,
            NodesPerRegion = _script.NodesPerRegion,
            MemoryLimitBytes = _script.MemoryLimitBytes,
            HighestMemoryLimitBytes = _script.Steps.Select(step => step.Action).OfType<SetMemoryLimit>().Select(limit => limit.Bytes).Append(_script.MemoryLimitBytes).Max(),
            Links = Conditions,
            ServeArguments = ScaledAlarms.Arguments(_script.TimeScale),
        };
        return bus == DrillBuses.Causeway
            ? await CausewayDeployment.StartAsync(places, cancellationToken)
            : await NatsDeployment.StartAsync(places, cancellationToken);
    }

    private LinkConditions Conditions(string near, string far) => _script.Links
        .LastOrDefault(link => (link.Link.One == near && link.Link.Other == far) || (!link.Link.IsOneWay && link.Link.One == far && link.Link.Other == near))
        .Conditions ?? new LinkConditions();

    private static string BusVersion(string bus)
    {
        if (bus == DrillBuses.Causeway)
        {
            return $"causeway {ProgramRoot.Version}";
        }

        try
        {
            using Process asked = Process.Start(new ProcessStartInfo("nats-server", "--version") { RedirectStandardOutput = true })!;
            string version = asked.StandardOutput.ReadToEnd().Trim();
            asked.WaitForExit();
            return version.Replace(": v", " ", StringComparison.Ordinal);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new CommandException(ExitCode.Failure, "nats-server is not installed; Debian has it in the package nats-server");
        }
    }
}
