using Causeway.Client;
using Causeway.Drill.Deployments;
using Causeway.Shaper;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Drill.Tests.Deployments;

public sealed class CausewayDeploymentTests
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_find_each_other_and_what_crosses_regions_passes_the_links_between_them()
    {
        await using CausewayDeployment deployment = await CausewayDeployment.StartAsync(Settings(), Token);
        Assert.Equal(["east-1", "west-1", "east-2", "west-2"], deployment.Nodes.Select(node => node.Name));
        Assert.All(deployment.Nodes, node => Assert.NotEqual(0, node.ProcessId));

        await using BusClient east = await ConnectAsync(deployment, "east-2");
        await using BusClient west = await ConnectAsync(deployment, "west-2");
        await using Subscription subscription = await west.SubscribeAsync("a.b", cancellationToken: Token);
        await west.FlushAsync(Token);
        await ReachesAsync(east, subscription);

        Assert.All(new[] { ("east", "west"), ("west", "east") }, pair => Assert.True(deployment.Link(pair.Item1, pair.Item2).Forward.BytesDelivered > 0));
        Assert.Equal(0, deployment.Strangers);
        IReadOnlyList<NodeSample> samples = await deployment.SampleAsync(Token);
        Assert.Equal(4, samples.Count);
        Assert.All(samples, sample => Assert.InRange(sample.ResidentBytes, 10_000_000, 400_000_000));
        Assert.Equal(1, samples.Sum(sample => sample.Subscriptions));
        Assert.Equal(2, samples.Sum(sample => sample.Clients));
    }

    [Fact]
    public async Task A_new_owner_reaches_the_other_region_through_the_link_too()
    {
        await using CausewayDeployment deployment = await CausewayDeployment.StartAsync(Settings(), Token);
        await using BusClient west = await ConnectAsync(deployment, "west-1");
        await using Subscription subscription = await west.SubscribeAsync("a.b", cancellationToken: Token);
        await west.FlushAsync(Token);
        string added = await deployment.AddNodeAsync("east", Token);
        Assert.Equal("east-3", added);
        foreach (string victim in new[] { "east-1", "east-2" })
        {
            await deployment.KillAsync(victim);
        }

        // Now the added node owns the link, whoever did before, by an address that it may have learned from either side.
        await using BusClient east = await ConnectAsync(deployment, added);
        long before = deployment.Link("east", "west").Forward.BytesDelivered;
        await ReachesAsync(east, subscription);
        Assert.True(deployment.Link("east", "west").Forward.BytesDelivered > before);

        await deployment.RestartAsync("east-1", Token);
        Assert.Null(deployment.Nodes[0].Death);
        Assert.NotEqual(0, deployment.Nodes[0].ProcessId);
    }

    private static DeploymentSettings Settings() => new()
    {
        Regions = ["east", "west"],
        Program = TestServer.CausewayProgram,
        Links = (_, _) => new LinkConditions { Latency = Latency },
    };

    private static Task<BusClient> ConnectAsync(LocalDeployment deployment, string node) => BusClient.ConnectAsync(
        new BusClientOptions { Servers = [ServerAddress.Parse(deployment.Nodes.Single(place => place.Name == node).ClientAddress)] }, Token);

    /// <summary>Publishes until a message arrives: interest takes its time.</summary>
    private static async Task ReachesAsync(BusClient from, Subscription to)
    {
        await Eventually.TrueAsync(() => from.TryPublish("a.b", "x"u8) && to.PendingMessages > 0);
        Assert.True(to.PendingMessages > 0);
    }
}
