using System.Net;
using System.Net.Sockets;
using System.Text;
using Causeway.Client;

namespace Causeway.Cli.Tests.Bench;

/// <summary>
/// A server that does what a test says: accepts each connection, sends INFO, answers PING, and hands every other line to the script,
/// payloads included. It is for few messages only.
/// </summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Action<ScriptedServer, NetworkStream, string> _onLine;
    private readonly List<Task> _tasks = [];

    public ScriptedServer(Action<ScriptedServer, NetworkStream, string> onLine, string info = "{\"max_payload\":1048576}")
    {
        _onLine = onLine;
        _listener.Start();
        _tasks.Add(Accept(info));
    }

    public ServerAddress Address => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    /// <summary>The connections that have subscribed.</summary>
    public List<NetworkStream> Subscribers { get; } = [];

    /// <summary>All lines of all connections but CONNECT and PING.</summary>
    public List<string> Lines { get; } = [];

    public static void Send(NetworkStream stream, string text) => stream.Write(Encoding.Latin1.GetBytes(text));

    public void Dispose() => _listener.Dispose();

    private async Task Accept(string info)
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                _tasks.Add(Task.Run(() => Serve(client, info)));
            }
        }
        catch (SocketException)
        {
            // The listener is disposed: the test is over.
        }
        catch (ObjectDisposedException)
        {
            // As above.
        }
    }

    private void Serve(TcpClient client, string info)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                Send(stream, $"INFO {info}\r\n");
                using StreamReader reader = new(stream, Encoding.Latin1);
                while (reader.ReadLine() is { } line)
                {
                    Handle(stream, line);
                }
            }
            catch (IOException)
            {
                // The client has gone, which ends the test on this side.
            }
            catch (ObjectDisposedException)
            {
                // The script has closed the connection.
            }
        }
    }

    private void Handle(NetworkStream stream, string line)
    {
        lock (Lines)
        {
            if (line == "PING")
            {
                Send(stream, "PONG\r\n");
                return;
            }

            if (line.StartsWith("CONNECT", StringComparison.Ordinal))
            {
                return;
            }

            if (line.StartsWith("SUB ", StringComparison.Ordinal))
            {
                Subscribers.Add(stream);
            }

            Lines.Add(line);
            _onLine(this, stream, line);
        }
    }
}
