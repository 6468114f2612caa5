using System.Net.Security;
using System.Net.Sockets;
using Causeway.Bus.Transport;

namespace Causeway.Bus.Links;

/// <summary>
/// TLS between a socket and an event loop: the loop gets one end of a pair of local sockets in clear, and two bounded copies run between
/// the other end and the encrypted connection. What the network does not take fills the pair, so that back-pressure is as without TLS.
/// </summary>
internal sealed class TlsTunnel : IDisposable
{
    private const int CopyBytes = 32 * 1024;

    private readonly SslStream _secure;
    private readonly NetworkStream _clear;
    private int _disposed;

    private TlsTunnel(SslStream secure, NetworkStream clear, int fd)
    {
        _secure = secure;
        _clear = clear;
        Fd = fd;
    }

    /// <summary>The loop's end, which the loop closes.</summary>
    public int Fd { get; }

    /// <summary>Secures <paramref name="socket"/>, which the tunnel then owns. Throws if the other side can't be trusted.</summary>
    public static Task<TlsTunnel> OpenAsync(Socket socket, LinkTls tls, string? host, CancellationToken cancellation) => OpenAsync(
        socket,
        (secure, end) => host is not null ? secure.AuthenticateAsClientAsync(tls.ForDialling(host), end) : secure.AuthenticateAsServerAsync(tls.ForAccepting(), end),
        cancellation);

    /// <summary>Secures <paramref name="socket"/>, which the tunnel then owns, by <paramref name="authenticate"/>, which throws if the other side can't be trusted.</summary>
    public static async Task<TlsTunnel> OpenAsync(Socket socket, Func<SslStream, CancellationToken, Task> authenticate, CancellationToken cancellation)
    {
        SslStream secure = new(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await authenticate(secure, cancellation).ConfigureAwait(false);
            (int loopEnd, int tunnelEnd) = Libc.SocketPair();
            Socket local = new(new SafeSocketHandle(tunnelEnd, ownsHandle: true));
            TlsTunnel tunnel = new(secure, new NetworkStream(local, ownsSocket: true), loopEnd);
            _ = tunnel.CopyAsync(tunnel._clear, tunnel._secure);
            _ = tunnel.CopyAsync(tunnel._secure, tunnel._clear);
            return tunnel;
        }
        catch
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends the connection, and the loop's end with it. The loop has let go of it before.</summary>
    public void Dispose()
    {
        Stop();
        _ = Libc.Close(Fd);
    }

    private void Stop()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _secure.Dispose();
            _clear.Dispose();
        }
    }

    private async Task CopyAsync(Stream from, Stream to)
    {
        byte[] buffer = new byte[CopyBytes];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer).ConfigureAwait(false)) > 0)
            {
                await to.WriteAsync(buffer.AsMemory(0, read)).ConfigureAwait(false);
                await to.FlushAsync().ConfigureAwait(false);
            }
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Either end is gone: so is the connection.
        }

        Stop();
    }
}
