using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using Causeway.Bus.Nodes;
using Causeway.Bus.Tls;
using Causeway.Bus.Transport;
using Causeway.Core.Clients;
using Causeway.Core.Memory;
using Causeway.Core.WebSockets;
using Microsoft.Extensions.Logging;

namespace Causeway.Bus.WebSockets;

/// <summary>
/// Takes in clients that come over WebSockets. The handshake, and afterwards the frames, are worked through beside the event loops, which
/// serve one end of a pair of local sockets as they do any client.
/// </summary>
internal sealed class WebSocketReception : IDisposable
{
    /// <summary>What a handshake that is under way is booked with, in bytes.</summary>
    public const int HandshakeBytes = 16 * 1024;

    /// <summary>What a client is booked with for the WebSocket itself, in bytes: about what the process grows by for an idle one.</summary>
    public const int ConnectionBytes = 8 * 1024;

    /// <summary>What is added for one that may compress, in bytes: what it takes to inflate a message, as long as that has not ended.</summary>
    public const int CompressionBytes = 64 * 1024;

    private static readonly TimeSpan RefusalTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LoopTimeout = TimeSpan.FromSeconds(10);

    private readonly NodeContext _context;
    private readonly Func<Reception> _reception;
    private readonly ClientErrorLog _errors;
    private readonly ILogger _log;
    private readonly UpgradeRules _rules;
    private readonly MemoryAccount _handshakes;
    private EventLoop? _loop;
    private bool _stopped;
    private int _underWay;
    private long _done;
    private long _failed;
    private long _refused;

    /// <summary>Binds the address. Throws <see cref="SocketException"/> if it can't be had, <see cref="ArgumentException"/> if certificates can't be used.</summary>
    public WebSocketReception(WebSocketOptions options, NodeContext context, Func<Reception> reception, ClientErrorLog errors, ILogger log)
    {
        Options = options;
        _context = context;
        _reception = reception;
        _errors = errors;
        _log = log;
        Tls = options.Tls is { } tls ? new ClientTls(tls, context.Limits.MaxWebSocketHandshakes) : null;
        _rules = new UpgradeRules
        {
            IsSecure = Tls is not null,
            SameOrigin = options.SameOrigin,
            AllowedOrigins = options.AllowedOrigins,
            Compression = options.Compression,
        };
        _handshakes = context.Budget.Open("websocket-handshakes");
        Listener = new Listener(options.Listen, OnAccepted);
    }

    public WebSocketOptions Options { get; }

    public Listener Listener { get; }

    /// <summary>TLS beneath; null if there is none.</summary>
    public ClientTls? Tls { get; }

    /// <summary>Handshakes that went well.</summary>
    public long Done => Volatile.Read(ref _done);

    /// <summary>Handshakes that failed, were answered with an error, or took too long.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Connections closed at once as too many handshakes were under way, or memory was short.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Handshakes under way.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>What clients are told of where they connect.</summary>
    public static Core.Protocol.WebSocketPlace PlaceOf(WebSocketOptions options, IPEndPoint address) => options.Advertise.Length > 0
        ? new(options.Advertise, options.Tls is not null, [options.Advertise])
        : new(address.ToString(), options.Tls is not null, []);

    /// <summary>Accepts from now on, on <paramref name="loop"/>.</summary>
    public void Start(EventLoop loop, TimeProvider time)
    {
        _loop = loop;
        Listener.Start(loop, time, errno => NodeLog.AcceptFailed(_log, errno, Listener.PauseMilliseconds));
        NodeLog.ListeningForWebSockets(_log, Listener.Address.ToString(), Tls is null ? "" : " with TLS");
    }

    /// <summary>Takes nobody in any more, those neither whose handshake is under way. On the listener's loop.</summary>
    public void Stop()
    {
        _stopped = true;
        Listener.Stop();
    }

    public void Dispose() => Listener.Dispose();

