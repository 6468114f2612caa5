using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Clients;

/// <summary>Ordinary clients on both sides of a leaf-node connection between nats-server and Causeway, in either role.</summary>
public sealed class LeafBoundaryTests
{
    [Theory]
    [InlineData(ServerKind.NatsServer, ServerKind.Causeway, NodeProgram.Legacy)]
    [InlineData(ServerKind.NatsServer, ServerKind.Causeway, NodeProgram.Modules)]
    [InlineData(ServerKind.Causeway, ServerKind.NatsServer, NodeProgram.Legacy)]
    [InlineData(ServerKind.Causeway, ServerKind.NatsServer, NodeProgram.Modules)]
    public async Task Clients_of_hub_and_leaf_reach_each_other(ServerKind hub, ServerKind leaf, string family)
    {
        int port = LoopbackPorts.Reserve().Client;
        await using ServerProcess upper = await ServerProcess.StartAsync(hub, new ServerOptions
        {
            Access = $$"""leafnodes { listen: "127.0.0.1:{{port}}", authorization { user: leaf, password: secret } }""",
        });
        await using ServerProcess lower = await ServerProcess.StartAsync(leaf, new ServerOptions
        {
            Access = $$"""leafnodes { remotes: [ { url: "nats-leaf://leaf:secret@127.0.0.1:{{port}}" } ] }""",
        });

        await ScenarioRun.AssertPassesAsync(
            NodeProgram.For("boundary", family, upper.Url, lower.Url),
            [
                "a subscription on either side gets what the other side publishes",
                "requests are answered over the boundary",
                "a queue group with members on both sides handles each request once",
                "a queue group on the other side alone handles each request once",
            ]);
    }
}
