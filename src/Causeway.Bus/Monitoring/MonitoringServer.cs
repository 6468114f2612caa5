using System.Net;
using System.Net.Sockets;
using Causeway.Bus.Nodes;
using Causeway.Bus.Transport;
using Microsoft.Extensions.Logging;

namespace Causeway.Bus.Monitoring;

/// <summary>
/// The node's monitoring pages over HTTP, on Kestrel. The address is had at once; Kestrel, and OpenTelemetry, which make 20 MB, are loaded
/// when somebody first comes, so that a node that nobody looks at does without.
/// </summary>
public sealed class MonitoringServer : IAsyncDisposable
{
    private const int Backlog = 512;

    private readonly BusNode _node;
    private readonly ILogger _log;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task<MonitoringApp?> _app;

    private MonitoringServer(BusNode node, Socket socket, ILogger log)
    {
        _node = node;
        _log = log;
        _socket = socket;
        IPEndPoint address = (IPEndPoint)socket.LocalEndPoint!;
        Address = new UriBuilder(Uri.UriSchemeHttp, address.Address.ToString(), address.Port).Uri;
        _app = ServeAsync();
    }

    /// <summary>Where it listens, with the port that was chosen if 0 was asked for.</summary>
    public Uri Address { get; }

    /// <summary>Starts the pages of <paramref name="node"/> on <paramref name="address"/>. Throws <see cref="SocketException"/> if it can't be had.</summary>
    public static MonitoringServer Start(BusNode node, IPEndPoint address, ILogger log)
    {
        MonitoringServer server = new(node, Listener.Open(address, Backlog), log);
        node.MonitoringUrl = UrlFor(node, server.Address);
        NodeLog.Monitoring(log, server.Address.Authority);
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (await _app.ConfigureAwait(false) is { } app)
        {
            await app.DisposeAsync().ConfigureAwait(false);
        }

        _socket.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Waits for who comes first, and starts the pages, for who comes next if that fails; null if the node ends before.</summary>
    private async Task<MonitoringApp?> ServeAsync()
    {
        try
        {
            while (true)
            {
                if (await AcceptAsync().ConfigureAwait(false) is { } first && await StartAsync(first).ConfigureAwait(false) is { } app)
                {
                    return app;
                }

                await Task.Delay(OpenListenerFactory.AcceptPause, _stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Who comes first; null if he has gone again, or there is no descriptor for him.</summary>
    private async Task<Socket?> AcceptAsync()
    {
        try
        {
            return await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>The pages, begun; null if they could not be.</summary>
    private async Task<MonitoringApp?> StartAsync(Socket first)
    {
        MonitoringApp? app = null;
        try
        {
            app = new MonitoringApp(_node, _socket, first);
            await app.StartAsync().ConfigureAwait(false);
            return app;
        }
#pragma warning disable CA1031 // The node goes on, and starts them for who comes next.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            NodeLog.MonitoringFailed(_log, fault.Message, fault);
            if (app is not null)
            {
                await app.DisposeAsync().ConfigureAwait(false);
            }

            first.Dispose();
            return null;
        }
    }

    /// <summary>The pages as others reach them: who listens on all addresses is found where clients find the node.</summary>
    private static string UrlFor(BusNode node, Uri address)
    {
        bool onAll = IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
        return new UriBuilder(address.Scheme, onAll ? node.Info.Host : address.Host, address.Port).Uri.GetLeftPart(UriPartial.Authority);
    }
}