    private void OnAccepted(int fd, IPEndPoint address)
    {
        if (Interlocked.Increment(ref _underWay) > _context.Limits.MaxWebSocketHandshakes || !_handshakes.TryCharge(MemoryUse.Connections, HandshakeBytes))
        {
            Interlocked.Decrement(ref _underWay);
            Interlocked.Increment(ref _refused);
            _ = Libc.Close(fd);
            return;
        }

        _ = Task.Run(() => ServeAsync(fd, address));
    }

    private async Task ServeAsync(int fd, IPEndPoint address)
    {
        await using NetworkStream network = new(new Socket(new SafeSocketHandle(fd, ownsHandle: true)), ownsSocket: true);
        await using SslStream? secure = Tls is null ? null : new SslStream(network);
        Stream stream = secure ?? (Stream)network;
        SecureChannel? channel = null;
        UpgradeAnswer? answer = null;
        try
        {
            channel = secure is null ? null : await WebSocketHandshake.SecureAsync(Tls!, secure).ConfigureAwait(false);
            using CancellationTokenSource timeout = new(Options.HandshakeTimeout);
            answer = await WebSocketHandshake.UpgradeAsync(stream, _rules, timeout.Token).ConfigureAwait(false);
            if (!answer.IsAccepted)
            {
                _errors.OnWebSocketRefused(address, answer.Fault);
                using CancellationTokenSource linger = new(RefusalTime);
                await WebSocketHandshake.RefuseAsync(stream, network, linger.Token).ConfigureAwait(false);
            }
        }
        catch (Exception fault) when (IsEnd(fault))
        {
            if (answer is null && secure is not null && channel is null)
            {
                _errors.OnWebSocketRefused(address, ClientErrorLog.OfTls(fault));
            }

            answer = answer is { IsAccepted: false } ? answer : null;
        }
        finally
        {
            _handshakes.Release(MemoryUse.Connections, HandshakeBytes);
            Interlocked.Decrement(ref _underWay);
            Interlocked.Increment(ref answer is { IsAccepted: true } ? ref _done : ref _failed);
        }

        if (answer is { IsAccepted: true })
        {
            await ServeAsync(stream, address, channel, answer.Compresses).ConfigureAwait(false);
        }
    }

    private async Task ServeAsync(Stream stream, IPEndPoint address, SecureChannel? channel, bool compresses)
    {
        try
        {
            (int ours, int other) = Libc.SocketPair();
            await using NetworkStream clear = new(new Socket(new SafeSocketHandle(other, ownsHandle: true)), ownsSocket: true);
            WebSocketGuest guest = new(channel, ConnectionBytes + (compresses ? CompressionBytes : 0) + (channel is null ? 0 : ClientTls.ConnectionBytes));
            await _loop!.InvokeAsync(() => TakeIn(ours, address, guest)).WaitAsync(LoopTimeout).ConfigureAwait(false);
            await using MaskedStream masked = new(stream);
            using WebSocket socket = WebSocket.CreateFromStream(masked, new WebSocketCreationOptions
            {
                IsServer = true,
                KeepAliveInterval = Timeout.InfiniteTimeSpan,
                DangerousDeflateOptions = compresses ? new WebSocketDeflateOptions { ClientContextTakeover = false, ServerContextTakeover = false } : null,
            });
            masked.Refuse = () => WebSocketPipe.RefuseAsync(socket);
            await WebSocketPipe.RunAsync(socket, clear, guest).ConfigureAwait(false);
        }
        catch (Exception fault) when (IsEnd(fault))
        {
            // No descriptors are left, or the loop has stopped: the client sees its connection end.
            NodeLog.AdoptFailed(_log, fault.Message);
        }
    }

    private void TakeIn(int fd, IPEndPoint address, WebSocketGuest guest)
    {
        if (_stopped)
        {
            _ = Libc.Close(fd);
            return;
        }

        _reception().OnAccepted(fd, address, guest);
    }

    private static bool IsEnd(Exception fault) => fault is AuthenticationException or IOException or SocketException or OperationCanceledException
        or ObjectDisposedException or InvalidOperationException or TimeoutException or WebSocketException;
}
