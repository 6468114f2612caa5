using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Causeway.Bus.Monitoring;

/// <summary>
/// Gives Kestrel a socket that listens already, and the first of its connections, which was accepted before Kestrel was there. The socket stays
/// its owner's.
/// </summary>
internal sealed class OpenListenerFactory(Socket listening, Socket first) : IConnectionListenerFactory
{
    /// <summary>How long nobody is accepted after that failed.</summary>
    public static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(200);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(new OpenListener(listening, first));

    private sealed class OpenListener(Socket listening, Socket first) : IConnectionListener
    {
        private readonly SocketConnectionContextFactory _connections = new(new SocketConnectionFactoryOptions(), NullLogger.Instance);
        private readonly CancellationTokenSource _unbound = new();
        private Socket? _first = first;

        public EndPoint EndPoint { get; } = listening.LocalEndPoint!;

        /// <summary>The next connection; null once nobody is listened to any more.</summary>
        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (!_unbound.IsCancellationRequested)
            {
                try
                {
                    Socket socket = Interlocked.Exchange(ref _first, null) ?? await listening.AcceptAsync(_unbound.Token).ConfigureAwait(false);
                    socket.NoDelay = true;
                    return _connections.Create(socket);
                }
                catch (OperationCanceledException)
                {
                    return null;
                }
                catch (SocketException)
                {
                    // Who came has gone again, or there is no descriptor for him: then others may soon leave one.
                    await Task.Delay(AcceptPause, CancellationToken.None).ConfigureAwait(false);
                }
            }

            return null;
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default) => await _unbound.CancelAsync().ConfigureAwait(false);

        public async ValueTask DisposeAsync()
        {
            await _unbound.CancelAsync().ConfigureAwait(false);
            Interlocked.Exchange(ref _first, null)?.Dispose();
            _connections.Dispose();
        }
    }
}
