using Causeway.Client;
using Causeway.Core.Control;
using Microsoft.Extensions.Logging;

namespace Causeway.Director.Registry;

/// <summary>
/// Brings the reports of all nodes from the bus to the registry, over a connection that is made again for as long as it takes. It may
/// start before any server does.
/// </summary>
public sealed partial class BusFeed : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly BusClientOptions _options;
    private readonly DeploymentRegistry _registry;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private BusClient? _client;
    private string _problem = "not connected to the bus yet";

    /// <summary>Begins to connect.</summary>
    public BusFeed(IReadOnlyList<ServerAddress> servers, string name, DeploymentRegistry registry, TimeProvider time, ILogger log)
    {
        _registry = registry;
        _time = time;
        _log = log;
        _options = new BusClientOptions
        {
            Servers = servers,
            Name = name,
            TimeProvider = time,
            PingInterval = TimeSpan.FromSeconds(2),
            Reconnect = new ReconnectOptions { DelayMax = TimeSpan.FromSeconds(2) },
        };
        _running = Task.Run(RunAsync);
    }

    /// <summary>The connection; null until there is one.</summary>
    public BusClient? Client => Volatile.Read(ref _client) is { State: ConnectionState.Connected } client ? client : null;

    /// <summary>Why the bus can't be reached; empty if it can.</summary>
    public string Problem => Client is null ? Volatile.Read(ref _problem) : "";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await FollowAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is BusException or ObjectDisposedException)
            {
                Note(fault.Message);
            }

            await Task.Delay(RetryDelay, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync()
    {
        BusClient client = await BusClient.ConnectAsync(_options with { OnEvent = OnEvent }, _stop.Token).ConfigureAwait(false);
        await using (client.ConfigureAwait(false))
        {
            Volatile.Write(ref _client, client);
            LogConnected(_log, client.Server);
            Subscription reports = await client.SubscribeAsync(
                ControlSubjects.AllReports,
                new SubscribeOptions { PendingMessagesMax = RegistryLimits.MaxPendingReports, PendingBytesMax = RegistryLimits.MaxPendingReportBytes },
                _stop.Token).ConfigureAwait(false);
            await foreach (Message message in reports.WithCancellation(_stop.Token).ConfigureAwait(false))
            {
                _registry.Receive(message.Subject, message.Data.Span);
            }
        }
    }

    private void OnEvent(ClientEvent happened)
    {
        if (happened is ClientEvent.Disconnected lost)
        {
            Note(lost.Reason.Message);
        }
        else if (happened is ClientEvent.Reconnected again)
        {
            LogConnected(_log, again.Server);
        }
    }

    private void Note(string problem)
    {
        if (Interlocked.Exchange(ref _problem, problem) != problem)
        {
            LogLost(_log, problem);
        }
    }

    [LoggerMessage(203, LogLevel.Information, "Follows the bus at {Server}")]
    private static partial void LogConnected(ILogger logger, ServerAddress server);

    [LoggerMessage(204, LogLevel.Warning, "The bus can't be reached: {Problem}")]
    private static partial void LogLost(ILogger logger, string problem);
}
