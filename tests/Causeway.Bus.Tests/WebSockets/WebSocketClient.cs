using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Causeway.Bus.WebSockets;

namespace Causeway.Bus.Tests.WebSockets;

/// <summary>A client of the protocol over a WebSocket, line by line. Every wait has a deadline.</summary>
internal sealed class WebSocketClient : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[64 * 1024];
    private byte[] _received = [];

    private WebSocketClient()
    {
    }

    /// <summary>A node's WebSockets on any port. A handshake may take as long as it does on a busy machine.</summary>
    public static WebSocketOptions NodeOptions { get; } = new() { Listen = new IPEndPoint(IPAddress.Loopback, 0), HandshakeTimeout = Eventually.Deadline };

    public string Info { get; private set; } = "";

    public ClientWebSocket Socket => _socket;

    /// <summary>Connects, reads INFO, sends CONNECT and has had its PONG.</summary>
    public static async Task<WebSocketClient> ConnectAsync(IPEndPoint address, bool secure = false, Action<ClientWebSocketOptions>? configure = null, string connect = "{\"verbose\":false}")
    {
        WebSocketClient client = new();
        client._socket.Options.RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.Issuer.EndsWith(" Authority", StringComparison.Ordinal);
        configure?.Invoke(client._socket.Options);
        await client._socket.ConnectAsync(new Uri($"{(secure ? "wss" : "ws")}://{address}/"), CancellationToken.None).WaitAsync(Eventually.Deadline);
        client.Info = await client.LineAsync();
        await client.SendAsync($"CONNECT {connect}\r\nPING\r\n");
        return client;
    }

    public Task SendAsync(string text, WebSocketMessageType type = WebSocketMessageType.Binary) => SendAsync(Encoding.ASCII.GetBytes(text), type);

    public Task SendAsync(byte[] bytes, WebSocketMessageType type = WebSocketMessageType.Binary, bool end = true) =>
        _socket.SendAsync(bytes, type, end, CancellationToken.None).WaitAsync(Eventually.Deadline);

    /// <summary>The next line without its end; empty once the node has closed.</summary>
    public async Task<string> LineAsync()
    {
        while (true)
        {
            int end = _received.AsSpan().IndexOf("\r\n"u8);
            if (end >= 0)
            {
                return Encoding.ASCII.GetString(Take(end + 2), 0, end);
            }

            if (!await ReceiveAsync())
            {
                return "";
            }
        }
    }

    /// <summary>The next <paramref name="count"/> bytes.</summary>
    public async Task<byte[]> BytesAsync(int count)
    {
        while (_received.Length < count && await ReceiveAsync())
        {
        }

        return Take(count);
    }

    /// <summary>Reads to the end and says what the node closed with.</summary>
    public async Task<WebSocketCloseStatus?> ClosedAsync()
    {
        while (await ReceiveAsync())
        {
        }

        return _socket.CloseStatus;
    }

    public Task CloseAsync() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(Eventually.Deadline);

    public void Dispose() => _socket.Dispose();

    /// <summary>What the node answers to <paramref name="bytes"/> on a connection of its own, to the end.</summary>
    public static async Task<string> AskAsync(IPEndPoint address, string bytes)
    {
        using TcpClient tcp = new();
        await tcp.ConnectAsync(address).WaitAsync(Eventually.Deadline);
        NetworkStream stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes));
        tcp.Client.Shutdown(SocketShutdown.Send);
        return Encoding.Latin1.GetString(await ToEndAsync(stream));
    }

    /// <summary>Everything up to the end of a connection; a reset is an end too.</summary>
    public static async Task<byte[]> ToEndAsync(NetworkStream stream)
    {
        using MemoryStream all = new();
        byte[] buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer).AsTask().WaitAsync(Eventually.Deadline) is > 0 and int read)
            {
                all.Write(buffer, 0, read);
            }
        }
        catch (IOException)
        {
            // What came before it has been read.
        }

        return all.ToArray();
    }

    private byte[] Take(int count)
    {
        byte[] bytes = _received[..count];
        _received = _received[count..];
        return bytes;
    }

    private async Task<bool> ReceiveAsync()
    {
        WebSocketReceiveResult read = await _socket.ReceiveAsync(new ArraySegment<byte>(_buffer), CancellationToken.None).WaitAsync(Eventually.Deadline);
        _received = [.. _received, .. _buffer.AsSpan(0, read.Count)];
        return read.MessageType != WebSocketMessageType.Close;
    }
}
