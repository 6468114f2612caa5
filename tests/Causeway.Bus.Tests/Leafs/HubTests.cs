using Causeway.Bus.Tests.Support;
using Xunit;
using static Causeway.Bus.Tests.Leafs.LeafHarness;

namespace Causeway.Bus.Tests.Leafs;

/// <summary>nats-server as a leaf of a node.</summary>
public sealed class HubTests
{
    [Fact]
    public async Task Messages_with_headers_requests_and_queue_groups_cross_from_every_side()
    {
        TestNode node = Start(Hub());
        using NatsServer leaf = await NatsServer.LeafAsync(node.Bus.LeafAddress!);
        await node.InStepAsync();
        await Crossing.EveryKindAsync(node.Address, leaf.Address);
        await leaf.KillAsync();
        await node.EndAsync(countsFiles: false);
    }

    [Fact]
    public async Task Interest_that_was_there_before_the_leaf_came_is_told_and_taken_back()
    {
        TestNode node = Start(Hub());
        TestClient literal = await node.SubscriberAsync("room.7.chat");
        using NatsServer leaf = await NatsServer.LeafAsync(node.Bus.LeafAddress!);
        await node.InStepAsync();
        using TestClient publisher = await TestClient.ConnectAsync(leaf.Address, ClientSettings.Default with { NoResponders = true });
        await publisher.SendAsync("PUB room.7.chat 2\r\nhi\r\n");
        Assert.Equal("hi", (await OneAsync(publisher, literal)).PayloadText);

        // Once nobody listens, the leaf itself says so: the node is not asked.
        await literal.SendAsync("UNSUB 1\r\n");
        await literal.FlushAsync();
        await Eventually.TrueAsync(() => IsUnheardAsync(publisher, "room.7.chat").GetAwaiter().GetResult());
        await leaf.KillAsync();
        await node.EndAsync(countsFiles: false);
    }

    [Fact]
    public async Task Two_leafs_hear_each_other_through_the_node_and_nobody_hears_himself_twice()
    {
        TestNode node = Start(Hub());
        using NatsServer one = await NatsServer.LeafAsync(node.Bus.LeafAddress!);
        using NatsServer two = await NatsServer.LeafAsync(node.Bus.LeafAddress!);
        await node.InStepAsync(2);
        using TestClient first = await SubscriberAsync(one.Address, "both.*");
        using TestClient second = await SubscriberAsync(two.Address, "both.>");
        await ReachAsync(first, second, "both.x");
        await ReachAsync(second, first, "both.x");
        first.TakeKept();
        second.TakeKept();
        await first.PublishAsync("both.y", "from one");
        Assert.Equal("from one", (await OneAsync(first, second)).PayloadText);
        Assert.Equal("from one", (await OneAsync(second, first)).PayloadText);

        // A leaf that goes takes its interest along: the other is told.
        await two.KillAsync();
        await node.WantedAsync("both.>", wanted: false);
        await Eventually.TrueAsync(() => node.AskLeafs(leafs => leafs.Table.Tenants.Single().Leafs.Texts) == 0);
        await one.KillAsync();
        await node.EndAsync(countsFiles: false);
    }

    [Fact]
    public async Task A_leaf_that_dies_and_comes_back_is_served_again()
    {
        TestNode node = Start(Hub());
        using NatsServer leaf = await NatsServer.LeafAsync(node.Bus.LeafAddress!);
        await node.InStepAsync();
        TestClient subscriber = await node.SubscriberAsync("again");
        for (int round = 0; round < 3; round++)
        {
            await leaf.KillAsync();
            await node.InStepAsync(0);
            await leaf.StartAsync();
            await node.InStepAsync();
            using TestClient publisher = await ConnectAsync(leaf.Address);
            await ReachAsync(publisher, subscriber, "again");
        }

        await leaf.KillAsync();
        await node.EndAsync(countsFiles: false);
    }
}
