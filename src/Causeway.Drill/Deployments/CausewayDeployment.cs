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

    private readonly string _keyFile;
    private DirectorProcess? _director;

    private CausewayDeployment(DeploymentSettings settings)
        : base(settings) => _keyFile = WriteFile("deployment.key", Secret());

    /// <inheritdoc/>
    public override string Bus => "causeway";

    /// <inheritdoc/>
    public override Uri? DirectorUrl => Volatile.Read(ref _director)?.Url;

    /// <summary>Told how the director ended if nobody asked it to; called from any thread.</summary>
    public event Action<string>? DirectorDied;

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

    private protected override async Task EndAsync()
    {
        if (Interlocked.Exchange(ref _director, null) is { } director)
        {
            await director.DisposeAsync().ConfigureAwait(false);
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
            "--deployment-key-file", _keyFile, "--lame-duck-duration", "30s", "--lame-duck-grace", "2s",
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
        string token = Secret();
        WriteFile(Path.GetFileName(OperatorTokenFile), token);
        string address = DeploymentNode.At(TakePort());
        string[] command =
        [
            .. Program(Settings.Program), "director", "--name", "director-1", "--listen", address,
            "--server", string.Join(',', Places.Select(node => $"nats://{node.ClientAddress}")),
            "--deployment-key-file", _keyFile, "--operator-token-file", OperatorTokenFile,
        ];
        DirectorProcess director = await DirectorProcess.StartAsync(
            command, new Uri($"http://{address}"), token, Path.Combine(Folder, "director.log"), CleanEnvironment(), Settings.StartTimeout, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _director, director);
        _ = WatchAsync(director);
    }

    private async Task WatchAsync(DirectorProcess director)
    {
        string cause = (await director.Ended.ConfigureAwait(false)).Cause;
        if (Interlocked.CompareExchange(ref _director, null, director) == director)
        {
            DirectorDied?.Invoke(cause);
        }
    }

    /// <summary>How the program is called: itself, or by the runtime if it is a <c>.dll</c>.</summary>
    internal static IReadOnlyList<string> Program(string? program)
    {
        string running = System.Environment.ProcessPath ?? "dotnet";
        bool byRuntime = Path.GetFileNameWithoutExtension(running) == "dotnet";
        program ??= byRuntime ? Assembly.GetEntryAssembly()!.Location : running;
        return program.EndsWith(".dll", StringComparison.Ordinal) ? [byRuntime ? running : "dotnet", program] : [program];
    }
}
