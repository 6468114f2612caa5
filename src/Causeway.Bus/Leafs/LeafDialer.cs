using System.Net.Sockets;
using Causeway.Bus.Links;
using Causeway.Core.Leafs;

namespace Causeway.Bus.Leafs;

/// <summary>Opens connections to hubs, off the event loop: connects, reads INFO in clear, and secures what is to be secured.</summary>
internal sealed class LeafDialer(TimeSpan timeout)
{
    private readonly LinkDialer _dialer = new(null, timeout);

    /// <summary>A connection with the INFO of the hub.</summary>
    internal readonly record struct Opened(int Fd, IDisposable Owner, LeafHello Info);

    /// <summary>Connects to <paramref name="address"/>. Throws <see cref="IOException"/> with the reason.</summary>
    public async Task<Opened> OpenAsync(string address, LeafRemoteOptions options)
    {
        LinkDialer.Opened opened = await _dialer.OpenAsync(address).ConfigureAwait(false);
        Socket socket = (Socket)opened.Owner;
        try
        {
            LeafHello info = await Task.Factory.StartNew(() => ReadInfo(socket), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
            if (!info.TlsRequired && !options.RequiresTls)
            {
                return new Opened(opened.Fd, socket, info);
            }

            if (!info.TlsRequired)
            {
                throw new IOException("the hub offers no TLS, and the configuration asks for it");
            }

            using CancellationTokenSource cancellation = new(timeout);
            socket.Blocking = true;
            string host = address[..address.LastIndexOf(':')].Trim('[', ']');
            TlsTunnel tunnel = await TlsTunnel.OpenAsync(
                socket,
                (secure, end) => secure.AuthenticateAsClientAsync((options.Tls ?? LeafTls.Default).ForDialling(host), end),
                cancellation.Token).ConfigureAwait(false);
            return new Opened(tunnel.Fd, tunnel, info);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            socket.Dispose();
            throw fault as IOException ?? new IOException(fault is OperationCanceledException ? "the TLS handshake took too long" : $"TLS: {fault.Message}", fault);
        }
    }

    /// <summary>Greets a server that dialled in and secures the connection; it owns <paramref name="fd"/> from now on.</summary>
    public async Task<LinkDialer.Opened> SecureAsync(int fd, byte[] greeting, LeafTls tls)
    {
        using CancellationTokenSource cancellation = new(timeout);
        Socket socket = new(new SafeSocketHandle(fd, ownsHandle: true));
        try
        {
            await socket.SendAsync(greeting, cancellation.Token).ConfigureAwait(false);
            TlsTunnel tunnel = await TlsTunnel.OpenAsync(
                socket, (secure, end) => secure.AuthenticateAsServerAsync(tls.ForAccepting(), end), cancellation.Token).ConfigureAwait(false);
            return new LinkDialer.Opened(tunnel.Fd, tunnel);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            socket.Dispose();
            throw new IOException(fault is OperationCanceledException ? "the TLS handshake took too long" : $"TLS: {fault.Message}", fault);
        }
    }

    /// <summary>Reads the line and not a byte more: what comes behind it may be encrypted.</summary>
    private LeafHello ReadInfo(Socket socket)
    {
        byte[] buffer = new byte[LeafParser.MaxInfoBytes];
        int length = 0;
        long began = Environment.TickCount64;
        while (length < buffer.Length)
        {
            long left = (long)timeout.TotalMilliseconds - (Environment.TickCount64 - began);
            if (left <= 0 || !socket.Poll(TimeSpan.FromMilliseconds(left), SelectMode.SelectRead))
            {
                throw new IOException("the hub sent no INFO");
            }

            int seen = socket.Receive(buffer, length, buffer.Length - length, SocketFlags.Peek);
            if (seen == 0)
            {
                throw new IOException("the hub closed the connection");
            }

            int end = buffer.AsSpan(length, seen).IndexOf((byte)'\n');
            length += socket.Receive(buffer, length, end < 0 ? seen : end + 1, SocketFlags.None);
            if (end >= 0)
            {
                return buffer.AsSpan(0, length).StartsWith("INFO "u8) && LeafHello.Read(buffer.AsSpan(5, length - 5)) is { } info
                    ? info
                    : throw new IOException("what the hub sent is no INFO");
            }
        }

        throw new IOException($"the hub's INFO is longer than {buffer.Length} bytes");
    }
}
