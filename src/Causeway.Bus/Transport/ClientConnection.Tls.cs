using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Causeway.Bus.Nodes;
using Causeway.Bus.Tls;
using Causeway.Bus.WebSockets;
using Causeway.Core.Clients;
using Causeway.Core.Memory;
using Causeway.Core.Protocol;

namespace Causeway.Bus.Transport;

/// <summary>
/// How a client's connection becomes a secured one. The loop never sees a secured byte: as soon as a handshake begins it gets one end
/// of a pair of local sockets in place of the network's, under the same descriptor, and the rest happens beside it. A client that stays
/// in clear costs one look at its first byte.
/// </summary>
internal sealed partial class ClientConnection
{
    /// <summary>The first byte of a TLS handshake record (RFC 8446, 5.1); no command of the protocol begins with it.</summary>
    private const byte HandshakeRecord = 22;

    private static readonly TimeSpan HearOutTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LoopTimeout = TimeSpan.FromSeconds(10);

    private readonly IClientErrors? _errors;
    private ClientTls? _expectedTls;
    private long _bytesBeneath;
    private Action? _onReleased;

    /// <summary>True if the client came over a WebSocket.</summary>
    public bool IsWebSocket => Session.IsWebSocket;

    /// <summary>
    /// What lies beneath is a WebSocket, which is carried beside the loop. To be called before anything is read. Closes the connection if
    /// memory is short.
    /// </summary>
    public void BeginWebSocket(WebSocketGuest guest)
    {
        guest.OnTakenIn(this);
        _onReleased = guest.OnGone;
        if (guest.Channel is { } channel)
        {
            Session.OnSecured(channel, Loop.NowMilliseconds);
        }

        if (!Session.Account.TryCharge(MemoryUse.Connections, guest.Bytes))
        {
            Close(CloseReason.MemoryExhausted);
            return;
        }

        _bytesBeneath = guest.Bytes;
    }

    /// <summary>The client may begin TLS, or has to. To be called before anything is sent.</summary>
    public void ExpectTls(ClientTls tls)
    {
        if (tls.Options.HandshakeFirst)
        {
            BeginTls(tls);
        }
        else
        {
            _expectedTls = tls;
        }
    }

    /// <summary>Decides by the client's first byte how it goes on; true if what has arrived is to be read in clear.</summary>
    private unsafe bool MayReadClear()
    {
        byte first;
        if (_expectedTls is not { } tls || _state != State.Open || Libc.Recv(Fd, &first, 1, Libc.MsgPeek | Libc.MsgDontWait) <= 0)
        {
            return true;
        }

        _expectedTls = null;
        if (first == HandshakeRecord)
        {
            BeginTls(tls);
            return false;
        }

        if (!tls.Options.AllowNonTls)
        {
            Session.End(CloseReason.TlsRequired, ProtocolError.TlsRequired);
            return false;
        }

        return true;
    }

    private void BeginTls(ClientTls tls)
    {
        if (!Session.Account.TryCharge(MemoryUse.Connections, ClientTls.ConnectionBytes))
        {
            Close(CloseReason.MemoryExhausted);
            return;
        }

        _bytesBeneath = ClientTls.ConnectionBytes;
        if (!tls.TryBegin())
        {
            _errors?.OnError(Session, "TLS handshake error: too many are under way");
            Close(CloseReason.TlsHandshakeError);
            return;
        }

        (int network, int clear) = (-1, -1);
        try
        {
            (int ours, clear) = Libc.SocketPair();
            network = Libc.Duplicate(Fd);
            lock (Outbound.Gate)
            {
                Loop.Move(this, ours);
            }

            NetworkStream secured = new(new Socket(new SafeSocketHandle(network, ownsHandle: true)), ownsSocket: true);
            NetworkStream local = new(new Socket(new SafeSocketHandle(clear, ownsHandle: true)), ownsSocket: true);
            TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _onReleased = () => gone.TrySetResult();
            _ = SecureAsync(tls, secured, local, gone.Task);
        }
        catch (Exception fault) when (fault is IOException or SocketException)
        {
            // Most likely there are no descriptors left.
            _errors?.OnError(Session, ClientErrorLog.OfTls(fault));
            tls.GiveUp();
            _ = network >= 0 ? Libc.Close(network) : 0;
            _ = clear >= 0 ? Libc.Close(clear) : 0;
            Close(CloseReason.TlsHandshakeError);
        }
    }

    private async Task SecureAsync(ClientTls tls, NetworkStream network, NetworkStream clear, Task gone)
    {
        await using NetworkStream ours = clear;
        await using SslStream secure = new(network);
        try
        {
            SecureChannel channel = await tls.SecureAsync(secure).ConfigureAwait(false);
            await Loop.InvokeAsync(() => Session.OnSecured(channel, Loop.NowMilliseconds)).WaitAsync(LoopTimeout).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is AuthenticationException or IOException or OperationCanceledException or ObjectDisposedException or TimeoutException or InvalidOperationException)
        {
            _errors?.OnError(Session, ClientErrorLog.OfTls(fault));
            Close(CloseReason.TlsHandshakeError);
            await HearOutAsync(network).ConfigureAwait(false);
            return;
        }

        await TlsPipe.RunAsync(secure, clear, gone).ConfigureAwait(false);
    }

    /// <summary>Lets the client read why its handshake failed, for a moment.</summary>
    private static async Task HearOutAsync(NetworkStream network)
    {
        try
        {
            using CancellationTokenSource linger = new(HearOutTimeout);
            await Farewell.HearOutAsync(network, linger.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It is gone, or takes too long.
        }
    }

    private void ReleaseBeneath()
    {
        Session.Account.Release(MemoryUse.Connections, _bytesBeneath);
        _bytesBeneath = 0;
        _onReleased?.Invoke();
    }
}
