using System.Net;
using System.Net.Sockets;

namespace Causeway.Interop.Tests.Servers;

/// <summary>A real server process on loopback ports of its own.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private const int StartAttemptsMax = 3;
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(20);

    private readonly ServerOptions _options;
    private readonly LoopbackPorts _ports;

    private ServerProcess(ServerKind kind, ServerOptions options, LoopbackPorts ports, ChildProcess process)
    {
        Kind = kind;
        _options = options;
        _ports = ports;
        Process = process;
    }

    public ServerKind Kind { get; }

    /// <summary>The running process; a restart replaces it.</summary>
    public ChildProcess Process { get; private set; }

    /// <summary>Where clients connect: where they come over WebSockets if they do.</summary>
    public IPEndPoint EndPoint => new(IPAddress.Loopback, TakesWebSockets ? _ports.WebSocket : _ports.Client);

    /// <summary>Whether clients come over WebSockets.</summary>
    public bool TakesWebSockets => _options.WebSocket is not null;

    /// <summary>Whether clients have to speak TLS.</summary>
    public bool Tls => _options.Tls;

    public string Url => $"nats://127.0.0.1:{_ports.Client}";

    public string WebSocketUrl => $"{(_options.WebSocket is { Tls: true } ? "wss" : "ws")}://127.0.0.1:{_ports.WebSocket}";

    public Uri MonitoringUrl => new($"http://127.0.0.1:{_ports.Monitoring}");

    public static async Task<ServerProcess> StartAsync(ServerKind kind, ServerOptions? options = null)
    {
        options ??= ServerOptions.Default;
        for (int attempt = 1; ; attempt++)
        {
            LoopbackPorts ports = LoopbackPorts.Reserve();
            try
            {
                ChildProcess process = await StartOnAsync(kind, options, ports);
                return new ServerProcess(kind, options, ports, process);
            }
            catch (ServerStartException) when (attempt < StartAttemptsMax)
            {
                // Another process may have taken a port between its reservation and its use.
            }
        }
    }

    /// <summary>Kills the process without any farewell to its clients and frees its ports.</summary>
    public ValueTask KillAsync() => Process.DisposeAsync();

    /// <summary>Starts it again on the same ports after a kill.</summary>
    public async Task StartAgainAsync() => Process = await StartOnAsync(Kind, _options, _ports);

    /// <summary>Has it read another configuration of who may come. The lines that other options made stay as they are with Causeway, which has them on its command line.</summary>
    public void Reload(string access)
    {
        string server = Kind == ServerKind.Causeway ? "causeway" : "nats-server";
        ConfigurationFile.Write(server, _ports, (_options with { Access = access }).Blocks(_ports));
        Send(Signal.Reload);
    }

    public void Send(Signal signal) => Process.Send(signal);

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private static async Task<ChildProcess> StartOnAsync(ServerKind kind, ServerOptions options, LoopbackPorts ports)
    {
        Launch launch = Launch.For(kind, options, ports);
        ChildProcess process = ChildProcess.Start(launch);
        try
        {
            await WaitUntilReadyAsync(process, launch, ports.Client, speaksFirst: !options.TlsFirst);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    private static async Task WaitUntilReadyAsync(ChildProcess process, Launch launch, int port, bool speaksFirst)
    {
        using CancellationTokenSource deadline = new(StartDeadline);
        while (process.HasExited || !await AcceptsAsync(port, speaksFirst, deadline.Token))
        {
            if (process.HasExited || deadline.IsCancellationRequested)
            {
                string state = process.HasExited ? $"ended with exit code {process.ExitCode}" : "does not accept connections";
                throw new ServerStartException($"The server {state}: {launch}\n{process.Log}");
            }

            await Task.Delay(ProbeInterval, CancellationToken.None);
        }
    }

    /// <summary>True once the server answers a connection with its first byte, or accepts it where TLS comes first.</summary>
    private static async Task<bool> AcceptsAsync(int port, bool speaksFirst, CancellationToken deadline)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), deadline);
            return !speaksFirst || await socket.ReceiveAsync(new byte[1], deadline) == 1;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
