using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Causeway.Drill.Processes;

namespace Causeway.Drill.Deployments;

/// <summary>
/// A deployment of Causeway. Inside a region nodes begin with each other's own addresses; other regions, and gossip, know them by
/// their fronts.
/// </summary>
public sealed class CausewayDeployment : LocalDeployment
{
    private const string OwnVariables = "CAUSEWAY_";

    private static readonly TimeSpan DrainDeadline = TimeSpan.FromMinutes(5);

    private DirectorCalls? _director;
    private DirectorProcess? _directorProcess;

    private CausewayDeployment(DeploymentSettings settings)
        : base(settings) => KeyFile = WriteFile("deployment.key", Secret());

    /// <inheritdoc/>
    public override string Bus => "causeway";

    /// <inheritdoc/>
    public override Uri? DirectorUrl => Volatile.Read(ref _director)?.Url;

    /// <summary>The file with the secret that all nodes share.</summary>
    public string KeyFile { get; }

    /// <summary>The file with the token by which operators prove themselves to the director.</summary>
    public string OperatorTokenFile => Path.Combine(Folder, "operator.token");

    /// <summary>Starts a deployment and returns once all nodes have found each other.</summary>
    /// <exception cref="ArgumentException">The settings can't be.</exception>
    /// <exception cref="ProcessException">A node did not start.</exception>
    public static async Task<CausewayDeployment> StartAsync(DeploymentSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        CausewayDeployment deployment = new(settings);
        try
        {
            await deployment.StartAsync(cancellationToken).ConfigureAwait(false);
            if (settings.HasDirector)
            {
                await deployment.StartDirectorAsync(cancellationToken).ConfigureAwait(false);
            }

            return deployment;
        }
        catch
        {
            await deployment.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public override async Task<bool> SetMemoryLimitAsync(string region, long bytes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        foreach (DeploymentNode node in Places.Where(node => node.Region == region))
        {
            string budget = NodeMemory.BudgetBytes(bytes).ToString(CultureInfo.InvariantCulture);
            if (node.ProcessId != 0 && await NodePages.PutAsync(node, "memz/budget", budget, cancellationToken).ConfigureAwait(false) is { } problem)
            {
                throw new ProcessException($"node '{node.Name}' does not take a budget of {budget} bytes: {problem}");
            }

            node.MemoryLimitBytes = bytes;
        }

        return true;
    }

    /// <inheritdoc/>
    /// <remarks>Where there is a director, clients find the node once the director tells them of it: that is waited for.</remarks>
    /// <exception cref="ProcessException">The node did not start, or the director does not tell of it within <see cref="DeploymentSettings.StartTimeout"/>.</exception>
    public override async Task<string> AddNodeAsync(string region, CancellationToken cancellationToken)
    {
        string name = await base.AddNodeAsync(region, cancellationToken).ConfigureAwait(false);
        if (Volatile.Read(ref _director) is { } director)
        {
            string address = Places.Single(place => place.Name == name).ClientAddress;
            await ToldAsync(token => director.ListsAsync(address, token), $"the director does not tell clients of node '{name}'", cancellationToken).ConfigureAwait(false);
        }

        return name;
    }

    /// <inheritdoc/>
    public override async Task DrainRegionAsync(string region, CancellationToken cancellationToken)
    {
        if (_director is not { } director)
        {
            await base.DrainRegionAsync(region, cancellationToken).ConfigureAwait(false);
            return;
        }

        DeploymentNode[] leaving = [.. Places.Where(place => place.Region == region && place.ProcessId != 0)];
        Array.ForEach(leaving, place => place.ExpectEnd());
        await director.DrainRegionAsync(region, DrainDeadline, cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(leaving.Select(place => place.Process!.Ended.WaitAsync(cancellationToken))).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override Task UndrainRegionAsync(string region, CancellationToken cancellationToken) =>
        Volatile.Read(ref _director) is { } director ? director.UndrainRegionAsync(region, cancellationToken) : Task.CompletedTask;

    /// <summary>Writes <see cref="OperatorTokenFile"/> and gives the token in it.</summary>
    public string CreateOperatorToken()
    {
        string token = Secret();
        WriteFile(Path.GetFileName(OperatorTokenFile), token);
        return token;
    }

    /// <summary>
    /// Has the load and drains go by a director that somebody else runs, which must know the deployment already or come to within
    /// <see cref="DeploymentSettings.StartTimeout"/>. Once, and only where <see cref="DeploymentSettings.HasDirector"/> is false.
    /// </summary>
    /// <exception cref="ProcessException">It knows no regions in time.</exception>
    public async Task UseDirectorAsync(Uri url, string token, CancellationToken cancellationToken)
    {
        DirectorCalls director = new(url, token);
        try
        {
            await ToldAsync(director.IsReadyAsync, "the director knows no regions", cancellationToken).ConfigureAwait(false);
            await ToldOfAllAsync(director, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            director.Dispose();
            throw;
        }

        Volatile.Write(ref _director, director);
    }

    /// <summary>Clients find all nodes from the first moment on: none goes to another region because its own is not known yet.</summary>
    private async Task ToldOfAllAsync(DirectorCalls director, CancellationToken cancellationToken)
    {
        foreach (DeploymentNode node in Places)
        {
            await ToldAsync(token => director.ListsAsync(node.ClientAddress, token), $"the director does not tell clients of node '{node.Name}'", cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ToldAsync(Func<CancellationToken, Task<bool>> isSo, string otherwise, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeUp.CancelAfter(Settings.StartTimeout);
        try
        {
            while (!await isSo(timeUp.Token).ConfigureAwait(false))
            {
                await Task.Delay(DirectorProcess.LookInterval, timeUp.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ProcessException($"{otherwise} within {Settings.StartTimeout.TotalSeconds:0} s");
        }
    }

    private protected override async Task EndAsync()
    {
        Interlocked.Exchange(ref _director, null)?.Dispose();
        if (_directorProcess is { } process)
        {
            await process.DisposeAsync().ConfigureAwait(false);
        }
    }

    private protected override int FrontedPort(DeploymentNode node) => node.LinkPort;

    private protected override IReadOnlyList<string> Command(DeploymentNode node)
    {
        List<string> command =
        [
            .. Program(Settings.Program), "serve", "--name", node.Name, "--region", node.Region,
            "--listen", node.ClientAddress, "--http", DeploymentNode.At(node.HttpPort),
            "--link-listen", DeploymentNode.At(node.LinkPort), "--link-advertise", node.Front!.Address.ToString(),
            "--deployment-key-file", KeyFile, "--lame-duck-duration", "30s", "--lame-duck-grace", "2s",
        ];
        DeploymentNode[] peers = [.. Places.Where(other => other.Region == node.Region && other != node)];
        if (peers.Length > 0)
        {
            command.AddRange(["--peers", string.Join(',', peers.Select(peer => DeploymentNode.At(peer.LinkPort)))]);
        }

        foreach (string region in Regions.Where(region => region != node.Region))
        {
            command.AddRange(["--remote", $"{region}={string.Join(',', Places.Where(other => other.Region == region).Select(other => other.Front!.Address))}"]);
        }

        if (node.MemoryLimitBytes > 0)
        {
            command.AddRange(["--memory-limit", NodeMemory.BudgetBytes(node.MemoryLimitBytes).ToString(CultureInfo.InvariantCulture)]);
        }

        return [.. command, .. Settings.ServeArguments];
    }

    private protected override IReadOnlyDictionary<string, string?> Environment(DeploymentNode node)
    {
        Dictionary<string, string?> variables = CleanEnvironment();
        if (node.MemoryLimitBytes > 0)
        {
            variables[NodeMemory.Variable] = Math.Max(node.MemoryLimitBytes, Settings.HighestMemoryLimitBytes ?? 0).ToString("X", CultureInfo.InvariantCulture);
        }

        return variables;
    }

    private protected override async Task<bool> IsLinkedAsync(DeploymentNode node, CancellationToken cancellationToken)
    {
        using JsonDocument? page = await NodePages.ReadAsync(node, "regionz", cancellationToken).ConfigureAwait(false);
        if (page is null)
        {
            return false;
        }

        HashSet<string> linked = [.. NodePages.Items(page.RootElement, "members").Where(member => member.GetProperty("state").GetString() is "self" or "up").Select(member => member.GetProperty("name").GetString()!)];
        HashSet<string> reached = [.. NodePages.Items(page.RootElement, "regions").Where(region => region.GetProperty("reachable").GetBoolean() && region.GetProperty("known").GetBoolean()).Select(region => region.GetProperty("name").GetString()!)];
        DeploymentNode[] living = [.. Places.Where(place => place.ProcessId != 0 && place != node)];
        return living.All(other => other.Region == node.Region ? linked.Contains(other.Name) : reached.Contains(other.Region));
    }

    private protected override async Task<NodeSample?> SampleAsync(DeploymentNode node, CancellationToken cancellationToken)
    {
        using JsonDocument? vars = await NodePages.ReadAsync(node, "varz", cancellationToken).ConfigureAwait(false);
        using JsonDocument? links = await NodePages.ReadAsync(node, "linkz", cancellationToken).ConfigureAwait(false);
        using JsonDocument? alarms = await NodePages.ReadAsync(node, "alarmz?limit=0", cancellationToken).ConfigureAwait(false);
        int process = node.ProcessId;
        if (vars is null || links is null || alarms is null || process == 0)
        {
            return null;
        }

        JsonElement[] between = [.. NodePages.Items(links.RootElement, "links").Where(link => link.GetProperty("kind").GetString() == "wan")];
        return new NodeSample
        {
            Node = node.Name,
            ResidentBytes = ProcessFacts.ResidentBytes(process),
            MemoryLimitBytes = node.MemoryLimitBytes > 0 ? node.MemoryLimitBytes : vars.RootElement.GetProperty("causeway").GetProperty("memory_limit_bytes").GetInt64(),
            CpuTime = ProcessFacts.CpuTime(process),
            Clients = vars.RootElement.GetProperty("connections").GetInt32(),
            Subscriptions = vars.RootElement.GetProperty("subscriptions").GetInt64(),
            LinkPendingBytes = NodePages.Sum(between, "pending_bytes"),
            LinkLagEntries = between.Sum(link => NodePages.Sum(NodePages.Items(link, "exports"), "lag_entries")),
            SlowConsumers = vars.RootElement.GetProperty("slow_consumers").GetInt64(),
            Alarms = [.. NodePages.Items(alarms.RootElement, "open").Select(alarm => $"{alarm.GetProperty("rule").GetString()}: {alarm.GetProperty("summary").GetString()}; cause: {alarm.GetProperty("cause").GetString()}")],
        };
    }

    private static string Secret() => Convert.ToHexString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What the user's own node is told is not meant for these.</summary>
    private static Dictionary<string, string?> CleanEnvironment() => System.Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .Where(name => name.StartsWith(OwnVariables, StringComparison.Ordinal))
        .ToDictionary(name => name, _ => (string?)null);

    private async Task StartDirectorAsync(CancellationToken cancellationToken)
    {
        string token = CreateOperatorToken();
        string address = DeploymentNode.At(TakePort());
        string[] command =
        [
            .. Program(Settings.Program), "director", "--name", "director-1", "--listen", address,
            "--server", string.Join(',', Places.Select(node => $"nats://{node.ClientAddress}")),
            "--deployment-key-file", KeyFile, "--operator-token-file", OperatorTokenFile,
        ];
        _director = new DirectorCalls(new Uri($"http://{address}"), token);
        _directorProcess = await DirectorProcess.StartAsync(
            command, _director, Path.Combine(Folder, "director.log"), CleanEnvironment(), Settings.StartTimeout, cancellationToken).ConfigureAwait(false);
        await ToldOfAllAsync(_director, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How the program is called: itself, or by the runtime if it is a <c>.dll</c>.</summary>
    internal static IReadOnlyList<string> Program(string? program)
    {
        string running = System.Environment.ProcessPath ?? "dotnet";
        bool byRuntime = Path.GetFileNameWithoutExtension(running) == "dotnet";
        // An assembly has no place of its own where all of the program is one file; that file is what runs then.
        program ??= byRuntime ? Path.Combine(AppContext.BaseDirectory, $"{Assembly.GetEntryAssembly()!.GetName().Name}.dll") : running;
        return program.EndsWith(".dll", StringComparison.Ordinal) ? [byRuntime ? running : "dotnet", program] : [program];
    }
}
