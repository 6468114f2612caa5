using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Causeway.Client.Transport;

/// <summary>TLS over TCP.</summary>
internal sealed class TlsTransport : ITransport
{
    private readonly SslStream _stream;
    private readonly TlsSetup _setup;

    private TlsTransport(SslStream stream, TlsSetup setup)
    {
        _stream = stream;
        _setup = setup;
    }

    /// <summary>Shakes hands over a connection, which belongs to the new transport then, and is closed where that fails.</summary>
    /// <exception cref="AuthenticationException">The server's certificate is not accepted; the message says why.</exception>
    public static async Task<TlsTransport> SecureAsync(
        SocketTransport plain, ServerAddress address, ClientTlsOptions? options, CancellationToken cancellationToken)
    {
        TlsSetup? setup = null;
        SslStream stream = new(new NetworkStream(plain.Socket, ownsSocket: true));
        try
        {
            setup = TlsSetup.Load(address, options ?? new ClientTlsOptions());
            await stream.AuthenticateAsClientAsync(setup.Options, cancellationToken).ConfigureAwait(false);
            return new TlsTransport(stream, setup);
        }
        catch (Exception failure)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            setup?.Dispose();
            if (failure is AuthenticationException)
            {
                throw new AuthenticationException(setup?.Fault ?? $"TLS failed: {failure.GetBaseException().Message}", failure);
            }

            // All that the stream says of it is how many bytes it missed.
            if (failure is IOException { InnerException: null } and not EndOfStreamException && setup is not null)
            {
                throw new EndOfStreamException(null, failure);
            }

            throw;
        }
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) => _stream.ReadAsync(buffer, cancellationToken);

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => _stream.WriteAsync(bytes, cancellationToken);

    public void Dispose()
    {
        _stream.Dispose();
        _setup.Dispose();
    }
}
