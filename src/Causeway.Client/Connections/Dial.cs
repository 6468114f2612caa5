using System.Text;
using Causeway.Client.Protocol;
using Causeway.Client.Transport;

namespace Causeway.Client.Connections;

/// <summary>One attempt to open a link to a server.</summary>
internal sealed class Dial(ServerAddress address, BusClientOptions options) : IDisposable
{
    private readonly ReceiveBuffer _received = new();
    private readonly Handshake _handshake = new();
    private ITransport? _transport;

    public async Task<Link> OpenAsync(CancellationToken cancellationToken)
    {
        ITransport transport = _transport = address.Scheme is ServerScheme.WebSocket or ServerScheme.SecureWebSocket
            ? await WebSocketTransport.ConnectAsync(address, options.Tls, cancellationToken).ConfigureAwait(false)
            : await OpenTcpAsync(cancellationToken).ConfigureAwait(false);
        ServerInfo info = _handshake.Info ?? await ReadInfoAsync(transport, cancellationToken).ConfigureAwait(false);
        ConnectRequest request = new()
        {
            Name = options.Name,
            Echo = options.Echo,
            Headers = info.SupportsHeaders,
            NoResponders = info.SupportsHeaders,
            TlsRequired = options.Tls is not null || address.Scheme is ServerScheme.Tls or ServerScheme.SecureWebSocket,
        };
        request = options.CredentialsFor(address)?.Prove(request, info.Nonce) ?? request;
        await transport.SendAsync(CommandEncoder.Connect(request), cancellationToken).ConfigureAwait(false);
        while (!_handshake.IsAccepted)
        {
            await ReceiveAsync(transport, cancellationToken).ConfigureAwait(false);
        }

        // Some servers tell again who they are once TLS stands.
        return new Link(address, _handshake.Info ?? info, transport, _received);
    }

    /// <summary>Closes what was opened, where there is no link that has it.</summary>
    public void Dispose()
    {
        _transport?.Dispose();
        _received.Dispose();
    }

    /// <summary>TCP, with TLS where it is demanded by the address, the options or the server.</summary>
    private async Task<ITransport> OpenTcpAsync(CancellationToken cancellationToken)
    {
        SocketTransport plain = await SocketTransport.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
        _transport = plain;
        bool demanded = address.Scheme == ServerScheme.Tls || options.Tls is not null;
        if (options.Tls?.HandshakeFirst != true)
        {
            ServerInfo info = await ReadInfoAsync(plain, cancellationToken).ConfigureAwait(false);
            bool offered = info.TlsRequired || info.TlsAvailable;
            if (demanded && !offered)
            {
                throw new ProtocolException("the server offers no TLS, which the client demands");
            }

            if (!demanded && !info.TlsRequired)
            {
                return plain;
            }

            // Whoever can put bytes between us and the server could else have them taken for the server's own.
            if (!_received.IsEmpty || _handshake.Operations > 1)
            {
                throw new ProtocolException("the server sent more before TLS than its INFO");
            }
        }

        return await TlsTransport.SecureAsync(plain, address, options.Tls, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ServerInfo> ReadInfoAsync(ITransport transport, CancellationToken cancellationToken)
    {
        while (_handshake.Info is null)
        {
            await ReceiveAsync(transport, cancellationToken).ConfigureAwait(false);
        }

        return _handshake.Info;
    }

    private async Task ReceiveAsync(ITransport transport, CancellationToken cancellationToken)
    {
        try
        {
            int count = await transport.ReceiveAsync(_received.Free(), cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                throw new EndOfStreamException();
            }

            Handshake handshake = _handshake;
            _received.Received(count, ref handshake);
        }
        catch (Exception) when (_handshake.Error is not null)
        {
            // The server says why before it closes.
        }

        if (_handshake.Error is not null)
        {
            throw new ServerErrorException(_handshake.Error);
        }
    }

    private sealed class Handshake : IServerEvents
    {
        public ServerInfo? Info { get; private set; }

        public bool IsAccepted { get; private set; }

        public string? Error { get; private set; }

        /// <summary>How many operations the server sent.</summary>
        public int Operations { get; private set; }

        public void OnInfo(ReadOnlySpan<byte> json)
        {
            Operations++;
            Info = ServerInfo.Parse(json);
        }

        public void OnMessage(in InboundMessage message) => throw new ProtocolException("the server sent a message before a subscription");

        public void OnPing()
        {
            // One ping without an answer is harmless: servers ping again.
            Operations++;
        }

        public void OnPong()
        {
            Operations++;
            IsAccepted = true;
        }

        public void OnOk() => Operations++;

        public void OnError(ReadOnlySpan<byte> text) => Error ??= Encoding.UTF8.GetString(text);
    }
}
