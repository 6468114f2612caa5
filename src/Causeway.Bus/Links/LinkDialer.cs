using System.Net;
using System.Net.Sockets;

namespace Causeway.Bus.Links;

/// <summary>Opens connections to other nodes, off the event loop, one thread for each that is being opened.</summary>
internal sealed class LinkDialer(LinkTls? tls, TimeSpan timeout)
{
    /// <summary>A connection: its descriptor, and what closes it.</summary>
    internal readonly record struct Opened(int Fd, IDisposable Owner);

    /// <summary>Connects to <paramref name="address"/>. Throws <see cref="IOException"/> with the reason.</summary>
    public Task<Opened> OpenAsync(string address) =>
        Task.Factory.StartNew(() => Open(address), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    /// <summary>Secures a connection that came in, if links are secured; it owns <paramref name="fd"/> from now on.</summary>
    public async Task<Opened> SecureAsync(int fd)
    {
        using CancellationTokenSource cancellation = new(timeout);
        Socket socket = new(new SafeSocketHandle(fd, ownsHandle: true));
        try
        {
            return await SecureAsync(socket, tls!, null, cancellation.Token).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Opened> SecureAsync(Socket socket, LinkTls tls, string? host, CancellationToken cancellation)
    {
        try
        {
            TlsTunnel tunnel = await TlsTunnel.OpenAsync(socket, tls, host, cancellation).ConfigureAwait(false);
            return new Opened(tunnel.Fd, tunnel);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            throw new IOException(fault is OperationCanceledException ? "the TLS handshake took too long" : $"TLS: {fault.Message}", fault);
        }
    }

    private async Task<Opened> Open(string address)
    {
        int colon = address.LastIndexOf(':');
        string host = address[..colon].Trim('[', ']');
        Socket? socket = null;
        try
        {
            IPAddress ip = IPAddress.TryParse(host, out IPAddress? literal) ? literal : Dns.GetHostAddresses(host)[0];
            socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            Connect(socket, new IPEndPoint(ip, int.Parse(address[(colon + 1)..], null)));
            if (tls is null)
            {
                return new Opened((int)socket.SafeHandle.DangerousGetHandle(), socket);
            }

            using CancellationTokenSource cancellation = new(timeout);
            socket.Blocking = true;
            return await SecureAsync(socket, tls, host, cancellation.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            socket?.Dispose();
            throw new IOException(fault is IOException ? fault.Message : $"can't connect: {fault.Message}", fault);
        }
    }

    private void Connect(Socket socket, IPEndPoint address)
    {
        socket.Blocking = false;
        try
        {
            socket.Connect(address);
        }
        catch (SocketException fault) when (fault.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            if (!socket.Poll(timeout, SelectMode.SelectWrite))
            {
                throw new IOException("can't connect: no answer", fault);
            }

            int error = (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
            if (error != 0)
            {
                throw new SocketException(error);
            }
        }
    }
}
