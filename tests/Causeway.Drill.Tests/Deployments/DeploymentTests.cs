using System.Collections.Concurrent;
using System.Net.Sockets;
using Causeway.Client;
using Causeway.Drill.Deployments;
using Causeway.Drill.Processes;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Drill.Tests.Deployments;

/// <summary>What a drill does to a deployment, for either bus.</summary>
public sealed class DeploymentTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Nodes_find_each_other_and_what_crosses_regions_passes_the_links_between_them(string bus)
    {
        await using LocalDeployment deployment = await BothBuses.StartAsync(bus);
        Assert.Equal(bus, deployment.Bus);
        Assert.Equal(["east-1", "west-1", "east-2", "west-2"], deployment.Nodes.Select(node => node.Name));
        Assert.All(deployment.Nodes, node => Assert.NotEqual(0, node.ProcessId));

        await using BusClient east = await ConnectAsync(deployment, "east-2");
        await using BusClient west = await ConnectAsync(deployment, "west-2");
        await using Subscription subscription = await west.SubscribeAsync("a.b", cancellationToken: Token);
        await west.FlushAsync(Token);
        await ReachesAsync(east, subscription);

        Assert.All(new[] { ("east", "west"), ("west", "east") }, pair => Assert.True(deployment.Link(pair.Item1, pair.Item2).Forward.BytesDelivered > 0));
        IReadOnlyList<NodeSample> samples = [];
        await Eventually.EqualAsync((4, 1L, 2), async () =>
        {
            samples = await deployment.SampleAsync(Token);
            return (samples.Count, samples.Sum(sample => sample.Subscriptions), samples.Sum(sample => sample.Clients));
        });
        Assert.All(samples, sample => Assert.InRange(sample.ResidentBytes, 5_000_000, 400_000_000));
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task What_nodes_compute_is_counted(string bus)
    {
        await using LocalDeployment deployment = await BothBuses.StartAsync(bus, settings => settings with { Regions = ["east"], NodesPerRegion = 1 });
        await using BusClient client = await ConnectAsync(deployment, "east-1");

        // The kernel tells a process' time in steps of 10 ms, and a node may need less than one to start: work until it is told.
        await Eventually.EqualAsync(true, async () =>
        {
            for (int i = 0; i < 1000; i++)
            {
                client.TryPublish("a.b", "x"u8);
            }

            return Assert.Single(await SamplesAsync(deployment, 1)).CpuTime > TimeSpan.Zero;
        });
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_node_that_was_added_reaches_the_other_region_through_the_link_too(string bus)
    {
        await using LocalDeployment deployment = await BothBuses.StartAsync(bus);
        await using BusClient west = await ConnectAsync(deployment, "west-1");
        await using Subscription subscription = await west.SubscribeAsync("a.b", cancellationToken: Token);
        await west.FlushAsync(Token);
        string added = await deployment.AddNodeAsync("east", Token);
        Assert.Equal("east-3", added);
        await deployment.KillAsync("east-1");
        await deployment.KillAsync("east-2");
        await Eventually.TrueAsync(() => Refuses(deployment, "east-1") && Refuses(deployment, "east-2"));

        // Now the added node owns the link, whoever did before, by an address that it may have learned from either side.
        await using BusClient east = await ConnectAsync(deployment, added);
        long before = deployment.Link("east", "west").Forward.BytesDelivered;
        await ReachesAsync(east, subscription);
        Assert.True(deployment.Link("east", "west").Forward.BytesDelivered > before);
        Assert.Equal(0, deployment.Nodes[0].ProcessId);

        await deployment.RestartAsync("east-1", Token);
        Assert.NotEqual(0, deployment.Nodes[0].ProcessId);
        Assert.Null(deployment.Nodes[0].Death);
        Assert.False(Refuses(deployment, "east-1"));
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task Nothing_crosses_a_stalled_link_and_a_cut_one_is_made_again(string bus)
    {
        await using LocalDeployment deployment = await BothBuses.StartAsync(bus, settings => settings with { NodesPerRegion = 1 });
        await using BusClient east = await ConnectAsync(deployment, "east-1");
        await using BusClient west = await ConnectAsync(deployment, "west-1");
        await using Subscription subscription = await west.SubscribeAsync("a.b", cancellationToken: Token);
        await west.FlushAsync(Token);
        await ReachesAsync(east, subscription);

        deployment.Stall("west", "east");
        long stalled = deployment.Link("east", "west").Forward.BytesDelivered;
        await east.PublishAsync("a.b", "y"u8.ToArray(), cancellationToken: Token);
        await east.FlushAsync(Token);
        Assert.InRange(deployment.Link("east", "west").Forward.BytesDelivered - stalled, 0, 4096);
        deployment.Unstall("east", "west");
        await ReachesAsync(east, subscription);

        long connected = deployment.Link("east", "west").Accepted;
        deployment.Cut("east", "west");
        await Eventually.TrueAsync(() => deployment.Link("east", "west").Accepted > connected);
        await ReachesAsync(east, subscription);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_node_beyond_its_memory_is_killed_and_the_cause_is_told(string bus)
    {
        ConcurrentQueue<string> dead = [];
        await using LocalDeployment deployment = await BothBuses.StartAsync(bus, settings => settings with { NodesPerRegion = 1 });
        deployment.NodeDied += node => dead.Enqueue(node.Name);
        ((DeploymentNode)deployment.Nodes[1]).MemoryLimitBytes = 1_000_000;
        await Eventually.TrueAsync(() => !dead.IsEmpty);
        Assert.Equal(["west-1"], dead);
        Assert.Equal(0, deployment.Nodes[1].ProcessId);
        Assert.Matches(@"^out of memory: [\d.]+ MiB resident, 1 MiB allowed$", deployment.Nodes[1].Death);
        await SamplesAsync(deployment, 1);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_node_leaves_in_good_order_and_that_is_no_death(string bus)
    {
        await using LocalDeployment deployment = await BothBuses.StartAsync(bus, settings => settings with { Regions = ["east"] });
        await deployment.DrainNodeAsync("east-2", Token).InTimeAsync();
        Assert.Equal(0, deployment.Nodes[1].ProcessId);
        Assert.Null(deployment.Nodes[1].Death);
        await deployment.RestartAsync("east-2", Token);
    }

    [Fact]
    public async Task Who_is_no_node_is_not_carried_over_a_link()
    {
        await using LocalDeployment deployment = await BothBuses.StartAsync(ServerKinds.Nats, settings => settings with { NodesPerRegion = 1 });
        long before = deployment.Strangers;
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);

        // The reset may come before this end has looked whether it is connected.
        SocketException reset = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            await socket.ConnectAsync(((DeploymentNode)deployment.Nodes[0]).Front!.Address, Token);
            await socket.ReceiveAsync(new byte[1], Token).AsTask().InTimeAsync();
        });
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        Assert.True(deployment.Strangers > before);
    }

    [Fact]
    public async Task A_node_takes_another_memory_limit_while_it_runs()
    {
        const long Limit = 256 << 20;
        await using LocalDeployment deployment = await BothBuses.StartAsync(
            ServerKinds.Causeway, settings => settings with { NodesPerRegion = 1, MemoryLimitBytes = Limit, HighestMemoryLimitBytes = 3 * Limit });
        Assert.True(await deployment.SetMemoryLimitAsync("west", 3 * Limit, Token));
        IReadOnlyList<NodeSample> samples = await SamplesAsync(deployment, 2);
        Assert.Equal([Limit, 3 * Limit], samples.Select(sample => sample.MemoryLimitBytes));
        Assert.All(deployment.Nodes, node => Assert.NotEqual(0, node.ProcessId));
        await AssertAddedAsync(deployment, Limit);
    }

    [Fact]
    public async Task The_limit_of_nats_servers_is_changed_from_outside()
    {
        const long Limit = 256 << 20;
        await using LocalDeployment deployment = await BothBuses.StartAsync(ServerKinds.Nats, settings => settings with { NodesPerRegion = 1, MemoryLimitBytes = Limit });
        Assert.True(await deployment.SetMemoryLimitAsync("west", 3 * Limit, Token));
        IReadOnlyList<NodeSample> samples = await SamplesAsync(deployment, 2);
        Assert.Equal([Limit, 3 * Limit], samples.Select(sample => sample.MemoryLimitBytes));
        await AssertAddedAsync(deployment, Limit);
    }

    /// <summary>Nodes that are added begin with the limit that their region has by then.</summary>
    private static async Task AssertAddedAsync(LocalDeployment deployment, long limit)
    {
        await deployment.AddNodeAsync("east", Token);
        await deployment.AddNodeAsync("west", Token);
        IReadOnlyList<NodeSample> samples = await SamplesAsync(deployment, 4);
        Assert.Equal([("east-1", limit), ("west-1", 3 * limit), ("east-2", limit), ("west-2", 3 * limit)], samples.Select(sample => (sample.Node, sample.MemoryLimitBytes)));
    }

    [Fact]
    public async Task A_program_that_does_not_start_is_named_with_what_it_said()
    {
        ProcessException fault = await Assert.ThrowsAsync<ProcessException>(
            () => BothBuses.StartAsync(ServerKinds.Causeway, settings => settings with { ServeArguments = ["--max-payload", "much"] }));
        Assert.Contains("node 'east-1' ended at its start: ended with exit code 1", fault.Message, StringComparison.Ordinal);
        Assert.Contains("much", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Impossible_settings_and_names_are_refused_with_what_is_accepted()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => BothBuses.StartAsync(ServerKinds.Causeway, settings => settings with { Regions = ["east", "east"] }));
        await Assert.ThrowsAsync<ArgumentException>(() => BothBuses.StartAsync(ServerKinds.Causeway, settings => settings with { NodesPerRegion = 0 }));
        await using LocalDeployment deployment = await BothBuses.StartAsync(ServerKinds.Nats, settings => settings with { NodesPerRegion = 1 });
        ArgumentException node = await Assert.ThrowsAsync<ArgumentException>(() => deployment.KillAsync("north-1"));
        Assert.Equal("there is no node 'north-1'; nodes are east-1, west-1", node.Message);
        ArgumentException link = Assert.Throws<ArgumentException>(() => deployment.Cut("east", "north"));
        Assert.Equal("there is no link from 'east' to 'north'; regions are east, west", link.Message);
    }

    /// <summary>Whether the address by which other nodes know a node refuses connections.</summary>
    private static bool Refuses(LocalDeployment deployment, string node)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(((DeploymentNode)deployment.Nodes.Single(place => place.Name == node)).Front!.Address);
            return false;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    private static Task<BusClient> ConnectAsync(LocalDeployment deployment, string node) => BusClient.ConnectAsync(
        new BusClientOptions { Servers = [ServerAddress.Parse(deployment.Nodes.Single(place => place.Name == node).ClientAddress)], ConnectTimeout = Eventually.Deadline }, Token);

    /// <summary>Samples of that many nodes: one that stands still for a moment gives none.</summary>
    private static async Task<IReadOnlyList<NodeSample>> SamplesAsync(LocalDeployment deployment, int nodes)
    {
        IReadOnlyList<NodeSample> samples = [];
        await Eventually.EqualAsync(nodes, async () => (samples = await deployment.SampleAsync(Token)).Count);
        return samples;
    }

    /// <summary>Publishes until another message arrives: interest takes its time.</summary>
    private static async Task ReachesAsync(BusClient from, Subscription to)
    {
        int before = to.PendingMessages;
        await Eventually.TrueAsync(() => from.TryPublish("a.b", "x"u8) && to.PendingMessages > before);
        Assert.True(to.PendingMessages > before);
    }
}
