using Causeway.Compare.Rpc;

namespace Causeway.Compare.Regions;

/// <summary>The scenarios with several nodes, in the order of the report.</summary>
internal static class RegionScenarios
{
    public static IReadOnlyList<RegionScenario> All { get; } =
    [
        new("lan", "two nodes of a region: published on one, subscribed on the other", LoadScenarios.Lan),
        new("wan", "two regions, unshaped", LoadScenarios.Wan),
        new("latency", "request and reply by way of a hop, one in flight and at 1,000/s", LoadScenarios.Latency),
        new("first-sync", "100,000 literals over 62.5 kB/s and 100 ms one way", InterestScenarios.FirstSync),
        new("churn", "100,000 literals and 5,000 come and gone a second, over the same link, stalled and then cut 20 times", ChurnScenario.Run),
        new("reconnect", "1,000,000 literals, 1 % changed while the link was cut", InterestScenarios.Reconnect),
        new("remote-memory", "1,000,000 literals of another region", InterestScenarios.RemoteMemory),
        new("kill", "a node of two killed under 100,000 messages/s", KillScenario.Run),
        new("rpc-interest", "1,000 rooms of 10 participants over two regions: subscriptions, interest, messages", InterestScenario.Run),
        new("rpc-calls", "calls over one server, 128 B: request and reply as micro-services do it, and RPC", CallScenario.Run),
    ];
}
