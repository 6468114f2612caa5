using System.Text;
using System.Text.Json;
using Causeway.Drill.Processes;

namespace Causeway.Drill.Deployments;

/// <summary>
/// A super-cluster of nats-server as Debian packages it: a cluster for each region, gateways between them, through the same links and
/// under the same limits as a deployment of Causeway. What it can't do: direct clients to
/// another region; draining a region is lame-duck mode on all its servers.
/// </summary>
public sealed class NatsDeployment : LocalDeployment
{
    private const string Server = "nats-server";
    private const string GoLimit = "GOMEMLIMIT";

    private NatsDeployment(DeploymentSettings settings)
        : base(settings)
    {
    }

    /// <inheritdoc/>
    public override string Bus => Server;

    /// <summary>Starts a super-cluster and returns once all servers have found each other.</summary>
    /// <exception cref="ArgumentException">The settings can't be.</exception>
    /// <exception cref="ProcessException">A server did not start, or there is no nats-server here.</exception>
    public static async Task<NatsDeployment> StartAsync(DeploymentSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (!IsInstalled)
        {
            throw new ProcessException($"'{Server}' is not on the PATH; on Debian it comes with `apt-get install {Server}`");
        }

        NatsDeployment deployment = new(settings);
        try
        {
            await deployment.StartAsync(cancellationToken).ConfigureAwait(false);
            return deployment;
        }
        catch
        {
            await deployment.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>True if there is a nats-server on the PATH.</summary>
    public static bool IsInstalled => (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, Server)));

    /// <inheritdoc/>
    /// <remarks>nats-server has no budget of its own that would have to follow: the limit is the platform's alone, and changes at once.</remarks>
    public override Task<bool> SetMemoryLimitAsync(string region, long bytes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        foreach (DeploymentNode node in Places.Where(node => node.Region == region))
        {
            node.MemoryLimitBytes = bytes;
        }

        return Task.FromResult(true);
    }

    private protected override int FrontedPort(DeploymentNode node) => node.WanPort;

    private protected override IReadOnlyList<string> Command(DeploymentNode node) => [Server, "-c", WriteFile(node.Name + ".conf", Configuration(node))];

    private protected override IReadOnlyDictionary<string, string?> Environment(DeploymentNode node) => new Dictionary<string, string?> { [GoLimit] = null };

    private protected override async Task<bool> IsLinkedAsync(DeploymentNode node, CancellationToken cancellationToken)
    {
        using JsonDocument? vars = await NodePages.ReadAsync(node, "varz", cancellationToken).ConfigureAwait(false);
        using JsonDocument? gateways = await NodePages.ReadAsync(node, "gatewayz", cancellationToken).ConfigureAwait(false);
        if (vars is null || gateways is null)
        {
            return false;
        }

        DeploymentNode[] living = [.. Places.Where(place => place.ProcessId != 0 && place != node)];
        int peers = living.Count(other => other.Region == node.Region);
        IEnumerable<string> others = living.Select(other => other.Region).Where(region => region != node.Region).Distinct();
        return vars.RootElement.GetProperty("routes").GetInt32() >= peers && others.All(Gateways(gateways.RootElement, "outbound_gateways").Select(gateway => gateway.Name).Contains);
    }

    private protected override async Task<NodeSample?> SampleAsync(DeploymentNode node, CancellationToken cancellationToken)
    {
        using JsonDocument? vars = await NodePages.ReadAsync(node, "varz", cancellationToken).ConfigureAwait(false);
        using JsonDocument? clients = await NodePages.ReadAsync(node, "connz?limit=65536", cancellationToken).ConfigureAwait(false);
        using JsonDocument? gateways = await NodePages.ReadAsync(node, "gatewayz", cancellationToken).ConfigureAwait(false);
        int process = node.ProcessId;
        if (vars is null || clients is null || gateways is null || process == 0)
        {
            return null;
        }

        IEnumerable<JsonElement> links = Gateways(gateways.RootElement, "outbound_gateways").Select(gateway => gateway.Value)
            .Concat(Gateways(gateways.RootElement, "inbound_gateways").SelectMany(gateway => gateway.Value.EnumerateArray()))
            .Select(gateway => gateway.GetProperty("connection"));
        return new NodeSample
        {
            Node = node.Name,
            ResidentBytes = ProcessFacts.ResidentBytes(process),
            MemoryLimitBytes = node.MemoryLimitBytes,
            CpuTime = ProcessFacts.CpuTime(process),
            Clients = vars.RootElement.GetProperty("connections").GetInt32(),
            Subscriptions = NodePages.Sum(NodePages.Items(clients.RootElement, "connections"), "subscriptions"),
            LinkPendingBytes = NodePages.Sum(links, "pending_bytes"),
            LinkLagEntries = -1,
            SlowConsumers = vars.RootElement.GetProperty("slow_consumers").GetInt64(),
        };
    }

    private static JsonProperty[] Gateways(JsonElement page, string direction) =>
        page.TryGetProperty(direction, out JsonElement gateways) && gateways.ValueKind == JsonValueKind.Object ? [.. gateways.EnumerateObject()] : [];

    private string Configuration(DeploymentNode node)
    {
        StringBuilder text = new();
        text.AppendLine($"server_name: \"{node.Name}\"");
        text.AppendLine($"listen: \"{node.ClientAddress}\"");
        text.AppendLine($"http: \"{DeploymentNode.At(node.HttpPort)}\"");
        text.AppendLine("lame_duck_duration: \"30s\"");
        text.AppendLine("lame_duck_grace_period: \"2s\"");
        IEnumerable<string> routes = Places.Where(other => other.Region == node.Region && other != node).Select(other => $"\"nats-route://{DeploymentNode.At(other.LinkPort)}\"");
        text.AppendLine($"cluster {{ name: \"{node.Region}\", listen: \"{DeploymentNode.At(node.LinkPort)}\", routes: [{string.Join(", ", routes)}] }}");
        IEnumerable<string> remotes = Regions.Where(region => region != node.Region).Select(region =>
            $"{{ name: \"{region}\", urls: [{string.Join(", ", Places.Where(other => other.Region == region).Select(other => $"\"nats://{other.Front!.Address}\""))}] }}");
        text.AppendLine($"gateway {{ name: \"{node.Region}\", listen: \"{DeploymentNode.At(node.WanPort)}\", advertise: \"{node.Front!.Address}\", gateways: [{string.Join(", ", remotes)}] }}");
        return text.ToString();
    }
}
