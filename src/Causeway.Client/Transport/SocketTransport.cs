using System.Net.Sockets;

namespace Causeway.Client.Transport;

/// <summary>TCP.</summary>
internal sealed class SocketTransport(Socket socket) : ITransport
{
    /// <summary>The socket, for TLS that is to begin on it; whoever takes it disposes it.</summary>
    public Socket Socket => socket;

    public static async Task<SocketTransport> ConnectAsync(ServerAddress address, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken).ConfigureAwait(false);
            return new SocketTransport(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) => socket.ReceiveAsync(buffer, cancellationToken);

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            int sent = await socket.SendAsync(bytes, cancellationToken).ConfigureAwait(false);
            bytes = bytes[sent..];
        }
    }

    public void Dispose() => socket.Dispose();
}
