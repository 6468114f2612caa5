using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Causeway.Compare.Regions;

/// <summary>A small client of the NATS protocol, for what the load generator doesn't do: it subscribes, publishes, and hands on what comes.</summary>
internal sealed class BusClient : IDisposable
{
    private static readonly TimeSpan PongTimeout = TimeSpan.FromSeconds(120);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly ServerStream _stream;
    private readonly Thread _reader;
    private readonly Lock _sending = new();
    private readonly SemaphoreSlim _pongs = new(0);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string[] _urls = [];

    private BusClient(int port, ServerStream.OnMessage? onMessage)
    {
        _stream = new ServerStream(onMessage ?? ((_, _) => { }), OnLine);
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        _reader = new Thread(Read) { IsBackground = true, Name = "regions-client" };
    }

    /// <summary>The server's connect_urls, as host:port.</summary>
    public IReadOnlyList<string> Urls => _urls;

    /// <summary>Ends when the connection does.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Connects; <paramref name="onMessage"/> gets subject and payload on the client's own thread.</summary>
    public static BusClient Connect(int port, ServerStream.OnMessage? onMessage = null)
    {
        BusClient client = new(port, onMessage);
        try
        {
            client._reader.Start();
            client.Send("CONNECT {\"verbose\":false,\"pedantic\":false,\"protocol\":1,\"lang\":\"causeway-regions\",\"version\":\"1\"}\r\n");
            client.Flush();
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Sends protocol lines.</summary>
    public void Send(string lines) => Send(Encoding.ASCII.GetBytes(lines));

    public void Publish(string subject, string payload) => Send($"PUB {subject} {payload.Length}\r\n{payload}\r\n");

    /// <summary>Waits until the server has handled all that was sent.</summary>
    public void Flush()
    {
        Send("PING\r\n");
        if (!_pongs.Wait(PongTimeout) || _closed.Task.IsCompleted)
        {
            throw new CompareException("a server doesn't answer, or has closed, a client's connection");
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        if (_reader.IsAlive && Environment.CurrentManagedThreadId != _reader.ManagedThreadId)
        {
            _reader.Join();
        }
    }

    /// <summary>Sends whole commands.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            lock (_sending)
            {
                _socket.Send(bytes);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new CompareException($"a client's connection has ended: {e.Message}");
        }
    }

    private void Read()
    {
        try
        {
            while (_socket.Receive(_stream.Room) is var read && read > 0)
            {
                _stream.Received(read);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or CompareException)
        {
            // The end of the connection, whichever side made it.
        }

        _closed.TrySetResult();
        _pongs.Release();
    }

    private void OnLine(string line)
    {
        if (line == "PING")
        {
            Send("PONG\r\n");
        }
        else if (line == "PONG")
        {
            _pongs.Release();
        }
        else if (line.StartsWith("INFO ", StringComparison.Ordinal))
        {
            using JsonDocument info = JsonDocument.Parse(line.AsMemory(5));
            if (info.RootElement.TryGetProperty("connect_urls", out JsonElement urls) && urls.ValueKind == JsonValueKind.Array)
            {
                _urls = [.. urls.EnumerateArray().Select(url => url.GetString()!)];
            }
        }
    }
}
