using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>
/// A client at the level of bytes: it sends what it is told and gives back what arrives, one character per byte.
/// The server's own PINGs are answered and left out, unless a test is about them.
/// </summary>
public sealed class RawConnection : IAsyncDisposable
{
    private readonly Socket _socket;
    private Stream _stream;
    private FrameReader _frames;

    private RawConnection(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket);
        _frames = new FrameReader(_stream);
    }

    /// <summary>Whether the server's PINGs are answered and left out of what is read.</summary>
    public bool AnswersPings { get; set; } = true;

    /// <summary>The WebSocket that it goes over; null if it does not.</summary>
    public RawWebSocketStream? WebSocket { get; private set; }

    /// <summary>The port that it connects from.</summary>
    public int LocalPort => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>The first INFO.</summary>
    public JsonElement Info { get; private set; }

    /// <summary>Connects, over a WebSocket if the server takes them, and takes the first INFO; sends nothing.</summary>
    public static async Task<RawConnection> OpenAsync(ServerProcess server, int? receiveBufferBytes = null)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBufferBytes is not null)
        {
            socket.ReceiveBufferSize = receiveBufferBytes.Value;
        }

        RawConnection? connection = null;
        try
        {
            using CancellationTokenSource deadline = Deadline(null);
            await socket.ConnectAsync(server.EndPoint, deadline.Token);
            connection = new RawConnection(socket);
            if (server.TakesWebSockets)
            {
                await connection.UpgradeAsync(server.WebSocketUrl, deadline.Token);
            }

            connection.Info = ParseInfo(await connection.ReadFrameAsync());
            if (server.Tls && !server.TakesWebSockets)
            {
                await connection.SecureAsync(deadline.Token);
            }

            return connection;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects, sends CONNECT with the given options, and waits until the server has taken it.</summary>
    public static async Task<RawConnection> ConnectAsync(
        ServerProcess server, string options = ConnectOptions.Quiet, int? receiveBufferBytes = null)
    {
        RawConnection connection = await OpenAsync(server, receiveBufferBytes);
        try
        {
            await connection.SendAsync($"CONNECT {options}\r\n");
            await connection.FlushAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public static JsonElement ParseInfo(string? frame)
    {
        Assert.StartsWith("INFO ", frame, StringComparison.Ordinal);
        return JsonDocument.Parse(frame!["INFO ".Length..]).RootElement;
    }

    public async Task SendAsync(string bytes)
    {
        using CancellationTokenSource deadline = Deadline(null);
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(bytes), deadline.Token);
    }

    /// <summary>A server may close before it has read all: what it said before is still there to be read.</summary>
    public async Task SendUnlessClosedAsync(string bytes)
    {
        try
        {
            await SendAsync(bytes);
        }
        catch (IOException)
        {
        }
    }

    /// <summary>Sends in packets of the given size, as far as the server takes them.</summary>
    public async Task SendInPiecesAsync(string bytes, int pieceBytes)
    {
        foreach (char[] piece in bytes.Chunk(pieceBytes))
        {
            await SendUnlessClosedAsync(new string(piece));
        }
    }

    /// <summary>The next frame with its payload, or null when the server has closed.</summary>
    public async Task<string?> ReadFrameAsync(TimeSpan? within = null)
    {
        using CancellationTokenSource deadline = Deadline(within);
        while (true)
        {
            string? frame = await _frames.ReadAsync(deadline.Token);
            if (frame != Wire.Ping || !AnswersPings)
            {
                return frame;
            }

            await SendUnlessClosedAsync(Wire.Pong);
        }
    }

    /// <summary>The same, but a close in the middle of a frame is an end like any other.</summary>
    public Task<string?> ReadFrameOrCutAsync(TimeSpan within)
    {
        _frames.AllowsCut = true;
        return ReadFrameAsync(within);
    }

    /// <summary>Everything up to the PONG for a PING sent now: the proof that nothing else came before it.</summary>
    public async Task<string> FlushAsync()
    {
        await SendUnlessClosedAsync(Wire.Ping);
        return await ReadUntilPongAsync();
    }

    /// <summary>Sends commands and a PING in one piece and gives what comes before the PONG.</summary>
    public async Task<string> ExchangeAsync(string commands)
    {
        await SendUnlessClosedAsync(commands + Wire.Ping);
        return await ReadUntilPongAsync();
    }

    /// <summary>Everything until the server closes.</summary>
    public async Task<string> ReadToCloseAsync(TimeSpan? within = null)
    {
        StringBuilder transcript = new();
        while (await ReadFrameAsync(within) is { } frame)
        {
            transcript.Append(frame);
        }

        return transcript.Append(Wire.Closed).ToString();
    }

    /// <summary>Reads frames until as many bytes have come as expected, and compares.</summary>
    public async Task ExpectAsync(string expected)
    {
        StringBuilder transcript = new();
        while (transcript.Length < expected.Length)
        {
            string? frame = await ReadFrameAsync();
            transcript.Append(frame ?? Wire.Closed);
            if (frame is null)
            {
                break;
            }
        }

        Assert.Equal(expected, transcript.ToString());
    }

    /// <summary>Ends the sending direction only, as a peer does that still wants the answers; over a WebSocket with a close of its own.</summary>
    public async Task FinishSendingAsync()
    {
        if (WebSocket is not null)
        {
            using CancellationTokenSource deadline = Deadline(null);
            await WebSocket.SendAsync([new WebSocketFrame(WebSocketOpcode.Close, [])], deadline.Token);
            return;
        }

        CutSending();
    }

    /// <summary>Ends the sending direction of the TCP connection, whatever runs over it.</summary>
    public void CutSending() => _socket.Shutdown(SocketShutdown.Send);

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Over a WebSocket TLS, if there is any, comes first, and then nothing is sent but frames.</summary>
    private async Task UpgradeAsync(string url, CancellationToken deadline)
    {
        if (url.StartsWith("wss:", StringComparison.Ordinal))
        {
            await SecureAsync(deadline);
        }

        WebSocket = new RawWebSocketStream(_stream);
        await WebSocket.UpgradeAsync(deadline);
        _stream = WebSocket;
        _frames = new FrameReader(_stream);
    }

    private async Task SecureAsync(CancellationToken deadline)
    {
        X509Certificate2Collection authority = [];
        authority.ImportFromPemFile(TlsFiles.Authority);
        SslStream secure = new(_stream);
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authority);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", CertificateChainPolicy = policy }, deadline);
        _stream = secure;
        _frames = new FrameReader(secure);
    }

    private static CancellationTokenSource Deadline(TimeSpan? within)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        source.CancelAfter(within ?? Eventually.Deadline);
        return source;
    }

    private async Task<string> ReadUntilPongAsync()
    {
        StringBuilder transcript = new();
        while (true)
        {
            string? frame = await ReadFrameAsync();
            if (frame == Wire.Pong)
            {
                return transcript.ToString();
            }

            transcript.Append(frame ?? Wire.Closed);
            if (frame is null)
            {
                return transcript.ToString();
            }
        }
    }
}
