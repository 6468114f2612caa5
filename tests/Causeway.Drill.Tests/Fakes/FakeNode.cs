using Causeway.Drill.Deployments;

namespace Causeway.Drill.Tests.Fakes;

/// <summary>A node of a <see cref="FakeDeployment"/>.</summary>
internal sealed class FakeNode(string name, string region) : IDeploymentNode
{
    public string Name => name;

    public string Region => region;

    public string ClientAddress => "127.0.0.1:1";

    public Uri MonitoringUrl => new("http://127.0.0.1:2");

    public int ProcessId { get; set; }

    public string? Death { get; set; }

    public bool HasLeft => false;

    public bool IsLeaving { get; set; }

    public bool IsSilent { get; set; }

    public long ResidentBytes { get; set; } = 50 << 20;

    public long MemoryLimitBytes { get; set; } = 256 << 20;

    public long LagEntries { get; set; }

    public int Clients { get; set; } = 5;

    public IReadOnlyList<string> Alarms { get; set; } = [];

    public NodeSample Sample() => new()
    {
        Node = Name,
        ResidentBytes = ResidentBytes,
        MemoryLimitBytes = MemoryLimitBytes,
        CpuTime = TimeSpan.FromSeconds(1),
        Clients = Clients,
        Subscriptions = 100,
        LinkPendingBytes = 10,
        LinkLagEntries = LagEntries,
        SlowConsumers = 0,
        Alarms = Alarms,
    };
}
