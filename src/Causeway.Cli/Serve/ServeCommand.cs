using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Causeway.Bus.Configuration.Syntax;
using Causeway.Bus.Monitoring;
using Causeway.Bus.Nodes;
using Causeway.Cli.Execution;
using Causeway.Core.Access;
using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Serve;

/// <summary><c>causeway serve</c>: runs a bus node until it is told to leave.</summary>
internal static class ServeCommand
{
    private const int SigUsr2 = 12;

    private const string Description = """
        Run a bus node that NATS clients connect to.

        A configuration file (--config) has nats-server's syntax and names; docs/configuration.md lists what is read. What the command line
        says goes before the file, and the file before the environment. SIGHUP reads the file again and takes over who may come.

        SIGTERM or SIGINT drains: what has arrived is delivered, then clients are closed. SIGUSR2 begins lame-duck mode: clients are
        told to go elsewhere and closed over time.

        Examples:
          causeway serve
          causeway serve --listen '*:4222' --http 127.0.0.1:8222 --memory-limit 2GiB
          causeway serve -c /etc/causeway.conf
          causeway serve --user alice --pass secret
          CAUSEWAY_MAX_PAYLOAD=8MiB causeway serve --log-format json

        Exit codes: 0 left in good order, 1 bad options or configuration, or the address can't be had, 5 the node failed.
        """;

    public static Command Create()
    {
        ServeOptions options = new();
        Option<string?> config = new(ServeOptions.ConfigOption, "-c")
        {
            Description = "Configuration file [env: CAUSEWAY_CONFIG]",
            HelpName = "file",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("CAUSEWAY_CONFIG"),
        };
        Command command = new("serve", Description);
        command.Options.Add(config);
        options.AddTo(command);
        command.SetAction((result, cancellation) => RunAsync(options, result, result.GetValue(config) is { Length: > 0 } path ? new ServeFile(path, result) : null, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ServeOptions options, ParseResult line, ServeFile? file, CancellationToken cancellation)
    {
        ParseResult result = line;
        AccessSettings access = new();
        try
        {
            (result, access) = file?.Read() ?? (line, access);
        }
        catch (ConfigurationException fault)
        {
            await Console.Error.WriteLineAsync($"causeway serve: {fault.Message}").ConfigureAwait(false);
            return ExitCode.Usage;
        }

        (BusOptions settings, IReadOnlyList<string> faults) = options.Read(result, access);
        faults = [.. result.Errors.Select(error => error.Message), .. faults];
        if (faults.Count > 0)
        {
            foreach (string fault in faults)
            {
                await Console.Error.WriteLineAsync($"causeway serve: {fault}").ConfigureAwait(false);
            }

            return ExitCode.Usage;
        }

        using ILoggerFactory logging = ServeLogging.Create(options.LogLevel(result), options.LogsJson(result));
        IPEndPoint wanted = settings.Listen;
        BusNode? node = null;
        MonitoringServer? monitoring = null;
        try
        {
            node = new BusNode(settings, logging.CreateLogger("causeway.bus"));
            if (options.Http(result) is { } http)
            {
                wanted = http;
                monitoring = await MonitoringServer.StartAsync(node, http, logging.CreateLogger("causeway.http")).ConfigureAwait(false);
            }

            // Signals are listened to before anybody can know that the node is there.
            using PosixSignalRegistration? reload = file?.ReloadOnSignal(node, options, logging.CreateLogger("causeway.config"));
            Task<int> end = WaitAsync(node, cancellation);
            node.Start();
            return await end.ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            await Console.Error.WriteLineAsync($"causeway serve: can't listen on {wanted}: {fault.Message}").ConfigureAwait(false);
            return ExitCode.Usage;
        }
        finally
        {
            if (monitoring is not null)
            {
                await monitoring.DisposeAsync().ConfigureAwait(false);
            }

            node?.Dispose();
        }
    }

    /// <summary>Waits for a signal (SIGTERM and SIGINT cancel the token) or a failure, and leaves as it asks for.</summary>
    private static async Task<int> WaitAsync(BusNode node, CancellationToken cancellation)
    {
        TaskCompletionSource drain = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource lameDuck = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Failed += _ => failed.TrySetResult();
        node.LeaveAsked += () => lameDuck.TrySetResult();
        using PosixSignalRegistration usr2 = On((PosixSignal)SigUsr2, lameDuck);
        using CancellationTokenRegistration terminated = cancellation.Register(() => drain.TrySetResult());

        Task first = await Task.WhenAny(drain.Task, lameDuck.Task, failed.Task).ConfigureAwait(false);
        if (first == lameDuck.Task)
        {
            // A drain cuts the lame-duck time short.
            first = await Task.WhenAny(node.LameDuckAsync(CancellationToken.None), drain.Task, failed.Task).ConfigureAwait(false);
        }

        if (first == drain.Task)
        {
            first = await Task.WhenAny(node.DrainAsync(), failed.Task).ConfigureAwait(false);
        }

        if (first == failed.Task)
        {
            return ExitCode.Failure;
        }

        await first.ConfigureAwait(false);
        return ExitCode.Success;
    }

    private static PosixSignalRegistration On(PosixSignal signal, TaskCompletionSource then) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            then.TrySetResult();
        });
}
