using System.Net;
using System.Net.Sockets;

namespace Causeway.Drill.Deployments;

/// <summary>
/// The address of a node that other nodes are told. It asks who connects and hands the connection to the link between that region and
/// the node's: so whatever way a node has learned the address, and whichever node comes to own a link, what crosses regions is shaped.
/// </summary>
internal sealed class NodeFront : IAsyncDisposable
{
    private const int Backlog = 512;

    private readonly IPEndPoint _target;
    private readonly Func<Socket, IPEndPoint, Task> _route;
    private readonly Socket _listener;
    private readonly Task _accepting;

    /// <param name="port">Where it listens.</param>
    /// <param name="target">Where the node itself listens.</param>
    /// <param name="route">Takes over each connection, to carry it to the target.</param>
    public NodeFront(int port, IPEndPoint target, Func<Socket, IPEndPoint, Task> route)
    {
        _target = target;
        _route = route;
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            _listener.Listen(Backlog);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }

        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync().ConfigureAwait(false);
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(() => _route(socket, _target));
        }
    }
}
