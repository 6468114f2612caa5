using System.Net.Sockets;
using System.Text;
using Causeway.Client;

namespace Causeway.Drill.Load.Held;

/// <summary>
/// A connection that speaks just enough of the client protocol to subscribe: for those that hold many subscriptions at little cost,
/// and for those that stop reading, which a real client library would never do.
/// </summary>
internal sealed class RawClient : IDisposable
{
    private const int StuckReceiveBytes = 4096;
    private const int ReceiveBytes = 64 * 1024;
    private const int LongestLineBytes = 64 * 1024;
    private const int MaxHandshakeReads = 1000;

    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[LongestLineBytes];
    private int _length;

    private RawClient(Socket socket) => _socket = socket;

    /// <summary>Connects to the first of the servers that accepts.</summary>
    /// <param name="servers">The servers.</param>
    /// <param name="name">The client's name.</param>
    /// <param name="stuck">True for one that is going to stop reading: the kernel is to keep little for it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="IOException">None accepted.</exception>
    public static async Task<RawClient> ConnectAsync(IReadOnlyList<ServerAddress> servers, string name, bool stuck, CancellationToken cancellationToken)
    {
        string reason = "no server is known";
        foreach (ServerAddress server in servers)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = stuck ? StuckReceiveBytes : ReceiveBytes };
            RawClient client = new(socket);
            try
            {
                using CancellationTokenSource timeUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                timeUp.CancelAfter(HandshakeTimeout);
                await socket.ConnectAsync(server.Host, server.Port, timeUp.Token).ConfigureAwait(false);
                await client.ShakeHandsAsync(name, timeUp.Token).ConfigureAwait(false);
                return client;
            }
            catch (Exception fault) when (fault is SocketException or IOException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                client.Dispose();
                reason = $"{server}: {fault.Message}";
            }
            catch
            {
                client.Dispose();
                throw;
            }
        }

        throw new IOException(reason);
    }

    /// <summary>Sends all of it.</summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await _socket.SendAsync(bytes, cancellationToken).ConfigureAwait(false)..];
            }
        }
        catch (SocketException gone)
        {
            throw new IOException(gone.Message, gone);
        }
    }

    /// <summary>The next line, without its end. Payloads are not expected: this client holds subscriptions on which nothing comes.</summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    public async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int end = _buffer.AsSpan(0, _length).IndexOf("\r\n"u8);
            if (end >= 0)
            {
                string line = Encoding.UTF8.GetString(_buffer.AsSpan(0, end));
                _buffer.AsSpan(end + 2, _length - end - 2).CopyTo(_buffer);
                _length -= end + 2;
                return line;
            }

            if (_length == _buffer.Length)
            {
                throw new IOException($"a line is longer than {LongestLineBytes} bytes");
            }

            try
            {
                int count = await _socket.ReceiveAsync(_buffer.AsMemory(_length), cancellationToken).ConfigureAwait(false);
                _length += count > 0 ? count : throw new IOException("the server closed the connection");
            }
            catch (SocketException gone)
            {
                throw new IOException(gone.Message, gone);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task ShakeHandsAsync(string name, CancellationToken cancellationToken)
    {
        await SendAsync(Encoding.UTF8.GetBytes($"CONNECT {{\"verbose\":false,\"pedantic\":false,\"lang\":\"drill\",\"version\":\"1\",\"protocol\":1,\"name\":\"{name}\"}}\r\nPING\r\n"), cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < MaxHandshakeReads; i++)
        {
            string line = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
            if (line == "PONG")
            {
                return;
            }

            if (line.StartsWith("-ERR", StringComparison.Ordinal))
            {
                throw new IOException(line);
            }
        }

        throw new IOException("the server does not answer a PING");
    }
}
