using Causeway.Bus.Tests.Support;
using Xunit;
using static Causeway.Bus.Tests.Regions.Layout;

namespace Causeway.Bus.Tests.Regions;

/// <summary>Every message once and in the order of its publisher, within a region and between regions.</summary>
public sealed class OrderTests
{
    [Fact]
    public async Task Many_messages_of_one_publisher_come_once_and_in_order_at_other_nodes()
    {
        const int count = 100_000;
        const int batch = 1000;
        await using TestDeployment deployment = new();
        await RegionOfAsync(deployment, "a", 3);
        TestClient literal = await deployment["a1"].SubscriberAsync("order.one");
        TestClient pattern = await deployment["a2"].SubscriberAsync("order.>");
        await KnownAsync(deployment, "a0", "order.one", nodes: 2, regions: 0);
        TestClient publisher = await deployment["a0"].ConnectAsync();
        Task[] reading = [literal.ReadNumberedAsync(0, count), pattern.ReadNumberedAsync(0, count)];
        Wire wire = new();
        for (int number = 0; number < count; number += batch)
        {
            wire.Clear();
            for (int i = 0; i < batch; i++)
            {
                wire.AddNumbered("order.one", 1, number + i);
            }

            await publisher.SendAsync(wire.Bytes);
        }

        await Task.WhenAll(reading).InTimeAsync();
        foreach (TestClient subscriber in new[] { literal, pattern })
        {
            await subscriber.FlushAsync();
            Assert.Empty(subscriber.TakeKept());
        }

        await deployment.EndAsync();
    }

    [Fact]
    public async Task Publishers_in_three_regions_reach_readers_in_all_of_them_once_and_in_order()
    {
        await using TestDeployment deployment = new();
        await TwoRegionsAsync(deployment);
        await deployment.StartAsync("c0", "c", remotes: [("b", "b0")]);
        await LinkedAsync(deployment, "c0", "a", "b");
        await LinkedAsync(deployment, "b0", "a", "c");
        await LinkedAsync(deployment, "a1", "b", "c");
        string[] all = ["a0", "a1", "b0", "c0"];
        using RegionLoad load = await RegionLoad.StartAsync(deployment, ["a1", "b0", "c0"], all, async () =>
        {
            await KnownAsync(deployment, "a1", "load.0", nodes: 1, regions: 2);
            await KnownAsync(deployment, "b0", "load.0", nodes: 0, regions: 2);
            await KnownAsync(deployment, "c0", "load.0", nodes: 0, regions: 2);
        });
        await load.GoOnAsync(10_000);
        await load.EndAsync();
        Assert.All(all, name => Assert.Equal((0, 0), (deployment[name].Bus.Mesh!.Context.Forwarder.Unwanted, deployment[name].Bus.Mesh!.Context.Forwarder.Unroutable)));
        await deployment.EndAsync();
    }

    [Fact]
    public async Task Headers_cross_links_as_they_were()
    {
        const string headers = "NATS/1.0\r\nTrace: one\r\nTrace: two\r\n\r\n";
        await using TestDeployment deployment = new();
        await TwoRegionsAsync(deployment);
        TestClient near = await deployment["a1"].SubscriberAsync("with.headers");
        TestClient far = await deployment["b0"].SubscriberAsync("with.*");
        await KnownAsync(deployment, "a0", "with.headers", nodes: 1, regions: 1);
        TestClient publisher = await deployment["a0"].ConnectAsync();
        await publisher.SendAsync($"HPUB with.headers {headers.Length} {headers.Length + 4}\r\n{headers}body\r\n");
        foreach (TestClient subscriber in new[] { near, far })
        {
            Frame message = await subscriber.MessageAsync();
            Assert.Equal((headers, "body"), (System.Text.Encoding.UTF8.GetString(message.Headers), message.PayloadText));
        }

        await deployment.EndAsync();
    }
}
