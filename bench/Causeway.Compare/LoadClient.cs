using System.Globalization;

namespace Causeway.Compare;

/// <summary>Runs a scenario's load as a process of its own, against a server that runs.</summary>
internal static class LoadClient
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    public static Measurement Run(Scenario scenario, RunningServer server, CompareSettings settings)
    {
        using ChildProcess client = ChildProcess.Start(Command(scenario, server, settings));
        if (!client.WaitForExit(Timeout))
        {
            throw new CompareException($"the load took longer than {Timeout.TotalSeconds} s");
        }

        return client.ExitCode == 0
            ? Measurement.FromJson(client.Output)
            : throw new CompareException($"the load ended with code {client.ExitCode}: {client.Errors}");
    }

    private static List<string> Command(Scenario scenario, RunningServer server, CompareSettings settings)
    {
        bool js = scenario.Client == ClientKind.NatsJs;
        List<string> command = js ? ["node", settings.NodeScript] : ["dotnet", settings.CausewayDll, "bench"];
        command.AddRange(scenario.Arguments);
        command.AddRange(["--server", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{server.Port}")]);
        command.AddRange(["--pid", server.Pid.ToString(CultureInfo.InvariantCulture)]);
        if (scenario.Group is ScenarioGroup.Throughput or ScenarioGroup.Latency)
        {
            string seconds = settings.WarmupSeconds.ToString(CultureInfo.InvariantCulture);
            command.AddRange(["--warmup", js ? seconds : $"{seconds}s"]);
        }

        if (!js)
        {
            command.Add("--json");
        }

        return command;
    }
}
