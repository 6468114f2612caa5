using System.Net.Sockets;
using System.Text;
using Causeway.Client.Protocol;

namespace Causeway.Client.Connections;

/// <summary>Opens links: TCP connect, the server's INFO, our CONNECT, and a PING whose PONG says that the server took us.</summary>
internal static class Dialer
{
    /// <exception cref="BusConnectionException">There is no link; the message names the server and says why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<Link> OpenAsync(ServerAddress address, BusClientOptions options, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(options.ConnectTimeout, options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        ReceiveBuffer received = new();
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, either.Token).ConfigureAwait(false);
            ServerInfo info = await ShakeHandsAsync(socket, received, options, options.CredentialsFor(address), either.Token).ConfigureAwait(false);
            return new Link(address, info, socket, received);
        }
        catch (Exception failure)
        {
            socket.Dispose();
            received.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw failure switch
            {
                OperationCanceledException => Failed(address, $"no answer within {options.ConnectTimeout.TotalSeconds:0.###} s", failure),
                SocketException or IOException or ProtocolException or ServerErrorException => Failed(address, Reason(failure), failure),
                _ => failure,
            };
        }
    }

    /// <summary>What an exception of a socket means to the user.</summary>
    public static string Reason(Exception failure) => failure switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => "host not found",
        SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable } => "host unreachable",
        SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown } => "the server closed the connection",
        EndOfStreamException => "the server closed the connection",
        _ => failure.Message,
    };

    private static BusConnectionException Failed(ServerAddress address, string reason, Exception cause) =>
        new($"can't connect to {address}: {reason}", cause);

    private static async Task<ServerInfo> ShakeHandsAsync(
        Socket socket, ReceiveBuffer received, BusClientOptions options, ClientCredentials? credentials, CancellationToken cancellationToken)
    {
        Handshake handshake = new();
        while (handshake.Info is null)
        {
            await ReceiveAsync(socket, received, handshake, cancellationToken).ConfigureAwait(false);
        }

        if (handshake.Info.TlsRequired)
        {
            throw new ProtocolException("the server requires TLS, which is not supported");
        }

        byte[] connect = CommandEncoder.Connect(new ConnectRequest
        {
            Name = options.Name,
            Echo = options.Echo,
            Headers = handshake.Info.SupportsHeaders,
            NoResponders = handshake.Info.SupportsHeaders,
            User = credentials?.User,
            Password = credentials?.Password,
            Token = credentials?.Token,
        });
        await SendAsync(socket, connect, cancellationToken).ConfigureAwait(false);
        while (!handshake.IsAccepted)
        {
            await ReceiveAsync(socket, received, handshake, cancellationToken).ConfigureAwait(false);
        }

        return handshake.Info;
    }

    private static async Task ReceiveAsync(
        Socket socket, ReceiveBuffer received, Handshake handshake, CancellationToken cancellationToken)
    {
        try
        {
            int count = await socket.ReceiveAsync(received.Free(), cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                throw new EndOfStreamException();
            }

            received.Received(count, ref handshake);
        }
        catch (Exception) when (handshake.Error is not null)
        {
            // The server says why before it closes.
        }

        if (handshake.Error is not null)
        {
            throw new ServerErrorException(handshake.Error);
        }
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            int sent = await socket.SendAsync(bytes, cancellationToken).ConfigureAwait(false);
            bytes = bytes[sent..];
        }
    }

    private sealed class Handshake : IServerEvents
    {
        public ServerInfo? Info { get; private set; }

        public bool IsAccepted { get; private set; }

        public string? Error { get; private set; }

        public void OnInfo(ReadOnlySpan<byte> json) => Info = ServerInfo.Parse(json);

        public void OnMessage(in InboundMessage message) => throw new ProtocolException("the server sent a message before a subscription");

        public void OnPing()
        {
            // One ping without an answer is harmless: servers ping again.
        }

        public void OnPong() => IsAccepted = true;

        public void OnOk()
        {
        }

        public void OnError(ReadOnlySpan<byte> text) => Error ??= Encoding.UTF8.GetString(text);
    }
}
