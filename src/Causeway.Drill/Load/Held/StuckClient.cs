using System.Text;
using Causeway.Drill.Load.Clients;

namespace Causeway.Drill.Load.Held;

/// <summary>A client that subscribes to what its region says and reads none of it. When its node closes it, it comes again.</summary>
internal sealed class StuckClient : IAsyncDisposable
{
    private static readonly ReadOnlyMemory<byte> Ping = "PING\r\n"u8.ToArray();

    private readonly CancellationTokenSource _ending = new();
    private readonly Task _running;
    private volatile bool _isConnected;
    private long _closed;

    public StuckClient(LoadContext context, string region, string name, IReadOnlyList<string> patterns) =>
        _running = Task.Run(() => RunAsync(context, region, name, patterns));

    /// <summary>True while it is connected.</summary>
    public bool IsConnected => _isConnected;

    /// <summary>How often its node has closed it.</summary>
    public long Closed => Volatile.Read(ref _closed);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task RunAsync(LoadContext context, string region, string name, IReadOnlyList<string> patterns)
    {
        Random random = context.Random();
        for (int round = 0; !_ending.IsCancellationRequested; round++)
        {
            try
            {
                using RawClient client = await RawClient.ConnectAsync(context.Homes.Addresses(region, round, random), name, stuck: true, _ending.Token).ConfigureAwait(false);
                string subscriptions = string.Concat(patterns.Select((pattern, i) => $"SUB {pattern} {i + 1}\r\n"));
                await client.SendAsync(Encoding.UTF8.GetBytes(subscriptions), _ending.Token).ConfigureAwait(false);
                (_isConnected, round) = (true, -1);
                await StandAsync(client).ConfigureAwait(false);
            }
            catch (IOException)
            {
                _closed += _isConnected ? 1 : 0;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            finally
            {
                _isConnected = false;
            }
        }
    }

    /// <summary>Stands there until the connection is gone. Only sending can tell, since it reads nothing.</summary>
    private async Task StandAsync(RawClient client)
    {
        using PeriodicTimer timer = new(LoadLimits.RetryPause);
        while (await timer.WaitForNextTickAsync(_ending.Token).ConfigureAwait(false))
        {
            await client.SendAsync(Ping, _ending.Token).ConfigureAwait(false);
        }
    }
}
