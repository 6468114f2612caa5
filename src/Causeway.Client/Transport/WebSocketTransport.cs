using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;

namespace Causeway.Client.Transport;

/// <summary>A WebSocket, with or without TLS: the protocol's bytes in binary messages, whose bounds mean nothing.</summary>
internal sealed class WebSocketTransport : ITransport
{
    private readonly ClientWebSocket _socket;
    private readonly HttpMessageInvoker _http;
    private readonly TlsSetup? _setup;

    private WebSocketTransport(ClientWebSocket socket, HttpMessageInvoker http, TlsSetup? setup)
    {
        _socket = socket;
        _http = http;
        _setup = setup;
    }

    public static async Task<WebSocketTransport> ConnectAsync(ServerAddress address, ClientTlsOptions? options, CancellationToken cancellationToken)
    {
        bool secure = address.Scheme == ServerScheme.SecureWebSocket;
        TlsSetup? setup = secure ? TlsSetup.Load(address, options ?? new ClientTlsOptions()) : null;
        string host = setup?.ServerName ?? address.Host;
        UriBuilder uri = new(secure ? "wss" : "ws", host, address.Port);
        SocketsHttpHandler handler = new()
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellation) =>
                new NetworkStream((await SocketTransport.ConnectAsync(address, cancellation).ConfigureAwait(false)).Socket, ownsSocket: true),
        };
        if (setup is not null)
        {
            handler.SslOptions = setup.Options;
        }

        // Pings of the protocol itself tell whether the server lives.
        ClientWebSocket socket = new();
        socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        WebSocketTransport transport = new(socket, new HttpMessageInvoker(handler), setup);
        try
        {
            await socket.ConnectAsync(uri.Uri, transport._http, cancellationToken).ConfigureAwait(false);
            return transport;
        }
        catch (Exception failure)
        {
            transport.Dispose();
            throw failure.GetBaseException() switch
            {
                AuthenticationException or IOException when setup?.Fault is { } fault => new AuthenticationException(fault, failure),
                SocketException refused => refused,
                _ => failure,
            };
        }
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            ValueWebSocketReceiveResult received = await _socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return 0;
            }

            // A message may be empty; the end of the stream is not.
            if (received.Count > 0)
            {
                return received.Count;
            }
        }
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        bytes.IsEmpty ? ValueTask.CompletedTask : _socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);

    public void Dispose()
    {
        _socket.Dispose();
        _http.Dispose();
        _setup?.Dispose();
    }
}
