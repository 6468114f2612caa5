using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Causeway.Client.Hosting;

/// <summary>Keeps a client for as long as its host runs, and drains it when the host stops.</summary>
internal sealed class ClientLifetime(BusClient client, TimeSpan drainTimeout, ILogger logger) : IHostedService, IAsyncDisposable, IDisposable
{
    public BusClient Client => client;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Nothing can be drained into a connection that isn't there.
        if (client.State != ConnectionState.Connected)
        {
            await client.DisposeAsync().ConfigureAwait(false);
            return;
        }

        try
        {
            await client.DrainAsync(drainTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is TimeoutException or BusException or OperationCanceledException)
        {
            ClientLog.NotDrained(logger, client.Server, fault.Message);
        }
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    public void Dispose() => client.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
