using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;

namespace Causeway.Bus.Tls;

/// <summary>
/// Carries bytes between a secured stream and a local socket whose other end an event loop serves in clear. While nothing moves it
/// holds no buffer; what one side does not take is not read from the other, so back-pressure is as without TLS.
/// </summary>
internal static class TlsPipe
{
    private const int CopyBytes = 32 * 1024;

    /// <summary>How long one direction may go on after the other has ended: enough for a last error to be read.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Runs until either side is gone, or the loop is done with the connection, as <paramref name="gone"/> tells: a client that takes
    /// nothing would keep it for ever. Never throws; disposes of neither.
    /// </summary>
    public static async Task RunAsync(SslStream secure, NetworkStream clear, Task gone)
    {
        Task inward = CopyAsync(secure, clear);
        Task outward = CopyAsync(clear, secure);
        Task first = await Task.WhenAny(inward, outward, gone).ConfigureAwait(false);
        try
        {
            if (first == inward)
            {
                clear.Socket.Shutdown(SocketShutdown.Send);
            }
            else if (first == outward)
            {
                await secure.ShutdownAsync().WaitAsync(Linger).ConfigureAwait(false);
            }

            await Task.WhenAll(inward, outward).WaitAsync(Linger).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException or InvalidOperationException or TimeoutException)
        {
            // Either end is gone: so is the connection.
        }
    }

    private static async Task CopyAsync(Stream from, Stream to)
    {
        try
        {
            while (true)
            {
                // Tells that there is something, and needs no buffer while there is not.
                _ = await from.ReadAsync(Memory<byte>.Empty).ConfigureAwait(false);
                byte[] buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
                try
                {
                    int read = await from.ReadAsync(buffer).ConfigureAwait(false);
                    if (read == 0)
                    {
                        return;
                    }

                    await to.WriteAsync(buffer.AsMemory(0, read)).ConfigureAwait(false);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Either end is gone: so is the connection.
        }
    }
}
