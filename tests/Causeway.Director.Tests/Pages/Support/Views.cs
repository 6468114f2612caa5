using Causeway.Core.Control;
using Causeway.Core.Memory;
using Causeway.Director.Registry;

namespace Causeway.Director.Tests.Pages.Support;

/// <summary>Views of small deployments to change with <c>with</c>.</summary>
internal static class Views
{
    private const long Mebi = 1 << 20;

    public static readonly DateTimeOffset Start = new(2026, 3, 8, 5, 0, 0, TimeSpan.Zero);

    /// <summary>Healthy regions of two nodes each, with links between all.</summary>
    public static DeploymentView Healthy(DateTimeOffset at, params string[] regions) => new()
    {
        At = at,
        Regions = [.. regions.Select(Region)],
        Nodes = [.. regions.SelectMany(region => new[] { Node(at, region, $"{region}-1", regions), Node(at, region, $"{region}-2", []) })],
        Directors = [new DirectorView { Name = "d1", Url = "http://127.0.0.1:8300", IsSelf = true, SeenAt = at }],
        Alarms = [],
    };

    public static RegionView Region(string name) => new()
    {
        Name = name,
        Health = RegionHealth.Healthy,
        Reasons = [],
        IsDraining = false,
        ReadyNodes = 2,
        Nodes = 2,
        Clients = 400,
        Room = 1600,
        Headroom = 0.6,
    };

    public static NodeView Node(DateTimeOffset at, string region, string name, IEnumerable<string> peers) => new()
    {
        ReportedAt = at,
        IsLost = false,
        Report = new NodeReport
        {
            Region = region,
            Node = name,
            Id = name + "-id",
            Version = "0.1.0",
            Sequence = 1 + (long)(at - Start).TotalSeconds,
            StartedAt = Start.AddHours(-70),
            ClientAddress = "10.1.2.3:4222",
            State = NodeState.Serving,
            IsReady = true,
            Clients = 200,
            MaxClients = 1000,
            Subscriptions = 5200,
            InMessages = (long)(at - Start).TotalSeconds * 2_150,
            OutMessages = (long)(at - Start).TotalSeconds * 6_480,
            InBytes = 0,
            OutBytes = 0,
            SlowConsumers = 0,
            LoopDelayMilliseconds = 0.4,
            BusRoundTripMilliseconds = 0.9,
            ExportedToRegion = 5100,
            ExportedToRemotes = 9800,
            RemoteEntries = 31_400,
            Memory = Memory(96 * Mebi, 256 * Mebi),
            Links = [.. peers.Where(peer => peer != region).Select(peer => Link(peer, 72))],
        },
    };

    public static MemoryReport Memory(long used, long limit) => new()
    {
        LimitBytes = limit,
        UsedBytes = used,
        ResidentBytes = used + (40 * Mebi),
        ProcessLimitBytes = 512 * Mebi,
        Step = GovernorStep.Calm,
        GrowthBytesPerSecond = 0,
        Headroom = 1 - ((double)used / limit),
        Uses = new Dictionary<string, long>
        {
            ["connections"] = used / 8,
            ["receive"] = used / 16,
            ["pending"] = used / 8,
            ["subscriptions"] = used / 4,
            ["routes"] = used / 16,
            ["pool"] = used / 16,
            ["interest"] = used / 4,
            ["links"] = used / 16,
        },
    };

    public static LinkReport Link(string region, double rtt, string state = "up") => new()
    {
        Peer = region + "-1",
        Region = region,
        Kind = "wan",
        Direction = "out",
        State = state,
        RoundTripMilliseconds = rtt,
        BytesPerSecond = 410_000,
        HeldBytes = 2 * Mebi,
    };

    public static AlarmReport Alarm(DateTimeOffset at, string rule, string subject, AlarmSeverity severity = AlarmSeverity.Critical) => new()
    {
        Key = $"{rule}/{subject}",
        Rule = rule,
        Severity = severity,
        Subject = subject,
        Summary = $"{subject}: {rule} is too high",
        Cause = $"link {subject}-1 at 10.1.2.3, prefix room.secret.",
        OpenedAt = at,
        Details = new Dictionary<string, string> { ["top_prefix"] = "room.secret.", ["top_client"] = "customer-7" },
    };

    public static DeploymentView WithRegion(this DeploymentView view, string name, Func<RegionView, RegionView> change) =>
        view with { Regions = [.. view.Regions.Select(region => region.Name == name ? change(region) : region)] };

    public static DeploymentView WithNodes(this DeploymentView view, Func<NodeView, bool> which, Func<NodeView, NodeView> change) =>
        view with { Nodes = [.. view.Nodes.Select(node => which(node) ? change(node) : node)] };

    /// <summary>With the links from one region to another in a state.</summary>
    public static DeploymentView WithLinks(this DeploymentView view, string from, string to, Func<LinkReport, LinkReport> change) =>
        view.WithNodes(node => node.Report.Region == from, node => node with
        {
            Report = node.Report with { Links = [.. node.Report.Links.Select(link => link.Region == to ? change(link) : link)] },
        });

    /// <summary>With a region that is down and of which all nodes are lost.</summary>
    public static DeploymentView WithDown(this DeploymentView view, string region) => view
        .WithRegion(region, old => old with { Health = RegionHealth.Down, ReadyNodes = 0, Clients = 0, Room = 0, Headroom = 0, Reasons = ["all nodes are lost"] })
        .WithNodes(node => node.Report.Region == region, node => node with { IsLost = true });
}
