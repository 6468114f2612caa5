using System.Globalization;
using System.Net;
using Causeway.Drill.Processes;
using Causeway.Shaper;

namespace Causeway.Drill.Deployments;

/// <summary>A node's place in a deployment and the process that fills it, if one does. Thread-safe.</summary>
internal sealed class DeploymentNode : IDeploymentNode
{
    private readonly Lock _gate = new();
    private ChildProcess? _process;
    private string? _death;
    private bool _expectsEnd;

    public DeploymentNode(string name, string region, LoopbackPorts ports)
    {
        Name = name;
        Region = region;
        ClientPort = ports.Take();
        HttpPort = ports.Take();
        LinkPort = ports.Take();
        WanPort = ports.Take();
    }

    public string Name { get; }

    public string Region { get; }

    public int ClientPort { get; }

    public int HttpPort { get; }

    /// <summary>Where nodes of the region connect, for Causeway also those of other regions.</summary>
    public int LinkPort { get; }

    /// <summary>Where other regions connect, for a bus that keeps that apart.</summary>
    public int WanPort { get; }

    /// <summary>
    /// Where others are told to connect. Who connects is handed to the link between its region and the node's: so whatever way a node has
    /// learned the address, and whichever node comes to own a link, what crosses regions is shaped. Shut while no process fills the place.
    /// </summary>
    public GatedListener? Front { get; set; }

    /// <summary>Resident memory at which the process is killed, in bytes; 0 for none.</summary>
    public long MemoryLimitBytes { get; set; }

    public string ClientAddress => At(ClientPort);

    public Uri MonitoringUrl => new($"http://{At(HttpPort)}");

    public int ProcessId => Process is { HasEnded: false } process ? process.Id : 0;

    public string? Death => Volatile.Read(ref _death);

    public bool HasLeft => Death is not null && Process is { HasEnded: true } process && process.Ended.Result.ExitCode == 0;

    public bool IsLeaving
    {
        get
        {
            lock (_gate)
            {
                return _expectsEnd && ProcessId != 0;
            }
        }
    }

    /// <summary>The process, the last one if it has ended; null before the first.</summary>
    public ChildProcess? Process => Volatile.Read(ref _process);

    public static string At(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    public static IPEndPoint EndPoint(int port) => new(IPAddress.Loopback, port);

    /// <summary>A process fills the place from now on. Its end is a death unless <see cref="ExpectEnd"/> was called before.</summary>
    public void Fill(ChildProcess process, Action<DeploymentNode> onDeath)
    {
        ChildProcess? last;
        lock (_gate)
        {
            last = _process;
            _process = process;
            _expectsEnd = false;
            _death = null;
            Front?.Open();
        }

        _ = last?.DisposeAsync().AsTask();
        _ = WatchAsync(process, onDeath);
    }

    /// <summary>Whatever ends the process from now on was asked for.</summary>
    public void ExpectEnd()
    {
        lock (_gate)
        {
            _expectsEnd = true;
        }
    }

    private async Task WatchAsync(ChildProcess process, Action<DeploymentNode> onDeath)
    {
        ChildEnd end = await process.Ended.ConfigureAwait(false);
        lock (_gate)
        {
            if (_process != process)
            {
                return;
            }

            Front?.Shut();
            if (_expectsEnd)
            {
                return;
            }

            _death = end.Cause;
        }

        onDeath(this);
    }
}
