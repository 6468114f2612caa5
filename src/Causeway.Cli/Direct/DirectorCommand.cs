using System.CommandLine;
using System.Net.Sockets;
using Causeway.Cli.Execution;
using Causeway.Cli.Serve;
using Causeway.Director.Http;
using Causeway.Director.Store;
using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Direct;

/// <summary><c>causeway director</c>: runs a director until it is told to end.</summary>
internal static class DirectorCommand
{
    private const string Description = """
        Run a director: it follows the nodes of all regions over the bus, tells clients which region to use, and serves the operations
        page (/ops) and the status page (/status).

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
        Command command = new("director", Description);
        options.AddTo(command);
        command.SetAction((result, cancellation) => RunAsync(options, result, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(DirectorCommandOptions options, ParseResult result, CancellationToken cancellation)
    {
        (DirectorOptions settings, IReadOnlyList<string> faults) = options.Read(result);
        if (faults.Count > 0)
        {
            foreach (string fault in faults)
            {
                await Console.Error.WriteLineAsync($"causeway director: {fault}");
            }

            return ExitCode.Usage;
        }

        using ILoggerFactory logging = ServeLogging.Create(LogLevel.Information, options.LogsJson(result));
        ILogger log = logging.CreateLogger("causeway.director");
        DirectorServer director;
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
            await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return ExitCode.Success;
    }
}
