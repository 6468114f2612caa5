using System.Text.Json;
using Causeway.Core.Control;
using Causeway.Core.Links;
using Causeway.Core.Memory;
using Causeway.Director.Registry;

namespace Causeway.Director.Tests.Registry;

/// <summary>Reports of nodes that do not exist.</summary>
internal static class Reports
{
    public static readonly DeploymentKey Key = new("test", "a secret of the deployment"u8);

    public static readonly DateTimeOffset Start = new(2026, 3, 8, 5, 0, 0, TimeSpan.Zero);

    public static NodeReport Of(string region, string node, long sequence = 1, double headroom = 0.8, int clients = 0, int maxClients = 1000, string address = "10.0.0.1:4222") => new()
    {
        Region = region,
        Node = node,
        Id = $"ID-{node}",
        Version = "1",
        Sequence = sequence,
        StartedAt = Start,
        ClientAddress = address,
        State = NodeState.Serving,
        IsReady = true,
        Memory = new MemoryReport
        {
            LimitBytes = 1L << 30,
            UsedBytes = 1 << 20,
            ResidentBytes = 1 << 26,
            ProcessLimitBytes = 1L << 31,
            Uses = new Dictionary<string, long>(),
            Step = GovernorStep.Calm,
            GrowthBytesPerSecond = 0,
            Headroom = headroom,
        },
        Clients = clients,
        MaxClients = maxClients,
        Subscriptions = 0,
        InMessages = 0,
        OutMessages = 0,
        InBytes = 0,
        OutBytes = 0,
        SlowConsumers = 0,
        LoopDelayMilliseconds = 0.1,
        BusRoundTripMilliseconds = 0.2,
        ExportedToRegion = 0,
        ExportedToRemotes = 0,
        RemoteEntries = 0,
    };

    public static LinkReport Link(string region, string state) => new() { Peer = "p", Region = region, Kind = "wan", Direction = "out", State = state };

    public static byte[] Seal(NodeReport report, DateTimeOffset now, DeploymentKey? key = null) => SealedMessage.Seal(
        key ?? Key, ControlSubjects.Report(report.Region, report.Node), now, JsonSerializer.SerializeToUtf8Bytes(report, ControlJson.Default.NodeReport));

    public static ReportResult Hear(this DeploymentRegistry registry, NodeReport report, DateTimeOffset now) =>
        registry.Receive(ControlSubjects.Report(report.Region, report.Node), Seal(report, now));
}
