using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Causeway.Bus.Tests.Support;

/// <summary>
/// A client that does exactly what a test says, over a real socket. Every wait has a deadline. What it was sent comes from
/// <see cref="NextAsync"/>, in order; it answers PINGs on the way unless told not to.
/// </summary>
internal sealed class TestClient : IDisposable
{
    private readonly ClientSettings _settings;
    private readonly Queue<Frame> _kept = new();
    private readonly FrameBuffer _received = new();

    private TestClient(Socket socket, ClientSettings settings)
    {
        Socket = socket;
        _settings = settings;
    }

    public Socket Socket { get; }

    /// <summary>The INFO line it was greeted with.</summary>
    public string Info { get; private set; } = "";

    /// <summary>Connects, reads INFO and sends CONNECT, without waiting for what the node says to it.</summary>
    public static async Task<TestClient> ConnectAsync(IPEndPoint address, ClientSettings? settings = null)
    {
        TestClient client = await OpenAsync(address, settings);
        Frame info = await client.NextAsync();
        Assert.Equal(FrameKind.Info, info.Kind);
        client.Info = info.Text;
        if (client._settings.SendsConnect)
        {
            await client.SendAsync(client._settings.ConnectLine);
        }

        return client;
    }

    /// <summary>Connects and does no more.</summary>
    public static async Task<TestClient> OpenAsync(IPEndPoint address, ClientSettings? settings = null)
    {
        settings ??= ClientSettings.Default;
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (settings.ReceiveBufferBytes > 0)
            {
                socket.ReceiveBufferSize = settings.ReceiveBufferBytes;
            }

            if (settings.From is { } from)
            {
                socket.Bind(new IPEndPoint(from, 0));
            }

            await socket.ConnectAsync(address).WaitAsync(Eventually.Deadline);
            return new TestClient(socket, settings);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int sent = await Socket.SendAsync(bytes, SocketFlags.None).AsTask().WaitAsync(Eventually.Deadline);
            bytes = bytes[sent..];
        }
    }

    public Task PublishAsync(string subject, string payload) => SendAsync(Wire.Pub(subject, Encoding.UTF8.GetBytes(payload)));

    /// <summary>Subscribes, and returns when the node has taken note of it.</summary>
    public async Task SubscribeAsync(string subject, string sid = "1", string queue = "")
    {
        await SendAsync(queue.Length > 0 ? $"SUB {subject} {queue} {sid}\r\n" : $"SUB {subject} {sid}\r\n");
        await FlushAsync();
    }

    /// <summary>The next frame, however long it takes up to the deadline.</summary>
    public async Task<Frame> NextAsync() => _kept.TryDequeue(out Frame? kept) ? kept : await ReadAsync();

    /// <summary>The next frame, which must be a message. INFO may come at any time and is passed over.</summary>
    public async Task<Frame> MessageAsync()
    {
        Frame frame = await NextAsync();
        while (frame.Kind == FrameKind.Info)
        {
            frame = await NextAsync();
        }

        Assert.True(frame.Kind == FrameKind.Message, $"a message was due, it was: {frame.Kind} {frame.Text}");
        return frame;
    }

    /// <summary>
    /// Sends a PING and waits for its PONG, by which the node has worked through all that was sent before. What comes before the
    /// PONG is kept for <see cref="NextAsync"/>. Only one at a time.
    /// </summary>
    public async Task FlushAsync() => Assert.True(await TryFlushAsync(), "the connection ended while a PONG was due");

    /// <summary>As <see cref="FlushAsync"/>; false if the connection ended before the PONG came.</summary>
    public async Task<bool> TryFlushAsync()
    {
        if (!await TrySendAsync("PING\r\n"u8.ToArray()))
        {
            return false;
        }

        while (true)
        {
            Frame frame = await ReadAsync();
            if (frame.Kind is FrameKind.Pong or FrameKind.End)
            {
                return frame.Kind == FrameKind.Pong;
            }

            _kept.Enqueue(frame);
        }
    }

    /// <summary>Sends, or returns false if the connection is over.</summary>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await SendAsync(bytes);
            return true;
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>As <see cref="FlushAsync"/>, but throws away what comes before the PONG.</summary>
    public async Task DropUntilPongAsync()
    {
        await FlushAsync();
        TakeKept();
    }

    /// <summary>What came before the last PONG and was not looked at.</summary>
    public List<Frame> TakeKept()
    {
        List<Frame> kept = [.. _kept];
        _kept.Clear();
        return kept;
    }

    /// <summary>Everything up to the end of the connection.</summary>
    public async Task<List<Frame>> ReadToEndAsync()
    {
        List<Frame> all = [];
        while (true)
        {
            Frame frame = await NextAsync();
            if (frame.Kind == FrameKind.End)
            {
                return all;
            }

            all.Add(frame);
        }
    }

    /// <summary>Reads messages of one publisher whose numbers must be <paramref name="from"/> and on without a gap.</summary>
    public async Task ReadNumberedAsync(long from, long count)
    {
        for (long number = from; number < from + count; number++)
        {
            Frame frame = await MessageAsync();
            (_, long got) = Numbered.Read(frame.Payload);
            Assert.True(got == number, $"message {number} was due, it was {got}");
        }
    }

    /// <summary>Takes whatever has arrived, up to <paramref name="bytes"/>, without looking at it. Returns 0 at the end.</summary>
    public async Task<int> ReadRawAsync(int bytes) =>
        await Socket.ReceiveAsync(new byte[bytes], SocketFlags.None).WaitAsync(Eventually.Deadline);

    /// <summary>Says that it sends no more.</summary>
    public void CloseSending() => Socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection so that the node's next look at it is an error.</summary>
    public void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Close();
    }

    public void Dispose() => Socket.Dispose();

    private async Task<Frame> ReadAsync()
    {
        while (true)
        {
            Frame? frame = _received.Next(out int missing);
            if (frame is null)
            {
                int count;
                try
                {
                    count = await Socket.ReceiveAsync(_received.Room(missing), SocketFlags.None).AsTask().WaitAsync(_settings.Patience);
                }
                catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
                {
                    return Frame.Reset;
                }

                if (count == 0)
                {
                    return Frame.End;
                }

                _received.Received(count);
            }
            else if (frame.Kind == FrameKind.Ping && _settings.AnswersPings)
            {
                await TrySendAsync("PONG\r\n"u8.ToArray());
            }
            else
            {
                return frame;
            }
        }
    }
}
