using System.Net;
using System.Net.Sockets;
using System.Text;
using Causeway.Drill.Processes;
using Causeway.Shaper;

namespace Causeway.Drill.Deployments;

/// <summary>
/// What deployments of either bus have in common: nodes as child processes, the links between regions, the watch over memory, and the
/// folder with logs. What to run, and what to ask of a node, each bus says itself.
/// </summary>
public abstract class LocalDeployment : IDeployment
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    private readonly RegionLinks _links;
    private readonly LoopbackPorts _ports;
    private readonly MemoryWatchdog _watchdog;
    private readonly Lock _gate = new();
    private readonly bool _keepsFolder;
    private DeploymentNode[] _nodes = [];
    private bool _ended;

    private protected LocalDeployment(DeploymentSettings settings)
    {
        settings.Check();
        Settings = settings;
        _keepsFolder = settings.RunFolder is not null;
        Folder = settings.RunFolder is { } folder ? Directory.CreateDirectory(folder).FullName : Directory.CreateTempSubdirectory("causeway-run-").FullName;
        _links = new RegionLinks(settings.Regions, settings.Links);
        _ports = new LoopbackPorts(settings.BasePort);
        _watchdog = new MemoryWatchdog(() => Places);
    }

    /// <summary>Told when a node's process ended though nobody asked it to; called from any thread.</summary>
    public event Action<IDeploymentNode>? NodeDied;

    /// <inheritdoc/>
    public abstract string Bus { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Regions => Settings.Regions;

    /// <inheritdoc/>
    public IReadOnlyList<IDeploymentNode> Nodes => Places;

    /// <inheritdoc/>
    public virtual Uri? DirectorUrl => null;

    /// <summary>Where logs, configuration and keys are.</summary>
    public string Folder { get; }

    private protected DeploymentSettings Settings { get; }

    private protected IReadOnlyList<DeploymentNode> Places => Volatile.Read(ref _nodes);

    /// <summary>Connections to nodes' link addresses that came from no node; they were reset.</summary>
    internal long Strangers => _links.Strangers;

    /// <inheritdoc/>
    public void Shape(string near, string far, LinkConditions conditions) => _links.Between(near, far).Conditions = conditions;

    /// <inheritdoc/>
    public void Stall(string one, string other) => Each(_links.Both(one, other), link => link.Stall());

    /// <inheritdoc/>
    public void Unstall(string one, string other) => Each(_links.Both(one, other), link => link.Resume());

    /// <inheritdoc/>
    public void Cut(string one, string other) => Each(_links.Both(one, other), link => link.Cut());

    /// <summary>The link by which <paramref name="near"/> reaches <paramref name="far"/>, with its counters.</summary>
    public ShapedLink Link(string near, string far) => _links.Between(near, far);

    /// <inheritdoc/>
    public async Task KillAsync(string node)
    {
        DeploymentNode place = Find(node);
        if (place.ProcessId != 0)
        {
            place.ExpectEnd();
            await place.Process!.KillAsync("killed as asked").ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task RestartAsync(string node, CancellationToken cancellationToken)
    {
        DeploymentNode place = Find(node);
        if (place.ProcessId != 0)
        {
            throw new InvalidOperationException($"node '{node}' runs; it can be started once it was killed or has left");
        }

        Launch(place);
        await ReadyAsync([place], cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public virtual async Task<string> AddNodeAsync(string region, CancellationToken cancellationToken)
    {
        if (!Regions.Contains(region))
        {
            throw new ArgumentException($"there is no region '{region}'; regions are {string.Join(", ", Regions)}");
        }

        DeploymentNode place = AddPlace(region);
        Launch(place);
        await ReadyAsync([place], cancellationToken).ConfigureAwait(false);
        return place.Name;
    }

    /// <inheritdoc/>
    public async Task RemoveNodeAsync(string node)
    {
        DeploymentNode place = Find(node);
        lock (_gate)
        {
            Volatile.Write(ref _nodes, [.. _nodes.Where(other => other != place)]);
        }

        await StopAsync(place).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task DrainNodeAsync(string node, CancellationToken cancellationToken)
    {
        DeploymentNode place = Find(node);
        if (place.ProcessId == 0)
        {
            return;
        }

        place.ExpectEnd();
        place.Process!.Signal(Signals.User2);
        await place.Process.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public virtual Task DrainRegionAsync(string region, CancellationToken cancellationToken) =>
        Task.WhenAll(Places.Where(place => place.Region == region).Select(place => DrainNodeAsync(place.Name, cancellationToken)));

    /// <inheritdoc/>
    public virtual Task UndrainRegionAsync(string region, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public abstract Task<bool> SetMemoryLimitAsync(string region, long bytes, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NodeSample>> SampleAsync(CancellationToken cancellationToken)
    {
        DeploymentNode[] living = [.. Places.Where(place => place.ProcessId != 0)];
        NodeSample?[] samples = await Task.WhenAll(living.Select(place => SampleAsync(place, cancellationToken))).ConfigureAwait(false);
        return [.. samples.OfType<NodeSample>()];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
        }

        await EndAsync().ConfigureAwait(false);
        await _watchdog.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(Places.Select(StopAsync)).ConfigureAwait(false);
        await _links.DisposeAsync().ConfigureAwait(false);
        if (!_keepsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>What runs as <paramref name="node"/>, given all nodes there are.</summary>
    private protected abstract IReadOnlyList<string> Command(DeploymentNode node);

    /// <summary>The port of a node to which its front leads.</summary>
    private protected abstract int FrontedPort(DeploymentNode node);

    /// <summary>The variables that a node's process gets.</summary>
    private protected virtual IReadOnlyDictionary<string, string?> Environment(DeploymentNode node) => new Dictionary<string, string?>();

    /// <summary>True if the node is linked to all that live.</summary>
    private protected abstract Task<bool> IsLinkedAsync(DeploymentNode node, CancellationToken cancellationToken);

    /// <summary>Asks a node; null if it does not answer in time.</summary>
    private protected abstract Task<NodeSample?> SampleAsync(DeploymentNode node, CancellationToken cancellationToken);

    /// <summary>Ends what there is beside the nodes.</summary>
    private protected virtual Task EndAsync() => Task.CompletedTask;

    /// <summary>Starts all nodes and waits until they have found each other.</summary>
    private protected async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (string region in Enumerable.Range(0, Settings.NodesPerRegion).SelectMany(_ => Regions))
        {
            AddPlace(region);
        }

        foreach (DeploymentNode place in Places)
        {
            Launch(place);
        }

        await ReadyAsync(Places, cancellationToken).ConfigureAwait(false);
    }

    private protected DeploymentNode Find(string node) => Places.FirstOrDefault(place => place.Name == node)
        ?? throw new ArgumentException($"there is no node '{node}'; nodes are {string.Join(", ", Places.Select(place => place.Name))}");

    /// <summary>A port for something beside the nodes.</summary>
    internal int TakePort() => _ports.Take();

    /// <summary>Writes a file into the folder, for this user alone, and gives its path.</summary>
    private protected string WriteFile(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using FileStream file = new(path, options);
        file.Write(Encoding.UTF8.GetBytes(text));
        return path;
    }

    private static void Each(IEnumerable<ShapedLink> links, Action<ShapedLink> action)
    {
        foreach (ShapedLink link in links)
        {
            action(link);
        }
    }

    private DeploymentNode AddPlace(string region)
    {
        lock (_gate)
        {
            if (_nodes.Length >= DeploymentSettings.MaxNodes)
            {
                throw new InvalidOperationException($"there are {_nodes.Length} nodes already, the most that a deployment on one machine may have");
            }

            DeploymentNode[] there = [.. _nodes.Where(node => node.Region == region)];

            // One that is added has what the others have by then.
            long limit = there.Length > 0 ? there[^1].MemoryLimitBytes : Settings.MemoryLimitBytes ?? 0;
            DeploymentNode place = new($"{region}-{there.Length + 1}", region, _ports) { MemoryLimitBytes = limit };
            IPEndPoint target = DeploymentNode.EndPoint(FrontedPort(place));
            place.Front = new GatedListener(_ports.Take(), socket => _ = Task.Run(() => _links.RouteAsync(socket, target, region, () => Places)));
            Volatile.Write(ref _nodes, [.. _nodes, place]);
            return place;
        }
    }

    private void Launch(DeploymentNode place)
    {
        IReadOnlyList<string> command = Command(place);
        IReadOnlyDictionary<string, string?> environment = Environment(place);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            place.Fill(ChildProcess.Start(command, Path.Combine(Folder, place.Name + ".log"), environment), dead => NodeDied?.Invoke(dead));
        }
    }

    private async Task ReadyAsync(IReadOnlyList<DeploymentNode> places, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeUp.CancelAfter(Settings.StartTimeout);
        foreach (DeploymentNode place in places)
        {
            string wanted = "does not accept clients";
            try
            {
                while (!await AnswersAsync(place, timeUp.Token).ConfigureAwait(false))
                {
                    await PauseAsync(place, timeUp.Token).ConfigureAwait(false);
                }

                wanted = "is not linked to all others";
                while (!await IsLinkedAsync(place, timeUp.Token).ConfigureAwait(false))
                {
                    await PauseAsync(place, timeUp.Token).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ProcessException($"node '{place.Name}' {wanted} {Settings.StartTimeout.TotalSeconds:0} s after its start: {place.Process!.LastWords}");
            }
        }
    }

    private static async Task PauseAsync(DeploymentNode place, CancellationToken cancellationToken)
    {
        if (place.Process is { HasEnded: true } ended)
        {
            throw new ProcessException($"node '{place.Name}' ended at its start: {(await ended.Ended.ConfigureAwait(false)).Cause}");
        }

        await Task.Delay(LookInterval, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>True if the node greets a client.</summary>
    private static async Task<bool> AnswersAsync(DeploymentNode place, CancellationToken cancellationToken)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(DeploymentNode.EndPoint(place.ClientPort), cancellationToken).ConfigureAwait(false);
            return await socket.ReceiveAsync(new byte[1], cancellationToken).ConfigureAwait(false) == 1;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task StopAsync(DeploymentNode place)
    {
        place.ExpectEnd();
        if (place.Process is { } process)
        {
            await process.StopAsync(StopPatience).ConfigureAwait(false);
            await process.DisposeAsync().ConfigureAwait(false);
        }

        if (place.Front is { } front)
        {
            await front.DisposeAsync().ConfigureAwait(false);
        }
    }
}
