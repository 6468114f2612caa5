using System.Net;
using System.Net.Sockets;
using Causeway.Shaper;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Compare.Tests.Shaping;

/// <summary>A listening socket behind a shaper, and connections through it.</summary>
internal sealed class ShapedPair : IAsyncDisposable
{
    private const int SocketBufferBytes = 64 * 1024;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _sockets = [];

    private ShapedPair(LinkConditions conditions)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(16);
        Shaper = LinkShaper.Start((IPEndPoint)_listener.LocalEndPoint!, conditions);
    }

    public LinkShaper Shaper { get; }

    /// <summary>The end that connected.</summary>
    public Socket Near { get; private set; } = null!;

    /// <summary>The end that accepted, behind the link.</summary>
    public Socket Far { get; private set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<ShapedPair> ConnectAsync(LinkConditions? conditions = null)
    {
        ShapedPair pair = new(conditions ?? new LinkConditions());
        pair.Near = await pair.ConnectNearAsync();
        pair.Far = await pair.AcceptAsync();
        return pair;
    }

    /// <summary>Bytes that differ from place to place.</summary>
    public static byte[] Pattern(int count, int seed)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>One more connection as far as the shaper.</summary>
    public async Task<Socket> ConnectNearAsync()
    {
        Socket socket = New();
        await socket.ConnectAsync(Shaper.Address, Cancellation).AsTask().InTimeAsync();
        return socket;
    }

    public async Task<Socket> AcceptAsync()
    {
        Socket socket = await _listener.AcceptAsync(Cancellation).AsTask().InTimeAsync();
        _sockets.Add(socket);
        return socket;
    }

    public static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, Cancellation)..];
        }
    }

    public static async Task<byte[]> ReceiveAsync(Socket socket, int count)
    {
        byte[] bytes = new byte[count];
        int received = 0;
        while (received < count)
        {
            int read = await socket.ReceiveAsync(bytes.AsMemory(received), Cancellation).AsTask().InTimeAsync();
            Assert.True(read > 0, $"ended after {received} of {count} bytes");
            received += read;
        }

        return bytes;
    }

    /// <summary>Sends one way what must arrive as it was.</summary>
    public static async Task CrossAsync(Socket from, Socket to, int count, int seed)
    {
        byte[] sent = Pattern(count, seed);
        Task sending = SendAsync(from, sent);
        Assert.Equal(sent, await ReceiveAsync(to, count));
        await sending;
    }

    /// <summary>The socket reads a reset, before any byte.</summary>
    public static async Task AssertResetAsync(Socket socket)
    {
        SocketException e = await Assert.ThrowsAsync<SocketException>(() => socket.ReceiveAsync(new byte[1], Cancellation).AsTask().InTimeAsync());
        Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
    }

    public async ValueTask DisposeAsync()
    {
        await Shaper.DisposeAsync();
        foreach (Socket socket in _sockets)
        {
            socket.Dispose();
        }

        _listener.Dispose();
        Assert.Equal(0, Shaper.Connections);
        Assert.Equal(0, Shaper.Forward.BytesHeld);
        Assert.Equal(0, Shaper.Backward.BytesHeld);
    }

    private Socket New()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            SendBufferSize = SocketBufferBytes,
            ReceiveBufferSize = SocketBufferBytes,
        };
        _sockets.Add(socket);
        return socket;
    }
}
