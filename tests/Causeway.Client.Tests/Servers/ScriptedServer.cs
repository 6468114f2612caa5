using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Causeway.Client.Tests.Servers;

/// <summary>A server that does what a test says, to show what real servers do rarely.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    public const string PlainInfo = "INFO {\"server_id\":\"S\",\"version\":\"1\",\"headers\":true,\"max_payload\":1000}\r\n";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Connection> _connections = [];

    public ScriptedServer() => _listener.Start();

    public string Url => $"nats://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Takes the next connection.</summary>
    public async Task<Connection> AcceptAsync(CancellationToken cancellationToken)
    {
        Connection connection = new(await _listener.AcceptTcpClientAsync(cancellationToken));
        _connections.Add(connection);
        return connection;
    }

    /// <summary>Takes the next connection and shakes hands as servers do.</summary>
    public async Task<Connection> AcceptAndShakeHandsAsync(CancellationToken cancellationToken, string info = PlainInfo)
    {
        Connection connection = await AcceptAsync(cancellationToken);
        await connection.SendAsync(info);
        await connection.ReadUntilAsync("PING\r\n", cancellationToken);
        await connection.SendAsync("PONG\r\n");
        return connection;
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _connections.ForEach(connection => connection.Close());
        return ValueTask.CompletedTask;
    }

    internal sealed class Connection(TcpClient client)
    {
        private readonly byte[] _buffer = new byte[65_536];

        public Task SendAsync(string text) => client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();

        /// <summary>All that arrives, up to where it ends with <paramref name="end"/>.</summary>
        public async Task<string> ReadUntilAsync(string end, CancellationToken cancellationToken)
        {
            StringBuilder text = new();
            while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
            {
                int count = await client.GetStream().ReadAsync(_buffer, cancellationToken);
                if (count == 0)
                {
                    throw new EndOfStreamException($"the client closed after '{text}'");
                }

                text.Append(Encoding.UTF8.GetString(_buffer, 0, count));
            }

            return text.ToString();
        }

        public void Close() => client.Dispose();
    }
}
