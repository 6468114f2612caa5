using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Xunit;

namespace Causeway.Bus.Tests.Leafs;

/// <summary>Debian's nats-server as a process, with the configuration that a test writes. Ports are chosen before, so that it can be started again.</summary>
internal sealed class NatsServer : IDisposable
{
    private readonly ConcurrentQueue<string> _log = new();
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"causeway-leaf-{Guid.NewGuid():N}.conf");
    private Process? _process;

    /// <summary>Where clients connect.</summary>
    public IPEndPoint Address { get; } = new(IPAddress.Loopback, FreePorts.Take());

    /// <summary>Where leafs connect, if the configuration says so.</summary>
    public IPEndPoint LeafAddress { get; } = new(IPAddress.Loopback, FreePorts.Take());

    /// <summary>Where other servers of a cluster connect, if the configuration says so.</summary>
    public IPEndPoint ClusterAddress { get; } = new(IPAddress.Loopback, FreePorts.Take());

    public string Log => string.Join('\n', _log);

    public int Id => _process!.Id;

    /// <summary>A hub: leafs connect to it.</summary>
    public static Task<NatsServer> HubAsync(string more = "", string leafs = "") =>
        StartAsync(server => $"leafnodes {{ host: 127.0.0.1, port: {server.LeafAddress.Port}{(leafs.Length > 0 ? ", " + leafs : "")} }}\n{more}");

    /// <summary>A leaf of the hub at <paramref name="hub"/>.</summary>
    public static Task<NatsServer> LeafAsync(IPEndPoint hub, string login = "", string remote = "", string more = "") =>
        StartAsync(_ => $"leafnodes {{ reconnect: 1, remotes: [ {{ url: \"nats-leaf://{login}{hub}\"{(remote.Length > 0 ? ", " + remote : "")} }} ] }}\n{more}");

    public static async Task<NatsServer> StartAsync(Func<NatsServer, string> configuration)
    {
        NatsServer server = new();
        await File.WriteAllTextAsync(server._file, $"host: 127.0.0.1, port: {server.Address.Port}\n{configuration(server)}");
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        ProcessStartInfo start = new("nats-server", ["-c", _file, "-V"]) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true };
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.OutputDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await Eventually.TrueAsync(() => Log.Contains("Server is ready", StringComparison.Ordinal) || _process.HasExited, Eventually.Deadline, () => Log);
        Assert.False(_process.HasExited, Log);
    }

    /// <summary>Ends it as a crash does.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync().InTimeAsync();
        _log.Clear();
    }

    /// <summary>Sends it a signal by number.</summary>
    public void Signal(string name) => Process.Start("kill", [$"-{name}", $"{Id}"]).WaitForExit();

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process?.Dispose();
        File.Delete(_file);
    }
}
