using Causeway.Bus.Tests.Regions;
using Causeway.Bus.Tests.Support;
using Causeway.Core.Leafs;
using Xunit;
using static Causeway.Bus.Tests.Leafs.LeafHarness;

namespace Causeway.Bus.Tests.Leafs;

/// <summary>Leafs of a deployment of several nodes and regions.</summary>
public sealed class DeploymentTests
{
    [Fact]
    public async Task A_leaf_of_one_node_reaches_clients_of_all_nodes_and_regions_and_they_it()
    {
        await using TestDeployment deployment = new();
        await deployment.StartAsync("a0", "a", configureNode: options => options with { Leafs = Hub() });
        await deployment.StartAsync("a1", "a", peers: ["a0"]);
        await deployment.StartAsync("b0", "b", remotes: [("a", "a0")]);
        await Layout.LinkedAsync(deployment, "a0", "b");
        await Layout.LinkedAsync(deployment, "a1", "b");
        await Layout.LinkedAsync(deployment, "b0", "a");
        using NatsServer leaf = await NatsServer.LeafAsync(deployment["a0"].Bus.LeafAddress!);
        await deployment["a0"].InStepAsync();
        await AllWaysAsync(deployment, leaf);
        await leaf.KillAsync();
        await deployment.EndAsync();
    }

    [Fact]
    public async Task One_node_of_the_deployment_holds_a_hub_and_another_takes_over_when_it_dies()
    {
        using NatsServer hub = await NatsServer.HubAsync();
        await using TestDeployment deployment = new();
        LeafLimits limits = Quick with { SettleTime = TimeSpan.FromSeconds(2) };
        await deployment.StartAsync("a0", "a", configureNode: options => options with { Leafs = Spoke(hub.LeafAddress, limits: limits) });
        await deployment.StartAsync("a1", "a", peers: ["a0"], configureNode: options => options with { Leafs = Spoke(hub.LeafAddress, limits: limits) });
        await deployment.StartAsync("b0", "b", remotes: [("a", "a0")], configureNode: options => options with { Leafs = Spoke(hub.LeafAddress, limits: limits) });
        await Layout.LinkedAsync(deployment, "a0", "b");
        await Layout.LinkedAsync(deployment, "a1", "b");
        await Layout.LinkedAsync(deployment, "b0", "a");
        string[] names = ["a0", "a1", "b0"];
        await Eventually.TrueAsync(() => Held(deployment, names) == 1);
        await AllWaysAsync(deployment, hub);
        Assert.Equal(1, Held(deployment, names));
        Assert.All(names, name => Assert.Equal(0, deployment[name].AskLeafs(leafs => leafs.Table.Loops)));

        string holder = names.Single(name => Held(deployment, name) == 1);
        await deployment.StopAsync(holder);
        string[] left = [.. names.Where(name => name != holder)];
        await Eventually.TrueAsync(() => Held(deployment, left) == 1, Eventually.Deadline, () => string.Join('\n', left.SelectMany(name => deployment[name].Log.Lines)));
        foreach (string name in left)
        {
            using TestClient publisher = await ConnectAsync(hub.Address);
            using TestClient subscriber = await deployment[name].SubscriberAsync($"after.{name}");
            await ReachAsync(publisher, subscriber, $"after.{name}");
        }

        await hub.KillAsync();
        await deployment.EndAsync();
    }

    private static int Held(TestDeployment deployment, params string[] names) =>
        names.Sum(name => deployment[name].AskLeafs(leafs => leafs.Table.Sessions.Count(session => session.IsInStep)));

    private static async Task AllWaysAsync(TestDeployment deployment, NatsServer server)
    {
        foreach (string name in (string[])["a0", "a1", "b0"])
        {
            await Crossing.MessagesAsync(server.Address, deployment[name].Address);
            await Crossing.MessagesAsync(deployment[name].Address, server.Address);
            await Crossing.RequestsAsync(server.Address, deployment[name].Address);
            await Crossing.RequestsAsync(deployment[name].Address, server.Address);
            await Crossing.QueueGroupsAsync(deployment[name].Address, server.Address);
        }

        await Crossing.QueueGroupsAsync(server.Address, deployment["a1"].Address);
        await OnceAsync(deployment, server);
    }

    /// <summary>A message from anywhere comes once to everybody.</summary>
    private static async Task OnceAsync(TestDeployment deployment, NatsServer server)
    {
        System.Net.IPEndPoint[] places = [deployment["a0"].Address, deployment["a1"].Address, deployment["b0"].Address, server.Address];
        TestClient[] clients = await Task.WhenAll(places.Select(place => SubscriberAsync(place, "once.*")));
        foreach (TestClient from in clients)
        {
            foreach (TestClient to in clients.Where(client => client != from))
            {
                await ReachAsync(from, to, "once.probe");
            }
        }

        for (int i = 0; i < clients.Length; i++)
        {
            foreach (TestClient client in clients)
            {
                await client.DropUntilPongAsync();
            }

            await clients[i].PublishAsync("once.now", $"from {i}");
            foreach (TestClient client in clients)
            {
                Assert.Equal($"from {i}", await BesideProbesAsync(client));
            }

            await clients[i].PublishAsync("once.now", "behind");
            foreach (TestClient client in clients)
            {
                Assert.Equal("behind", await BesideProbesAsync(client));
                client.TakeKept();
            }
        }

        Array.ForEach(clients, client => client.Dispose());
    }

    /// <summary>The next message that is no probe: probes of another client, which come another way, may be late.</summary>
    private static async Task<string> BesideProbesAsync(TestClient client)
    {
        string text = (await client.MessageAsync()).PayloadText;
        while (text.EndsWith("probe", StringComparison.Ordinal))
        {
            text = (await client.MessageAsync()).PayloadText;
        }

        return text;
    }
}
