using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Causeway.Client.Protocol;

namespace Causeway.Client.Connections;

/// <summary>Opens links: TCP or WebSocket, the server's INFO, TLS, our CONNECT, and a PING whose PONG says that the server took us.</summary>
internal static class Dialer
{
    /// <exception cref="BusConnectionException">There is no link; the message names the server and says why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<Link> OpenAsync(ServerAddress address, BusClientOptions options, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(options.ConnectTimeout, options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        Dial dial = new(address, options);
        try
        {
            return await dial.OpenAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            dial.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw failure switch
            {
                OperationCanceledException => Failed(address, $"no answer within {options.ConnectTimeout.TotalSeconds:0.###} s", failure),
                SocketException or IOException or ProtocolException or ServerErrorException or AuthenticationException or WebSocketException
                    or CryptographicException =>
                    Failed(address, Reason(failure), failure),
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
        IOException { InnerException: SocketException broken } => Reason(broken),
        IOException { InnerException: not (null or IOException or UnauthorizedAccessException) } alert => $"TLS failed: {alert.GetBaseException().Message}",
        WebSocketException { InnerException: not null } http => http.GetBaseException().Message,
        _ => failure.Message,
    };

    private static BusConnectionException Failed(ServerAddress address, string reason, Exception cause) =>
        new($"can't connect to {address}: {reason}", cause);
}
