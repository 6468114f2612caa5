using System.Buffers;
using System.Net.Sockets;
using System.Net.WebSockets;
using Causeway.Core.Clients;
using Causeway.Core.WebSockets;

namespace Causeway.Bus.WebSockets;

/// <summary>
/// Carries bytes between a WebSocket and a local socket whose other end an event loop serves. Where one message ends and the next
/// begins means nothing, as in nats-server. While nothing moves it holds no buffer; what one side does not take is not read from the
/// other, and what a compressed message becomes is never held whole.
/// </summary>
internal static class WebSocketPipe
{
    private const int CopyBytes = 32 * 1024;

    /// <summary>Least size of a message that is worth compressing: nats-server's.</summary>
    private const int LeastCompressedBytes = 64;

    /// <summary>How long one direction may go on after the other has ended: enough for a last error to be read.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    /// <summary>Runs until either side is gone. Never throws; the WebSocket is aborted then.</summary>
    public static async Task RunAsync(WebSocket socket, NetworkStream clear, WebSocketGuest guest)
    {
        Task inward = ReadAsync(socket, clear, guest);
        Task outward = WriteAsync(clear, socket, guest);
        await Task.WhenAny(inward, outward, guest.Gone).ConfigureAwait(false);
        try
        {
            await Task.WhenAll(inward, outward).WaitAsync(Linger).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The client takes nothing, or does not say that it closes.
        }

        socket.Abort();
    }

    /// <summary>Tells the client, within a bounded time, that its frames have no mask. Never throws.</summary>
    public static async Task RefuseAsync(WebSocket socket)
    {
        try
        {
            using CancellationTokenSource timeout = new(Linger);
            await socket.CloseOutputAsync(WebSocketCloseStatus.ProtocolError, MaskCheck.Fault, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (IsEnd(fault))
        {
            // It is gone, or takes nothing.
        }
    }

    /// <summary>What a client is told at the end: nats-server's codes.</summary>
    public static WebSocketCloseStatus StatusFor(CloseReason reason) => reason switch
    {
        CloseReason.None or CloseReason.ClientClosed => WebSocketCloseStatus.NormalClosure,
        CloseReason.ReadError or CloseReason.WriteError or CloseReason.StaleConnection or CloseReason.ServerShutdown => WebSocketCloseStatus.EndpointUnavailable,
        CloseReason.ProtocolViolation => WebSocketCloseStatus.ProtocolError,
        CloseReason.MaxPayloadExceeded => WebSocketCloseStatus.MessageTooBig,
        CloseReason.InternalError => WebSocketCloseStatus.InternalServerError,
        _ => WebSocketCloseStatus.PolicyViolation,
    };

    private static async Task ReadAsync(WebSocket socket, NetworkStream clear, WebSocketGuest guest)
    {
        try
        {
            // The first read of each turn tells that there is something, and needs no buffer while there is not.
            while ((await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None).ConfigureAwait(false)).MessageType != WebSocketMessageType.Close)
            {
                byte[] buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
                try
                {
                    ValueWebSocketReceiveResult read = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).ConfigureAwait(false);
                    if (read.MessageType == WebSocketMessageType.Close)
                    {
                        break;
                    }

                    await clear.WriteAsync(buffer.AsMemory(0, read.Count)).ConfigureAwait(false);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }
        }
        catch (WebSocketException fault) when (fault.WebSocketErrorCode != WebSocketError.ConnectionClosedPrematurely)
        {
            // The client does not speak the protocol, which it has been told.
            guest.Close(CloseReason.ReadError);
        }
        catch (Exception fault) when (IsEnd(fault))
        {
            // The client is gone.
        }

        try
        {
            clear.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception fault) when (IsEnd(fault))
        {
            // The loop has closed its end already.
        }
    }

    private static async Task WriteAsync(NetworkStream clear, WebSocket socket, WebSocketGuest guest)
    {
        try
        {
            while (true)
            {
                _ = await clear.ReadAsync(Memory<byte>.Empty).ConfigureAwait(false);
                byte[] buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
                try
                {
                    int read = await clear.ReadAsync(buffer).ConfigureAwait(false);
                    if (read == 0)
                    {
                        break;
                    }

                    WebSocketMessageFlags flags = read < LeastCompressedBytes
                        ? WebSocketMessageFlags.EndOfMessage | WebSocketMessageFlags.DisableCompression
                        : WebSocketMessageFlags.EndOfMessage;
                    await socket.SendAsync(buffer.AsMemory(0, read), WebSocketMessageType.Binary, flags, CancellationToken.None).ConfigureAwait(false);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }
        }
        catch (Exception fault) when (fault is IOException or SocketException && socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            // The loop has thrown away what was still to be read; the client is told the end all the same.
        }
        catch (Exception fault) when (IsEnd(fault))
        {
            return;
        }

        try
        {
            // A close of the client's own is answered with its code (RFC 6455, 5.5.1).
            (WebSocketCloseStatus status, string? text) = socket.CloseStatus is { } theirs ? (theirs, null) : (StatusFor(guest.CloseReason), guest.CloseReason.Text());
            await socket.CloseOutputAsync(status, text, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception fault) when (IsEnd(fault))
        {
            // The client is gone.
        }
    }

    private static bool IsEnd(Exception fault) =>
        fault is WebSocketException or IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException;
}
