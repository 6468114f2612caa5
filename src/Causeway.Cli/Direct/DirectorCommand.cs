using System.CommandLine;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using Causeway.Alerting;
using Causeway.Cli.Execution;
using Causeway.Cli.Logging;
using Causeway.Cli.Telemetry;
using Causeway.Director.Http;
using Causeway.Director.Store;
using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Direct;

/// <summary><c>causeway director</c>: runs a director until it is told to end.</summary>
internal static class DirectorCommand
{
    private const string Details = """
        It follows the nodes of all regions over the bus, and serves the operations page (/ops) and the status page (/status).

        Examples:
          causeway director
          causeway director --listen '*:8080' --server nats://10.0.1.7:4222,nats://10.1.1.7:4222 --deployment-key-file key
          causeway director --operator-token-file token --store redis://10.0.0.9:6379
          causeway director --region-location us-east-1=39.0,-77.5 --region-location us-west-1=37.4,-121.9

        Several directors share one --store; each can end at any time. See docs/director.md.

        Exit codes: 0 ended by SIGTERM or SIGINT, 1 bad options or the address can't be had, 5 the director failed.
        """;

    public static Command Create()
    {
        DirectorCommandOptions options = new();
        Command command = new("director", "Run a director: it tells clients which region to use, and serves the pages of operators and of the public.");
        options.AddTo(command);
        HelpText.Append(command, Details);
        command.SetAction((result, cancellation) => RunAsync(options, result, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(DirectorCommandOptions options, ParseResult result, CancellationToken cancellation)
    {
        (DirectorOptions settings, IReadOnlyList<string> found) = options.Read(result);
        List<string> faults = [.. found];
        AlertingOptions alerting = options.ReadAlerting(result, faults);
        Uri? collector = options.Collector(result, faults);
        if (faults.Count > 0)
        {
            foreach (string fault in faults)
            {
                await Console.Error.WriteLineAsync($"causeway director: {fault}");
            }

            return ExitCode.Usage;
        }

        using ProgramLog logging = new(new LogSettings { Format = options.LogsJson(result) ? LogFormat.Json : LogFormat.Text });
        ILogger log = logging.For("causeway.director");
        DirectorServer director;
        AlarmOutlets outlets;
        try
        {
            outlets = new AlarmOutlets(alerting, settings.Name, "", settings.AdvertiseUrl, settings.Time);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Usage, $"--incident-log: '{alerting.IncidentFile}' can't be written: {fault.Message}");
        }

        using AlarmOutlets told = outlets;
        try
        {
            director = await DirectorServer.StartAsync(settings, DirectorStores.Open(settings.Store, settings.Key.Deployment, settings.Time, log), log);
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            await Console.Error.WriteLineAsync($"causeway director: can't listen on {settings.Listen}: {fault.Message}");
            return ExitCode.Usage;
        }

        await using (director)
        {
            director.Registry.AlarmsChanged += told.Tell;
            using Meter meter = new(DirectorServer.MeterName);
            OutletMetrics.AddTo(meter, told);
            using OtlpExport? export = collector is null ? null : OtlpExport.Start(
                collector, new OtlpIdentity("causeway-director", ProgramRoot.Version, settings.Name, []), DirectorServer.MeterName, null, log);
            await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return ExitCode.Success;
    }
}
