using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Causeway.Bus.Monitoring;
using Causeway.Bus.Nodes;
using Causeway.Cli.Execution;
using Causeway.Cli.Logging;
using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Serve;

/// <summary>Runs a node from its settings to its end.</summary>
internal sealed class ServeRun(ServeSources sources)
{
    private const int SigUsr1 = 10;
    private const int SigUsr2 = 12;

    private readonly string _program = sources.Style is null ? "causeway serve" : "nats-server";

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        (ServeSettings? settings, IReadOnlyList<string> faults) = sources.Read();
        if (settings is null)
        {
            foreach (string fault in faults)
            {
                await SayAsync(fault).ConfigureAwait(false);
            }

            return ExitCode.Usage;
        }

        ProgramLog log;
        try
        {
            log = new ProgramLog(settings.Log);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await SayAsync($"--log-file: '{settings.Log.File}' can't be written: {fault.Message}").ConfigureAwait(false);
            return ExitCode.Usage;
        }

        using (log)
        {
            return await RunAsync(settings, log, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<int> RunAsync(ServeSettings settings, ProgramLog log, CancellationToken cancellation)
    {
        IPEndPoint wanted = settings.Node.Listen;
        BusNode? node = null;
        MonitoringServer? monitoring = null;
        try
        {
            node = new BusNode(settings.Node, log.For("causeway.bus"));
            if (settings.Http is { } http)
            {
                wanted = http;
                monitoring = MonitoringServer.Start(node, http, log.For("causeway.http"));
            }

            using LogMetrics metrics = new(log);
            using IDisposable? export = sources.Options.Export(settings.Line, node, log.For("causeway.otlp"));
            // Signals are listened to before anybody can know that the node is there.
            ServeReload reload = new(sources, settings, node, log);
            using PosixSignalRegistration hangUp = On(PosixSignal.SIGHUP, reload.Run);
            using PosixSignalRegistration reopen = On((PosixSignal)SigUsr1, log.Reopen);
            ILogger own = log.For(_program);
            Task<int> end = WaitAsync(node, own, cancellation);
            node.Start();
            using NodeFiles files = new(settings, sources.Style is null ? "causeway" : _program, node, own);
            SayReady(node, own);
            int exitCode = await end.ConfigureAwait(false);
            ServeLog.Exiting(own);
            return exitCode;
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            await SayAsync($"can't listen on {wanted}: {fault.Message}").ConfigureAwait(false);
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

    private static PosixSignalRegistration On(PosixSignal signal, Action then) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            then();
        });

    /// <summary>The lines that scripts wait for.</summary>
    private void SayReady(BusNode node, ILogger log)
    {
        if (sources.Style is not null)
        {
            ServeLog.Starting(log, ProgramRoot.Version);
            ServeLog.Version(log, node.Info.Version);
            ServeLog.Name(log, node.Info.ServerName);
            ServeLog.Id(log, node.Info.ServerId);
            if (sources.Path.Length > 0)
            {
                ServeLog.File(log, sources.Path);
            }

            if (node.MonitoringUrl.Length > 0)
            {
                ServeLog.Http(log, new Uri(node.MonitoringUrl).Authority);
            }

            ServeLog.Listening(log, node.ClientAddress.ToString());
        }

        ServeLog.Ready(log);
    }

    /// <summary>Waits for a signal (SIGTERM and SIGINT cancel the token) or a failure, and leaves as it asks for.</summary>
    private static async Task<int> WaitAsync(BusNode node, ILogger log, CancellationToken cancellation)
    {
        TaskCompletionSource drain = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource lameDuck = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Failed += _ => failed.TrySetResult();
        node.LeaveAsked += () => lameDuck.TrySetResult();
        using PosixSignalRegistration usr2 = On((PosixSignal)SigUsr2, () => lameDuck.TrySetResult());
        using CancellationTokenRegistration terminated = cancellation.Register(() => drain.TrySetResult());

        Task first = await Task.WhenAny(drain.Task, lameDuck.Task, failed.Task).ConfigureAwait(false);
        if (first == lameDuck.Task)
        {
            ServeLog.LameDuck(log);
            // A drain cuts the lame-duck time short.
            first = await Task.WhenAny(node.LameDuckAsync(CancellationToken.None), drain.Task, failed.Task).ConfigureAwait(false);
        }

        if (first == drain.Task)
        {
            ServeLog.ShuttingDown(log);
            first = await Task.WhenAny(node.DrainAsync(), failed.Task).ConfigureAwait(false);
        }

        if (first == failed.Task)
        {
            return ExitCode.Failure;
        }

        await first.ConfigureAwait(false);
        return ExitCode.Success;
    }

    private Task SayAsync(string line) => Console.Error.WriteLineAsync($"{_program}: {line}");
}
