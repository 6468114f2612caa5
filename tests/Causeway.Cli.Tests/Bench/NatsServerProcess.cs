using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Causeway.Cli.Tests.Bench;

/// <summary>A nats-server of its own for a class of tests, on a free port of the loopback.</summary>
public sealed class NatsServerProcess : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);

    private readonly Process _process;

    public NatsServerProcess()
    {
        Port = FreePort();
        ProcessStartInfo info = new("nats-server", ["-a", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-l", "/dev/null"]);
        _process = Process.Start(info) ?? throw new InvalidOperationException("nats-server did not start");
        long start = Stopwatch.GetTimestamp();
        while (!Listens())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(start) > StartTimeout)
            {
                Dispose();
                throw new InvalidOperationException("nats-server does not accept connections");
            }

            Thread.Sleep(5);
        }
    }

    public int Port { get; }

    public int Pid => _process.Id;

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private bool Listens()
    {
        try
        {
            using TcpClient client = new();
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
