using System.Buffers;
using System.Net.Sockets;

namespace Causeway.Bus.Transport;

/// <summary>The end of a connection whose last words are to be read.</summary>
internal static class Farewell
{
    private const int MostDiscardedBytes = 64 * 1024;

    /// <summary>
    /// Ends our side and throws away what the peer still sends, until it ends its own, <paramref name="timeout"/>, or there is too much of
    /// it: a socket that is closed over bytes that were not read is reset, and the peer never reads why.
    /// </summary>
    public static async Task HearOutAsync(NetworkStream network, CancellationToken timeout)
    {
        network.Socket.Shutdown(SocketShutdown.Send);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            int left = MostDiscardedBytes;
            int read;
            while (left > 0 && (read = await network.ReadAsync(buffer, timeout).ConfigureAwait(false)) > 0)
            {
                left -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
