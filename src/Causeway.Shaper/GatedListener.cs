using System.Net;
using System.Net.Sockets;

namespace Causeway.Shaper;

/// <summary>
/// A listener on the loopback that can be shut and opened: while it is shut connections are refused, as where nothing listens, and the
/// port stays its own. Thread-safe.
/// </summary>
public sealed class GatedListener : IAsyncDisposable
{
    private const int Backlog = 512;
    private const int FirstBindAttempts = 50;

    // A process that is just being started holds our sockets until it runs its own program, which on a busy machine takes its time.
    private const int ShutBindAttempts = 5_000;

    private readonly Action<Socket> _accepted;
    private readonly Lock _gate = new();
    private Socket _listener;
    private Task _accepting = Task.CompletedTask;
    private bool _isOpen;
    private bool _disposed;

    /// <summary>Takes a port; shut at first.</summary>
    /// <param name="port">The port to listen on, or 0 for any.</param>
    /// <param name="accepted">Takes over each connection; must not block.</param>
    /// <exception cref="SocketException">The port can't be had.</exception>
    public GatedListener(int port, Action<Socket> accepted)
    {
        _accepted = accepted;
        _listener = Bind(port, FirstBindAttempts);
        Address = (IPEndPoint)_listener.LocalEndPoint!;
    }

    /// <summary>Where to connect to.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Connections are accepted from now on.</summary>
    public void Open()
    {
        lock (_gate)
        {
            if (_isOpen || _disposed)
            {
                return;
            }

            _isOpen = true;
            Socket listener = _listener;
            listener.Listen(Backlog);
            _accepting = Task.Run(() => AcceptAsync(listener));
        }
    }

    /// <summary>New connections are refused from now on; those that exist go on.</summary>
    public void Shut()
    {
        lock (_gate)
        {
            if (_isOpen && !_disposed)
            {
                _isOpen = false;
                _listener.Dispose();
                _listener = Bind(Address.Port, ShutBindAttempts);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
            _listener.Dispose();
        }

        await _accepting.ConfigureAwait(false);
    }

    /// <summary>A socket that is bound and doesn't listen refuses connections, and keeps the port.</summary>
    private static Socket Bind(int port, int attempts)
    {
        for (int attempt = 1; ; attempt++)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.ReceiveBufferSize = ShaperLimits.SocketBufferBytes;
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return socket;
            }
            catch (SocketException) when (attempt < attempts)
            {
                socket.Dispose();
                Thread.Sleep(1);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            _accepted(socket);
        }
    }
}
